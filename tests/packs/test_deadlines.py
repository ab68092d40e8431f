"""The table of statutory limits as shipped, and what an office's own file may say."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from zhenggai.kit.time_counting import count
from zhenggai.kit.time_limits import Custody, Span, Unit
from zhenggai.kit.time_warnings import warning_days
from zhenggai.kit.workdays import WorkCalendar
from zhenggai.packs import deadlines
from zhenggai.packs.loading import Folder, office_folders, shipped_folders

PLAIN = WorkCalendar({}, frozenset(range(1990, 2100)))
SHIPPED = deadlines.shipped()

CODES = [
    *(f"CR{n:02d}" for n in range(1, 40)),
    *(f"CV{n:02d}" for n in range(1, 10)),
    *(f"AD{n:02d}" for n in range(1, 5)),
    *(f"PI{n:02d}" for n in range(1, 8)),
    *(f"JY{n:02d}" for n in range(1, 6)),
    *(f"RV{n:02d}" for n in range(1, 4)),
    *(f"LT{n:02d}" for n in range(1, 14)),
]
"""Every matter of the table, whole or in parts."""


@pytest.mark.parametrize("code", CODES)
def test_every_matter_is_there_and_computes(code: str) -> None:
    parts = [each for each in SHIPPED.limits if re.fullmatch(rf"{code}(-\d+)?", each)]
    assert parts or any(re.fullmatch(rf"{code}(-\d+)?", each) for each in SHIPPED.undated)
    for part in parts:
        limit = SHIPPED.limits[part]
        starts = [date(2024, 1, 31), date(2026, 2, 13), datetime(2026, 3, 2, 9)][: 2 + (limit.span.unit is Unit.HOUR)]
        for start in starts:
            for variant in (None, *(each.name for each in limit.variants)):
                given = [(each.code, each.span or Span(1, Unit.MONTH)) for each in limit.extensions]
                found = count(limit, start, calendar=PLAIN, variant=variant, extensions=given)
                assert found.steps and (found.due_on < start) == limit.backward
                for scheme in SHIPPED.schemes.values():
                    warning_days(scheme, found)


def test_the_shipped_files_are_sound_and_every_verified_limit_names_its_article() -> None:
    assert SHIPPED.problems == []
    assert all(limit.basis for limit in SHIPPED.limits.values() if limit.verified)
    assert all(limit.parameter("amount") for limit in SHIPPED.limits.values() if not limit.verified)
    doubtful = {code for code, limit in SHIPPED.limits.items() if not limit.verified}
    assert doubtful == {"RV03", "LT06-1", "LT06-2", "LT12-1", "LT12-2"}


@pytest.mark.parametrize(
    ("code", "start", "asked", "due"),
    [
        ("CR01", date(2026, 2, 7), {}, date(2026, 2, 14)),
        ("CR02", date(2026, 3, 2), {"variant": "重大复杂"}, date(2026, 3, 23)),  # the 22nd is a Sunday
        ("CR06", date(2026, 1, 31), {"custody": True}, date(2026, 2, 28)),
        ("CR06", date(2026, 1, 31), {"custody": True, "extensions": 1}, date(2026, 3, 15)),
        ("CR12", date(2025, 12, 31), {"extensions": 3}, date(2026, 7, 31)),
        ("CR13", date(2026, 3, 31), {}, date(2026, 3, 24)),
        ("CR14-1", date(2024, 2, 29), {}, date(2025, 2, 28)),
        ("CR21", date(2026, 3, 2), {"variant": "裁定"}, date(2026, 3, 9)),  # the 7th is a Saturday
        ("PI01", date(2026, 3, 2), {"variant": "紧急"}, date(2026, 3, 17)),
        ("LT01", date(2026, 3, 2), {"parameters": {"unit": "workday"}}, date(2026, 3, 11)),
        ("LT04-2", date(2026, 3, 2), {}, date(2026, 3, 9)),
    ],
)
def test_days_worked_by_hand(code: str, start: date, asked: dict[str, object], due: date) -> None:
    assert count(SHIPPED.limits[code], start, calendar=PLAIN, **asked).due_on == due  # type: ignore[arg-type]


def test_schemes_warn_on_their_days() -> None:
    counted = count(SHIPPED.limits["CR06"], date(2026, 3, 2), calendar=PLAIN)
    assert (counted.due_on, counted.length) == (date(2026, 4, 2), 31)
    platform = warning_days(SHIPPED.schemes["platform"], counted)
    assert [(each.day, each.severity) for each in platform] == [
        (date(2026, 3, 26), "yellow"),
        (date(2026, 3, 27), "yellow"),
        (date(2026, 3, 30), "yellow"),
        (date(2026, 4, 1), "orange"),
        (date(2026, 4, 3), "red"),
    ]
    assert [each.days for each in warning_days(SHIPPED.schemes["five_and_two"], counted)] == [5]
    short = count(SHIPPED.limits["CR15"], date(2026, 3, 2), calendar=PLAIN)
    assert [each.days for each in warning_days(SHIPPED.schemes["seven"], short)] == []
    bail = count(SHIPPED.limits["CR14-1"], date(2026, 1, 15), calendar=PLAIN)
    assert len(warning_days(SHIPPED.schemes["bail_month_ends"], bail)) == 13


def office(home: Path, text: str) -> deadlines.Deadlines:
    """Return what holds for an office with this file."""
    folder = home / "packs" / "own"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text("pack: own\nlabel: 本院", encoding="utf-8")
    (folder / "deadlines.yaml").write_text(text, encoding="utf-8")
    return deadlines.in_force(home)


def test_an_office_sets_parameters_and_adds_its_own(tmp_path: Path) -> None:
    found = office(
        tmp_path,
        """
