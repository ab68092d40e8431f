"""Ledgers and forms, built as readers build them."""

from __future__ import annotations

from zhenggai.docparse.document import Block, Cell, Document, Table
from zhenggai.docparse.draft import Draft
from zhenggai.docparse.understand import understand

Grid = list[list[str | None]]


def _document(*tables: tuple[str, Grid]) -> Document:
    """Return a workbook; ``None`` continues the cell above, an empty string is an empty cell."""
    text = ""
    blocks = []
    for name, grid in tables:
        start = len(text)
        cells: list[Cell] = []
        for row, words in enumerate(grid):
            for column, word in enumerate(words):
                if word:
                    span = 1
                    while row + span < len(grid) and grid[row + span][column] is None:
                        span += 1
                    wide = len(words) if len([item for item in words if item]) == 1 and column == 0 else 1
                    cells.append(Cell(row, column, word, len(text), row_span=span, column_span=wide))
                    text += word
                text += "\t"
            text += "\n"
        table = Table(len(grid), max(len(row) for row in grid), tuple(cells), name)
        blocks.append(Block("table", text[start:].rstrip("\n"), start, table=table))
    return Document(text, tuple(blocks), "xlsx")


def _read(*tables: tuple[str, Grid]) -> Draft:
    return understand(_document(*tables))


HEAD: list[str | None] = ["序号", "方面", "反馈问题", "整改措施", "责任领导", "责任部门", "整改时限", "完成情况"]


def test_a_ledger_with_one_row_per_problem() -> None:
    grid: Grid = [
        ["示例市水务局巡察整改台账", "", "", "", "", "", "", ""],
        HEAD,
        [
            "1",
            "政治建设方面",
            "理论学习不深入",
            "1.制定学习计划\n2.组织研讨",
            "甲某",
            "办公室",
            "2025年6月底前",
            "已完成",
        ],
        ["2", None, "调研不扎实", "开展专题调研", "乙某", "研究室", "长期坚持", "正在整改"],
        ["合计", "", "", "", "", "", "", ""],
    ]
    draft = _read(("台账", grid))
    assert [finding.title for finding in draft.findings] == ["理论学习不深入", "调研不扎实"]
    assert [finding.aspect_index for finding in draft.findings] == [0, 0]
    assert [len(finding.measures) for finding in draft.findings] == [2, 1]
    assert [finding.deadline for finding in draft.findings] == ["2025-06", "长期坚持"]
    assert [finding.status for finding in draft.findings] == ["completed", "ongoing"]
    first = draft.findings[0].responsibility
    assert first is not None and (first.leader, first.department) == ("甲某", "办公室")
    assert (draft.family, draft.unit) == ("ledger", "示例市水务局")


def test_one_row_per_measure_keeps_who_and_when_with_the_measure() -> None:
    grid: Grid = [
        HEAD,
        ["1", "作风建设", "值班脱岗", "修订值班制度", "甲某", "办公室", "2025-03-31", ""],
        [None, None, None, "开展抽查", "乙某", "机关党委", "2025-05-31", ""],
        ["2", "作风建设", "会议偏多", "合并会议", "甲某", "办公室", "2025-04-30", ""],
    ]
    findings = _read(("台账", grid)).findings
    assert [len(finding.measures) for finding in findings] == [2, 1]
    assert [(m.leader, m.department, m.deadline) for m in findings[0].measures] == [
        ("甲某", "办公室", "2025-03-31"),
        ("乙某", "机关党委", "2025-05-31"),
    ]
    assert findings[1].measures[0].deadline == "2025-04-30"


def test_three_lists_of_the_same_problems_are_one() -> None:
    problems: Grid = [
        ["序号", "问题", "具体表现"],
        ["1", "绿地养护不到位", "苗木枯死"],
        ["2", "采购价格虚高", "高于市价"],
    ]
    tasks: Grid = [
        ["序号", "问题", "整改措施", "整改时限"],
        ["1", "绿地养护不到位", "补植苗木", "2025年4月"],
        ["2", "采购价格虚高", "实行询价", "立行立改"],
    ]
    duties: Grid = [
        ["序号", "问题", "责任领导", "责任人"],
        ["1", "绿地养护不到位", "甲某", "丙某"],
        ["2", "采购价格虚高", "乙某", "丁某"],
    ]
    findings = _read(("问题清单", problems), ("任务清单", tasks), ("责任清单", duties)).findings
    assert [finding.title for finding in findings] == ["绿地养护不到位", "采购价格虚高"]
    assert findings[0].measures[0].text == "补植苗木"
    assert findings[1].responsibility is not None and findings[1].responsibility.person == "丁某"


def test_a_form_holds_one_problem() -> None:
    grid: Grid = [
        ["反馈问题", "台账更新不及时"],
        ["整改措施", "1.明确专人\n2.每周核对"],
        ["责任领导", "甲某"],
        ["整改时限", "2025年3月31日"],
        ["整改状态", "已完成"],
    ]
    (finding,) = _read(("销号表", grid)).findings
    assert (finding.title, len(finding.measures), finding.deadline, finding.status) == (
        "台账更新不及时",
        2,
        "2025-03-31",
        "completed",
    )


def test_other_tables_hold_no_problems() -> None:
    grid: Grid = [["部门", "联系人", "电话"], ["办公室", "甲某", "0000-1234567"], ["人事科", "乙某", "0000-1234568"]]
    assert _read(("通讯录", grid)).findings == ()


def test_lists_that_name_problems_by_their_numbers_only() -> None:
    problems: Grid = [["编号", "存在问题"], ["1", "学习走过场"], ["２", "经费超标准"]]
    tasks: Grid = [
        ["问题编号", "整改措施", "整改时限"],
        ["1", "制定学习计划", "2025年7月31日前"],
        ["1", "建立学习通报制度", "长期坚持"],
        ["2", "清退超标准费用", "45930"],
    ]
    who: Grid = [
        ["序号", "责任领导", "责任科室", "责任人"],
        ["1", "陈建国", "办公室", "吴敏"],
        ["2", "赵勇", "财务科", "冯涛"],
    ]
    draft = _read(("问题清单", problems), ("任务清单", tasks), ("责任清单", who))
    first, second = draft.findings
    assert [(each.text, each.deadline) for each in first.measures] == [
        ("制定学习计划", "2025-07-31"), ("建立学习通报制度", "长期坚持"),
    ]  # fmt: skip
    assert first.responsibility is not None
    assert (first.responsibility.leader, first.responsibility.department) == ("陈建国", "办公室")
    assert second.responsibility is not None
    assert ([each.text for each in second.measures], second.deadline, second.responsibility.person) == (
        ["清退超标准费用"], "2025-09-30", "冯涛",
    )  # fmt: skip


def test_a_list_that_names_numbers_of_no_problem_is_left_alone() -> None:
    problems: Grid = [
        ["序号", "存在问题", "整改措施"],
        ["1", "学习走过场", "制定计划"],
        ["2", "经费超标准", "清退费用"],
    ]
    others: Grid = [["序号", "牵头领导", "完成时限"], ["1", "陈建国", "2025-07-31"], ["7", "赵勇", "2025-07-31"]]
    draft = _read(("问题清单", problems), ("会议安排", others))
    assert [(each.responsibility, each.deadline) for each in draft.findings] == [(None, None), (None, None)]
