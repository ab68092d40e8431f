"""Numbers that lead to a person are told by form and check digit, in running text and alone in a cell."""

from __future__ import annotations

import pytest

from zhenggai.kit.personal_numbers import NumberKind, find_personal_numbers, has_check_digit, is_personal_number

FOUND = [
    ("身份证号430102199003072519的人员", NumberKind.IDENTITY_NO, "430102199003072519"),
    ("身份证号43010219900307251x。", NumberKind.IDENTITY_NO, "43010219900307251x"),
    ("卡号6222021234567890128转账", NumberKind.BANK_CARD, "6222021234567890128"),
    ("联系+86 138-1234-5678核实", NumberKind.PHONE, "+86 138-1234-5678"),
    ("联系１３８１２３４５６７８核实", NumberKind.PHONE, "１３８１２３４５６７８"),
    ("请拨0731—88001234", NumberKind.PHONE, "0731—88001234"),
]


@pytest.mark.parametrize(("text", "kind", "quote"), FOUND)
def test_numbers_are_found_in_running_text(text: str, kind: NumberKind, quote: str) -> None:
    assert [(each, text[start:end]) for each, start, end in find_personal_numbers(text)] == [(kind, quote)]


@pytest.mark.parametrize(
    "text",
    [
        "编号430102199013072519",
        "编号993102199002302519",
        "追缴资金30000000元",
        "卷宗号6222021234567890127",
        "A13812345678",
        "号1381234567890",
        "073188001234",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    """A month 13, a province 99 with a day that does not exist, a wrong card digit, letters or digits beside."""
    assert list(find_personal_numbers(text)) == []


def test_a_cell_is_one_number() -> None:
    assert is_personal_number(" 073188001234 ", NumberKind.PHONE)
    assert is_personal_number("13812345678", NumberKind.PHONE)
    assert is_personal_number("430102199003072519", NumberKind.IDENTITY_NO)
    assert not is_personal_number("联系13812345678", NumberKind.PHONE)
    assert not is_personal_number("20240101000112345X", NumberKind.IDENTITY_NO)


def test_the_check_digit_tells_a_mistyped_identity_number() -> None:
    """The example of the standard, then with two digits swapped."""
    assert has_check_digit("11010519491231002X") and has_check_digit("11010519491231002x")
    assert not has_check_digit("11010519491213002X") and not has_check_digit("1101051949123100")
