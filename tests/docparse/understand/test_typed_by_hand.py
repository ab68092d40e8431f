"""Layouts that people make by hand: headings that share a line, breaks inside titles, cards, forgotten numbers."""

from __future__ import annotations

from tests.docparse.understand.variants import document_of
from zhenggai.docparse.document import Block, Cell, Document, Table
from zhenggai.docparse.draft import Draft
from zhenggai.docparse.understand import understand

_TITLE = "示例市园林局党组关于巡察整改进展情况的通报\n"


def _read(text: str) -> Draft:
    return understand(document_of(_TITLE + text))


def _titles(draft: Draft) -> list[str]:
    return [finding.title for finding in draft.findings]


def test_two_headings_on_one_line() -> None:
    draft = _read(
        "一、总体情况　（一）领导带头。召开动员会。\n"
        "二、问题整改情况　（一）政治建设方面　1.关于“学习不深入”的问题。以念代学。整改情况：（1）修订学习规则。（2）开展研讨3次。\n"
        "2.关于“研究不够”的问题。议题少。整改情况：（1）列入议题5个。\n"
        "（二）廉洁建设方面　3.关于“采购随意”的问题。没有比价。整改情况：（1）修订采购办法。（2）约谈2人。\n"
    )
    assert _titles(draft) == ["学习不深入", "研究不够", "采购随意"]
    assert [aspect.title for aspect in draft.aspects] == ["政治建设方面", "廉洁建设方面"]
    assert [len(finding.measures) for finding in draft.findings] == [2, 1, 2]
    assert not draft.anomalies


def test_line_breaks_inside_titles() -> None:
    lines = [
        "一、政治建设",
        "不够有力",
        "（一）关于“学习",
        "不深入”的问题",
        "以念代学。",
        "整改情况：一是修订规则。二是开展研讨3次。",
    ]
    texts = ["\n".join(lines[:2]), "\n".join(lines[2:4]), *lines[4:]]
    texts += ["（二）关于“阵地管理\n有漏洞”的问题", "审核不严。", "整改情况：一是落实三审。二是清理账号2个。"]
    texts.insert(0, _TITLE.strip())
    text = "\n".join(texts)
    blocks, at = [], 0
    for piece in texts:
        blocks.append(Block("paragraph", piece, at))
        at += len(piece) + 1
    draft = understand(Document(text, tuple(blocks), "docx"))
    assert _titles(draft) == ["学习不深入", "阵地管理有漏洞"]
    assert [aspect.title for aspect in draft.aspects] == ["政治建设不够有力"]
    assert not draft.anomalies


def test_a_quotation_that_never_closes_stays_reported() -> None:
    draft = _read(
        "1.关于“学习不深入的问题\n整改情况：修订规则，开展“三会一课”检查。\n2.关于“阵地管理有漏洞”的问题\n整改情况：清理账号2个。"
    )
    assert _titles(draft) == ["学习不深入", "阵地管理有漏洞"]
    assert [anomaly.kind for anomaly in draft.anomalies] == ["unbalanced_quotes"]


def test_status_in_brackets_before_the_title() -> None:
    draft = _read(
        "1.【已完成】关于“学习不深入”的问题。以念代学。\n整改进展：（1）修订规则。（2）开展研讨3次。\n"
        "2.（正在推进）关于“采购随意”的问题。没有比价。\n整改进展：（1）修订办法。（2）约谈2人。\n"
        "3.[长期坚持] 关于“文风不实”的问题。会议多。\n整改进展：（1）减少发文。（2）合并会议。"
    )
    assert _titles(draft) == ["学习不深入", "采购随意", "文风不实"]
    assert [finding.status for finding in draft.findings] == ["completed", "ongoing", "ongoing"]


def test_a_problem_whose_number_was_forgotten_stands_beside_its_neighbours() -> None:
    draft = _read(
        "（一）政治建设方面\n1.关于“学习不深入”的问题。以念代学。\n整改情况：（1）修订规则。（2）开展研讨3次。\n"
        "关于“研究不够”的问题。议题少。\n整改情况：（1）列入议题5个。（2）召开会议4次。\n"
        "2.关于“阵地管理有漏洞”的问题。审核不严。\n整改情况：（1）落实三审。\n"
        "（二）廉洁建设方面\n关于“采购随意”的问题。没有比价。\n整改情况：（1）修订办法。\n1.关于“监管乏力”的问题。检查少。\n整改情况：（1）开展检查。"
    )
    assert _titles(draft) == ["学习不深入", "研究不够", "阵地管理有漏洞", "采购随意", "监管乏力"]
    assert [finding.aspect_index for finding in draft.findings] == [0, 0, 0, 1, 1]


def test_cards_with_who_and_when_first() -> None:
    draft = _read(
        "一、政治建设抓得不实\n牵头领导：周广田\n责任人：彭素云\n整改时限：2024年3月31日前\n具体问题：1.学习不深入\n"
        "整改结果：（1）修订规则。\n（2）开展研讨3次。\n牵头领导：卫庆丰\n责任人：水春晖\n整改时限：2024年5月31日前\n"
        "具体问题：2.采购随意\n整改结果：（1）修订办法。\n（2）约谈2人。\n"
    )
    assert _titles(draft) == ["学习不深入", "采购随意"]
    assert [finding.no for finding in draft.findings] == ["1", "2"]
    assert [finding.responsibility and finding.responsibility.leader for finding in draft.findings] == [
        "周广田",
        "卫庆丰",
    ]
    assert [finding.deadline for finding in draft.findings] == ["2024-03-31", "2024-05-31"]
    assert [len(finding.measures) for finding in draft.findings] == [2, 2]


