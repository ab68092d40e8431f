"""A sheet as a ledger: heads found, types with their reasons, keys, and a declaration that the packs accept."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from zhenggai.packs.checking import check
from zhenggai.packs.declarations import FieldType
from zhenggai.packs.heads import Cell, find_heads, is_data
from zhenggai.packs.loading import load, office_folders
from zhenggai.packs.proposing import as_yaml, propose


def aid_sheet() -> list[list[Cell]]:
    """A title, two rows of heads, thirty rows with one date in words, and a total."""
    rows: list[list[Cell]] = [
        ["救助案件登记表", None, None, None, None, None, None, None, None],
        ["序号", "案件编号", "申请人", "救助情况", None, "受理日期", "是否结案", "联系电话", "办结率"],
        [None, None, None, "金额（元）", "方式", None, None, None, None],
    ]
    for number in range(30):
        day: Cell = "2024年3月6日" if number == 7 else datetime.date(2024, 1, 1 + number % 28)
        rows.append(
            [number + 1.0, f"示检救〔2024〕{number + 1}号", f"张{number}", None if number == 3 else 2000.5 + number,
             ["资金", "心理、资金", "就业", "心理"][number % 4], day, "是" if number % 2 else "否", f"138000{number:05}",
             f"{number}.5%"]
        )  # fmt: skip
    rows.append(["合计", None, None, 60_000.0, None, None, None, None, None])
    return rows


def test_a_sheet_becomes_fields_with_reasons() -> None:
    proposal = propose(aid_sheet(), name="Sheet1", known={"案件编号": "case_no"})
    assert (proposal.label, proposal.head_rows, proposal.first_row, proposal.rows) == ("救助案件登记表", (1, 2), 3, 30)
    assert {each.label: each.type for each in proposal.fields} == {
        "序号": FieldType.INTEGER, "案件编号": FieldType.TEXT, "申请人": FieldType.TEXT, "金额": FieldType.MONEY,
        "方式": FieldType.CHOICES, "受理日期": FieldType.DATE, "是否结案": FieldType.BOOLEAN, "联系电话": FieldType.TEXT,
        "办结率": FieldType.PERCENT,
    }  # fmt: skip
    by_label = {each.label: each for each in proposal.fields}
    assert not by_label["序号"].keep
    assert proposal.key == ("case_no",)
    assert proposal.date == by_label["受理日期"].code
    assert set(by_label["方式"].values) == {"资金", "心理", "就业"}
    assert (by_label["申请人"].personal, by_label["联系电话"].personal) == ("name", "phone")
    assert by_label["案件编号"].required and by_label["案件编号"].unique
    assert not by_label["金额"].required
    assert all(each.reason for each in proposal.fields)


def test_the_declaration_written_for_it_has_no_mistakes(tmp_path: Path) -> None:
    proposal = propose(aid_sheet(), name="Sheet1")
    own = tmp_path / "packs" / "own"
    for name, text in {**as_yaml(proposal, code="aid"), "pack.yaml": "pack: own\nlabel: 本院\n"}.items():
        (own / name).parent.mkdir(parents=True, exist_ok=True)
        (own / name).write_text(text, encoding="utf-8")
    declared = load(office_folders(tmp_path))
    assert [str(problem) for problem in declared.problems + check(declared)] == []
    assert [each.label for each in declared.ledgers["aid"].fields] == [
        "案件编号", "申请人", "金额", "方式", "受理日期", "是否结案", "联系电话", "办结率",
    ]  # fmt: skip


def column(head: str, *cells: Cell) -> tuple[FieldType, int]:
    """Return the type proposed for a column, and how many cells do not fit it."""
    grid: list[list[Cell]] = [["编号", head], *([f"A{number}", cell] for number, cell in enumerate(cells))]
    found = propose(grid, name="x").fields[1]
    return found.type, found.odd_count


@pytest.mark.parametrize(
    ("head", "cells", "type"),
    [
        ("受案时间", [45292.0, 45293.0, 45294.0, 45295.0], FieldType.DATE),  # serial days
        ("人数", [45292.0, 3.0, 4.0], FieldType.INTEGER),
        ("人数", ["3", "1,204", "12"], FieldType.INTEGER),
        ("罚金（万元）", [1.5, 2.0, 3.25], FieldType.DECIMAL),
        ("案款金额", [1500.0, 2000.0, 3.25], FieldType.MONEY),
        ("占比", [0.25, 0.5, 0.75], FieldType.PERCENT),
        ("证件号", ["007", "008", "009"], FieldType.TEXT),
        ("编码", [1001.0, 1002.0, 1003.0], FieldType.TEXT),
        ("备注", ["一" * 60, "二" * 80, None, "三" * 70], FieldType.LONG_TEXT),
        ("罪名", ["盗窃罪", "诈骗罪"] * 6, FieldType.CHOICE),
        ("承办人", ["张三", "李四", "王五", "赵六"], FieldType.TEXT),
        ("开庭时间", [datetime.datetime(2024, 5, 6, 9, 30), datetime.datetime(2024, 5, 7, 14, 0)], FieldType.DATETIME),
        ("有无异议", ["有", "无", "有", "无", "无"], FieldType.BOOLEAN),
    ],
)
def test_types_follow_values_and_heads(head: str, cells: list[Cell], type: FieldType) -> None:
    assert column(head, *cells) == (type, 0)


def test_values_that_do_not_fit_are_shown() -> None:
    days: list[Cell] = [datetime.date(2024, 1, 1 + day % 28) for day in range(60)]
    assert column("立案日期", *days, "待定") == (FieldType.DATE, 1)


def test_without_heads_columns_are_numbered_and_the_clerk_is_told() -> None:
    proposal = propose([[1.0, 2.0], [3.0, 4.0]], name="x")
    assert proposal.head_rows == ()
    assert [each.label for each in proposal.fields] == ["第1列", "第2列"]
    assert any("表头" in note for note in proposal.notes)


def test_two_fields_together_tell_rows_apart_when_none_does_alone() -> None:
    grid: list[list[Cell]] = [["案号", "开庭日期", "地点"]]
    grid += [[f"A{number // 2}", datetime.date(2024, 1, 1 + number), "一庭"] for number in range(10)]
    proposal = propose(grid, name="x")
    assert len(proposal.key) == 2


def test_same_heads_under_two_groups_stay_apart() -> None:
    grid: list[list[Cell]] = [["资产", "期初", None, "期末", None], [None, "数量", "金额", "数量", "金额"]]
    grid += [[f"设备{number}", number + 1, 100.5, number + 2, 90.5] for number in range(5)]
    assert [each.label for each in propose(grid, name="x").fields] == [
        "资产",
        "期初数量",
        "期初金额",
        "期末数量",
        "期末金额",
    ]


@pytest.mark.parametrize("grid", [[], [[]], [[None]], [["人数", "日期"]]])
def test_next_to_nothing_is_no_error(grid: list[list[Cell]]) -> None:
    proposal = propose(grid, name="空表")
    assert proposal.rows == 0
    assert find_heads(grid) in ((), (0,))


def test_a_head_that_says_what_a_column_holds_outweighs_few_different_values_and_odd_ones() -> None:
    days: list[Cell] = ["2026年3月5日", "二〇二六年三月八日", "2026/3/9", "3月12日"]
    rows: list[list[Cell]] = [["走访登记表（2026年度）", None, None], ["企业", "走访日期", "金额（万元）"]]
    rows += [[f"甲{n}", days[n % 4], [1.5, "2,300.5", "约三万", 3.0][n % 4]] for n in range(24)]
    proposal = propose(rows, name="Sheet1")
    by_label = {each.label: each for each in proposal.fields}
    assert proposal.label == "走访登记表（2026年度）"
    assert (by_label["走访日期"].type, by_label["走访日期"].odd_count) == (FieldType.DATE, 6)
    assert (by_label["金额"].type, by_label["金额"].unit) == (FieldType.DECIMAL, "万元")
    assert proposal.date == by_label["走访日期"].code
    assert "“走访日期”有6个值不合类型，例如“3月12日”。" in proposal.notes


def test_a_column_of_departments_that_the_office_has_refers_to_them() -> None:
    grid: list[list[Cell]] = [["案号", "承办部门", "案由"]]
    grid += [[f"示检{n}号", "公诉部" if n % 2 else "计财处", "盗窃"] for n in range(8)]
    units, departments = {"示例市人民检察院"}, {"公诉部", "计财处", "办公室"}
    names = {FieldType.UNIT: units.__contains__, FieldType.DEPARTMENT: departments.__contains__}
    kinds = {field.label: field.type for field in propose(grid, name="表", names=names).fields}
    assert kinds == {"案号": FieldType.TEXT, "承办部门": FieldType.DEPARTMENT, "案由": FieldType.CHOICE}
    assert propose(grid, name="表").fields[1].type == FieldType.CHOICE


def test_rows_of_totals_and_remarks_are_no_data_and_rows_that_only_sound_like_them_are() -> None:
    empty: list[Cell] = [None] * 4
    for words in (
        "合 计",
        "小计",
        "本年累计",
        "总计（元）",
        "合计：35件",
        "共计35人",
        "注：1.本表按月填报。",
        "填表人：甲某　审核人：乙某",
    ):
        assert not is_data([words, *empty]), words
    for row in (
        ["累计投入不足", "甲部", 3, 4, 5],
        ["1", "共计较少的问题", "甲部", 2, 3],
        ["备注：甲", "乙", "丙", "丁", "戊"],
    ):
        assert is_data(row), row


def test_columns_as_offices_fill_them() -> None:
    grid: list[list[Cell]] = [
        ["附件2", *[None] * 9], ["线索台账", *[None] * 9], ["填报单位：示例市人民检察院", *[None] * 9],
        ["线索编号", "发现日期", "修复费用", "面积（亩）", "登记时间", "承办人", "反映内容", "备注", "进度", "启用"],
    ]  # fmt: skip
    days = ["20240307", "2024.3.5", "45361", "2024年3月6日"]
    moments = ["2024-03-05 14:30", "2024年3月5日14时30分", "2024-03-05T14:30:00+08:00"]
    for number in range(12):
        grid.append([
            f"线{number}", days[number % 4], ["3万元", "￥1,234.5", "980"][number % 3], f"{number}.5亩", moments[number % 3],
            ["金鸣", "姚望"][number % 2], ["反映“停车难”，\n请求解决", "没有答复。"][number % 2], "换电池" if number == 3 else None,
            number / 12, ["TRUE", "FALSE"][number % 2],
        ])  # fmt: skip
    proposal = propose(grid, name="Sheet1")
    assert proposal.label == "线索台账"
    found = {each.label: (each.type, each.unit, each.odd_count) for each in proposal.fields}
    assert found == {
        "线索编号": (FieldType.TEXT, None, 0), "发现日期": (FieldType.DATE, None, 0), "修复费用": (FieldType.MONEY, "元", 0),
        "面积": (FieldType.DECIMAL, "亩", 0), "登记时间": (FieldType.DATETIME, None, 0), "承办人": (FieldType.TEXT, None, 0),
        "反映内容": (FieldType.LONG_TEXT, None, 0), "备注": (FieldType.TEXT, None, 0), "进度": (FieldType.DECIMAL, None, 0),
        "启用": (FieldType.BOOLEAN, None, 0),
    }  # fmt: skip


def test_shares_that_may_mean_the_hundredfold_are_pointed_out() -> None:
    grid: list[list[Cell]] = [["编号", "办结率"], *[[f"示{number}", 0.08] for number in range(6)]]
    assert any("0.08%" in note for note in propose(grid, name="表").notes)
    grid = [["编号", "办结率"], *[[f"示{number}", "0.08%"] for number in range(6)]]
    assert not any("0.08%" in note for note in propose(grid, name="表").notes)


def test_an_empty_form_is_read_by_its_heads() -> None:
    proposal = propose(
        [["序号", "案号", "受理日期", "金额（万元）", "是否办结", "当事人", "备注", "办结率"]], name="表"
    )
    assert [(each.label, each.type, each.keep) for each in proposal.fields] == [
        ("序号", FieldType.INTEGER, False), ("案号", FieldType.TEXT, True), ("受理日期", FieldType.DATE, True),
        ("金额", FieldType.DECIMAL, True), ("是否办结", FieldType.BOOLEAN, True), ("当事人", FieldType.TEXT, True),
        ("备注", FieldType.LONG_TEXT, True), ("办结率", FieldType.PERCENT, True),
    ]  # fmt: skip


def test_heads_of_three_rows() -> None:
    grid: list[list[Cell]] = [
        ["评查情况", *[None] * 7],
        ["案号", "承办人", "评查情况", None, None, None, "整改", None],
        [None, None, "等次", "问题类型", None, None, "时限", "结果"],
        [None, None, None, "实体", "程序", "文书", None, None],
        *[[f"示检〔2024〕{n}号", "霍正平", "合格", n, n + 1, n + 2, f"2024.{n + 1}.1", "已改"] for n in range(6)],
    ]
    proposal = propose(grid, name="表")
    assert (proposal.head_rows, proposal.rows) == ((1, 2, 3), 6)
    assert [each.label for each in proposal.fields] == [
        "案号",
        "承办人",
        "等次",
        "实体",
        "程序",
        "文书",
        "时限",
        "结果",
    ]
