"""The schemes and formulas that ship, and their arithmetic."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhenggai.oversight.errors import BadScheme
from zhenggai.oversight.satisfaction import compute, parse_formula, shipped_formulas
from zhenggai.oversight.scoring import grade_of, parse_scheme, score, shipped_schemes, shipped_values
from zhenggai.oversight.sheets import mask_name, sheet_lines
from zhenggai.oversight.wording import ToldFinding, fill, shipped_wordings, short_word
from zhenggai.policy.profile import LETTERS

SCHEMES = {scheme.code: scheme for scheme in shipped_schemes()}
SHARE, WEIGHTED = shipped_formulas()


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=lambda scheme: scheme.code)
def test_each_shipped_scheme_is_full_at_a_hundred(scheme: object) -> None:
    assert scheme.base == 100  # type: ignore[attr-defined]
    assert scheme.note  # type: ignore[attr-defined]


def test_deductions_of_several_judges_are_averaged() -> None:
    scheme = SCHEMES["deduction_five"]
    sheets = [{"tasks": Decimal(10), "deploy": Decimal("2.5")}, {"tasks": Decimal(5)}, {}]
    sums = score(scheme, sheets)
    assert sums.by_judge == (Decimal("87.50"), Decimal("95.00"), Decimal("100.00"))
    assert sums.total == Decimal("94.17")
    assert sums.grade == "好"
    assert sums.by_item["tasks"] == Decimal(25)


def test_awards_and_a_bonus_add_up() -> None:
    scheme = SCHEMES["award_five"]
    full = {item.code: item.most for item in scheme.items}
    assert score(scheme, [full]).total == Decimal("105.00")
    assert score(scheme, [{}]).total == Decimal("0.00")
    assert score(scheme, [full]).grade == ""


@pytest.mark.parametrize(("contradictions", "vetoed"), [(0, False), (4, False), (5, True), (9, True)])
def test_a_report_that_contradicts_the_facts_often_scores_nothing(contradictions: int, vetoed: bool) -> None:
    scheme = SCHEMES["award_five"]
    sums = score(scheme, [{item.code: item.most for item in scheme.items}], contradictions)
    assert sums.is_vetoed == vetoed
    assert (sums.total == 0) == vetoed
    assert not score(SCHEMES["deduction_four"], [{}], contradictions).is_vetoed


@pytest.mark.parametrize(
    ("total", "grade"), [("90", "优秀"), ("89.99", "较好"), ("60", "一般"), ("59.99", "差"), ("0", "差")]
)
def test_a_grade_begins_at_its_score(total: str, grade: str) -> None:
    assert grade_of(SCHEMES["award_four"], Decimal(total)) == grade


def test_a_scheme_that_cannot_be_used_is_refused() -> None:
    good = shipped_values("award_six")
    assert good is not None
    for broken in (
        {**good, "mode": "guess"},
        {**good, "parts": []},
        {**good, "grades": [{"name": "差", "from": 0}, {"name": "好", "from": 90}]},
    ):
        with pytest.raises(BadScheme):
            parse_scheme(broken)
    with pytest.raises(BadScheme):
        parse_scheme({"code": "x"})
    with pytest.raises(BadScheme):
        parse_formula({"code": "x"})


def test_the_share_of_the_satisfied_is_shown_with_its_sum() -> None:
    result = compute(
        SHARE, {"satisfied": 40, "basically_satisfied": 5, "dissatisfied": 3, "unsure": 2}, issued=60, returned=51
    )
    assert result.percent == Decimal("90.00")
    assert result.arithmetic == "(40 + 5) ÷ 50 = 90.00%"
    assert result.returned_percent == Decimal("85.00")
    assert result.is_valid


def test_the_weighted_rate_divides_by_the_best_answer() -> None:
    result = compute(WEIGHTED, {"excellent": 10, "good": 6, "fair": 2, "poor": 1, "bad": 1}, issued=20, returned=20)
    assert result.percent == Decimal("85.83")
    assert result.arithmetic == "(10×90 + 6×75 + 2×60 + 1×45 + 1×30) ÷ (20×90) = 85.83%"
    assert compute(WEIGHTED, {"excellent": 7}, issued=7, returned=7).percent == 100


def test_undefined_stays_undefined() -> None:
    for formula in (SHARE, WEIGHTED):
        result = compute(formula, {}, issued=10, returned=0)
        assert result.percent is None
        assert "=" not in result.arithmetic
        assert not result.is_valid
        assert compute(formula, {}, issued=0, returned=0).returned_percent is None


def test_too_few_sheets_make_no_survey() -> None:
    few = compute(SHARE, {"satisfied": 4}, issued=4, returned=4)
    assert few.too_few_valid
    assert not few.is_valid
    back = compute(SHARE, {"satisfied": 59}, issued=100, returned=59)
    assert back.too_few_returned
    assert not back.is_valid


def test_each_kind_of_letter_has_a_wording_and_each_check_a_sheet() -> None:
    assert tuple(shipped_wordings()) == LETTERS
    assert sheet_lines("look_back")
    assert sheet_lines("spot_check")
    with pytest.raises(BadScheme):
        sheet_lines("none")
    with pytest.raises(BadScheme):
        fill("{unknown}", {})
    assert ToldFinding("题", None, 0, "", "").leader == ""


@pytest.mark.parametrize(
    ("name", "short", "word"),
    [
        ("示例市人民检察院", "", "示例"),
        ("青禾区人民检察院", "", "青禾"),
        ("示例市人民检察院", "示检", "示检"),
        ("机关", "", "机关"),
    ],
)
def test_papers_are_numbered_by_a_short_word(name: str, short: str, word: str) -> None:
    assert short_word(name, short) == word


def test_a_masked_name_shows_its_first_sign() -> None:
    assert [mask_name(name) for name in ("王小明", "李四", "赵", "")] == ["王＊＊", "李＊", "赵＊", ""]