def test_cards_with_who_and_when_last() -> None:
    draft = _read(
        "具体问题：1.学习不深入\n整改结果：（1）修订规则。\n（2）开展研讨3次。\n牵头领导：周广田\n"
        "具体问题：2.采购随意\n整改结果：（1）修订办法。\n（2）约谈2人。\n牵头领导：卫庆丰\n"
    )
    assert _titles(draft) == ["学习不深入", "采购随意"]
    assert [finding.responsibility and finding.responsibility.leader for finding in draft.findings] == [
        "周广田",
        "卫庆丰",
    ]


def _with_tables(pieces: list[str | list[list[str]]]) -> Document:
    text, blocks = "", []
    for piece in pieces:
        start = len(text)
        if isinstance(piece, str):
            blocks.append(Block("paragraph", piece, start))
            text += piece + "\n"
            continue
        cells = []
        for row, values in enumerate(piece):
            for column, value in enumerate(values):
                cells.append(Cell(row, column, value, len(text)))
                text += value + "\t"
            text = text[:-1] + "\n"
        table = Table(len(piece), len(piece[0]), tuple(cells))
        blocks.append(Block("table", text[start:-1], start, table=table))
    return Document(text, tuple(blocks), "docx")


def test_a_table_of_measures_under_each_problem() -> None:
    header = ["序号", "整改措施", "责任领导", "完成时限"]
    draft = understand(
        _with_tables(
            [
                _TITLE.strip(),
                "1.关于“学习不深入”的问题",
                "以念代学。",
                [
                    header,
                    ["1", "修订规则。", "谢怀义", "2024年8月31日"],
                    ["2", "开展研讨3次。", "金立民", "2024年9月30日"],
                ],
                "2.关于“采购随意”的问题",
                "没有比价。",
                [header, ["1", "修订办法。", "郑海澜", "2024年7月31日"]],
            ]
        )
    )
    assert _titles(draft) == ["学习不深入", "采购随意"]
    first = draft.findings[0].measures
    assert [(item.text, item.leader, item.deadline) for item in first] == [
        ("修订规则。", "谢怀义", "2024-08-31"),
        ("开展研讨3次。", "金立民", "2024-09-30"),
    ]
    assert len(draft.findings[1].measures) == 1


def test_a_heading_over_a_ledger_is_no_problem_however_it_sounds() -> None:
    header = ["序号", "反馈问题", "整改措施"]
    draft = understand(
        _with_tables(
            [
                _TITLE.strip(),
                "（一）政治责任履行不到位",
                [header, ["1", "学习不深入", "修订规则。"], ["2", "研究不够", "列入议题。"]],
                "（二）廉洁风险防控不力",
                [header, ["3", "采购随意", "修订办法。"], ["4", "监管乏力", "开展检查。"]],
            ]
        )
    )
    assert _titles(draft) == ["学习不深入", "研究不够", "采购随意", "监管乏力"]
    assert [aspect.title for aspect in draft.aspects] == ["政治责任履行不到位", "廉洁风险防控不力"]


def test_columns_named_in_unheard_words() -> None:
    draft = understand(
        _with_tables(
            [
                "示例镇巡察整改任务表",
                [
                    ["序号", "问题内容", "整改任务", "挂钩领导", "落实单位", "办结期限", "完成程度"],
                    ["1", "学习不深入", "修订规则。", "王一山", "党政办", "2024年8月31日", "已完成"],
                    ["2", "采购随意", "修订办法。", "李二水", "财政所", "2024年9月30日", "正在整改"],
                    ["填表说明：逾期的另附说明。", "", "", "", "", "", ""],
                ],
            ]
        )
    )
    assert _titles(draft) == ["学习不深入", "采购随意"]
    first = draft.findings[0]
    assert first.responsibility is not None
    assert (first.responsibility.leader, first.responsibility.unit) == ("王一山", "党政办")
    assert (first.deadline, first.status, len(first.measures)) == ("2024-08-31", "completed", 1)


def test_a_status_in_brackets_apart_from_any_sentence() -> None:
    draft = _read(
        "示例市审计局关于审计查出问题整改情况的报告\n一、预算管理方面\n"
        "1、预算编制不细化。整改情况：市财政局将5个项目细化到单位。【已整改】\n"
        "2、专项资金闲置。整改情况：【正在整改】市农业农村局已支出资金150万元。\n"
        "3、作风建设抓得不紧。整改情况：开展作风整顿，约谈12人。（基本完成，完成时限：2025年12月31日）\n"
        "4、台账不全。整改情况：（1）补建台账（已完成）；（2）修订办法（正在整改）。\n"
        "5、车辆闲置。整改情况：处置车辆12辆（已完成8辆）。\n"
    )
    assert [finding.status for finding in draft.findings] == ["completed", "ongoing", "phased", None, None]


def test_cards_numbered_with_letters() -> None:
    draft = _read(
        "示例市生态环境保护督察反馈问题整改任务清单\n"
        + "".join(
            f"序号：A-0{number}\n问题描述：{words}\n责任单位：市生态环境局\n整改时限：2025年12月31日\n整改措施：\n1.实施改造；\n2.加强监测。\n"
            for number, words in ((1, "污水处理厂超标排放"), (2, "建筑垃圾乱堆乱放"))
        )
    )
    assert _titles(draft) == ["污水处理厂超标排放", "建筑垃圾乱堆乱放"]
