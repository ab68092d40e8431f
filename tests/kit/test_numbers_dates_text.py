"""Numerals, dates and folding, as the engines use them."""

import pytest

from zhenggai.kit.chinese_numerals import format_chinese_number, parse_chinese_number
from zhenggai.kit.dates import find_dates, parse_date
from zhenggai.kit.text import bigrams, comparison_key, fold


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("四十", 40),
        ("十二", 12),
        ("一百零五", 105),
        ("二〇二五", 2025),
        ("两", 2),
        ("17", 17),
        ("一万二千", 12000),
        ("廿一", 21),
    ],
)
def test_numerals_are_read(words: str, value: int) -> None:
    assert parse_chinese_number(words) == value


def test_words_that_are_no_numeral_give_none() -> None:
    assert parse_chinese_number("问题") is None
    assert parse_chinese_number("") is None


def test_numerals_go_round() -> None:
    assert all(parse_chinese_number(format_chinese_number(value)) == value for value in range(1, 2000))


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024年3月7日", "2024-03-07"),
        ("2025年6月底前", "2025-06"),
        ("2025.6.30前", "2025-06-30"),
        ("2025-06-30", "2025-06-30"),
        ("二〇二五年一月十六日", "2025-01-16"),
        ("二○二四年十二月三十一日", "2024-12-31"),
        ("2024 年 3 月 7 日", "2024-03-07"),
        ("长期坚持", None),
        ("2024年2月30日", None),
    ],
)
def test_dates_are_read(text: str, iso: str | None) -> None:
    assert parse_date(text) == iso


def test_a_date_without_year_inherits_it() -> None:
    first, second = find_dates("2024年3月7日至5月10日")
    assert (first.iso(), second.iso(first.year)) == ("2024-03-07", "2024-05-10")


def test_folding_keeps_the_length_and_the_enclosed_numbers() -> None:
    text = "（一）關於“黨組”：①２０２４　⑴Ⅱ"
    assert fold(text) == "(一)关于“党组”:①2024 ⑴Ⅱ"
    assert len(fold(text)) == len(text)


def test_comparison_ignores_width_and_punctuation() -> None:
    assert comparison_key("落实“三个规定”不到位。") == comparison_key("落實「三個規定」不到位")
    assert bigrams("党组会") == ["党组", "组会"]
