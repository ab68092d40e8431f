"""Quantities: what is one, and what it says."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhenggai.figures import read_quantities

READ = (
    ("全年办结信访件20件", [("20", "件", "")]),
    ("起诉案件55件141人", [("55", "件", ""), ("141", "人", "")]),
    ("提出纠正46件次", [("46", "件次", "")]),
    ("举办培训班二十期", [("20", "期", "")]),
    ("登记农户一万二千户", [("12000", "户", "")]),
    ("接受培训2500余人", [("2500", "人", "余")]),
    ("张贴1万余张", [("10000", "张", "余")]),
    ("走访3千余户", [("3000", "户", "余")]),
    ("收回资金202.6万元", [("202.6", "万元", "")]),
    ("投资1,234.5万元", [("1234.5", "万元", "")]),
    ("办理３６件", [("36", "件", "")]),
    ("占百分之八十五", [("85", "%", "")]),
    ("超过60%", [("60", "%", "超过")]),
    ("抽查10—15件", [("10", "件", "")]),
    ("下降约15个百分点", [("15", "个百分点", "约")]),
    ("是上年的2.5倍", [("2.5", "倍", "")]),
    ("分别为12、15和20件", [("12", "件", ""), ("15", "件", ""), ("20", "件", "")]),
    ("节约3万元", [("3", "万元", "")]),
    ("35人以上", [("35", "人", "以上")]),
    ("办结 16 件", [("16", "件", "")]),
)
NONE = (
    "示检发〔2024〕3号", "根据第三条第2款", "（1）加强学习", "1.关于学习", "2024年", "2024年3月7日", "电话0531-88123456",
    "邮政编码250001", "身份证号370102199001011234", "在地铁1至6号线", "衷心拥护“两个确立”", "落实“三个规定”", "增强四个意识", "推进“四大检察”", "拨打12345热线",
    "型号为GB3100", "示例邮箱abc123@example.com", "十分重视", "一些单位", "《关于10起典型案例的通报》", "数十件", "8月份",
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ, ids=[text for text, _ in READ])
def test_a_quantity_is_read(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = read_quantities(text)
    assert [(item.value, item.unit, item.qualifier) for item in found] == [
        (Decimal(value), unit, qualifier) for value, unit, qualifier in expected
    ]
    for item in found:
        assert text[slice(*item.span)] == item.text


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_quantity_is_not_read(text: str) -> None:
    assert read_quantities(text) == ()


def test_a_range_a_fraction_and_where_a_figure_belongs() -> None:
    (spread,) = read_quantities("抽查10—15件")
    assert (spread.value, spread.upper) == (10, 15)
    (third,) = read_quantities("占三分之一")
    assert (third.unit, round(third.value, 3)) == ("分之", Decimal("0.333"))
    (case,) = read_quantities("2024年，全市共受理信访件120件")
    assert (case.period, case.scope, case.subject) == ("2024年", "全市", "信访件")