set: {LT01: {unit: workday}, RV03: {amount: 5}}
groups:
- group: 本院规定
  counting: general
  limits:
  - {code: ZG01, matter: 信息报送, span: 3 个工作日, event: 收到通知, verified: false}
  - {code: CV07, matter: 中止审查后的回访, span: 3 个月, event: 中止审查, verified: false}
""",
    )
    assert found.problems == []
    assert found.limits["LT01"].span == Span(7, Unit.WORKDAY) and found.limits["RV03"].span.amount == 5
    assert found.limits["ZG01"].group == "本院规定" and "CV07" in found.limits and "CV07" not in found.undated
    said = count(found.limits["RV03"], date(2026, 3, 2), calendar=PLAIN)
    assert not said.warnings and "本单位的参数" in said.steps[0].describe()
    assert deadlines.in_force(tmp_path) is found
    assert office(tmp_path, "set: {RV03: {amount: 3}}").limits["RV03"].span.amount == 3
    assert deadlines.shipped().limits["RV03"].span.amount == 10


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("set: {CR6: {amount: 5}}", 1, "格式不对", ""),
        ("set:\n  CR99: {amount: 5}", 2, "没有代码为“CR99”的期限", "CR"),
        ("set:\n  RV03: {amount: 0}", 2, "应在 1 至 3660", "amount"),
        ("set:\n  RV03: {days: 4}", 2, "应为以下之一", ""),
        ("groups:\n- group: 甲\n  counting: genral", 0, "", ""),
        (
            "groups:\n- group: 甲\n  counting: genral\n  limits:\n  - {code: ZG01, matter: 乙, span: 3 日, event: 丙, verified: false}",
            3,
            "没有名为“genral”的计算方法",
            "general",
        ),
        (
            "groups:\n- group: 甲\n  counting: general\n  limits:\n  - code: ZG01\n    matter: 乙\n    span: 三天\n    event: 丙",
            7,
            "期限应写成",
            "",
        ),
        (
            "groups:\n- group: 甲\n  counting: general\n  limits:\n  - code: ZG01\n    matter: 乙\n    span: 3 日\n    event: 丙\n    basis: [CPX 1]",
            9,
            "没有名为“CPX”的法规",
            "CPL",
        ),
        (
            "groups:\n- group: 甲\n  counting: general\n  limits:\n  - {code: CR06, matter: 乙, span: 3 日, event: 丙, verified: false}",
            5,
            "已有代码为“CR06”的期限",
            "set",
        ),
        (
            "groups:\n- group: 甲\n  counting: general\n  limits:\n  - {code: ZG01, matter: 乙, span: 3 日, event: 丙}",
            5,
            "要标 verified: false",
            "",
        ),
        ("schemes:\n- scheme: own\n  label: 甲\n  steps:\n  - {severity: yellow, what: 乙}", 5, "三者写一个", ""),
        ("groups: [", 1, "不是正确的YAML", ""),
    ],
)
def test_mistakes_have_a_place_and_a_hint(tmp_path: Path, text: str, line: int, message: str, hint: str) -> None:
    found = office(tmp_path, text)
    assert set(found.limits) == set(SHIPPED.limits)
    if not message:
        assert found.problems == []
        return
    assert len(found.problems) == 1, found.problems
    problem = found.problems[0]
    assert problem.file == "packs/own/deadlines.yaml" and problem.line == line
    assert message in problem.message and hint in problem.hint


def test_a_file_alone_knows_no_statutes_of_others(tmp_path: Path) -> None:
    office(tmp_path, "groups: []")
    own = deadlines.load(office_folders(tmp_path))
    assert own.limits == {} and own.problems == []
    alone = deadlines.load([Folder(each.path, each.name, each.origin) for each in shipped_folders()[:1]])
    assert "JY01" in alone.limits and "CR06" not in alone.limits and alone.problems == []
    assert alone.limits["JY01"].custody is Custody.NEVER
