"""``zhenggai deadline``: the answer with its steps, the table, and what is refused."""

from __future__ import annotations

import json
from datetime import date

import pytest

from zhenggai.commands.main import main
from zhenggai.policy.models import CalendarDay, CalendarYear

pytestmark = pytest.mark.django_db


@pytest.fixture
def spring() -> None:
    """Know of 2026 only that 13 and 16 March are days off."""
    CalendarYear.objects.get_or_create(year=2026)
    for day in (13, 16):
        CalendarDay.objects.create(day=date(2026, 3, day), is_workday=False, is_own=True)


def test_a_limit_is_counted_and_every_step_is_said(spring: None, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["CR06", "2026-01-31", "--extension", "grave", "--as-of", "2026-03-10", "--scheme", "seven"]
    assert main(["deadline", *asked]) == 0
    text = capsys.readouterr().out
    assert "CR06 审查起诉：2026-03-17 届满（还有 7 日）" in text
    assert "2 月没有 31 日，取月末 2026-02-28。〔《刑事诉讼法》第172条" in text
    assert "2026-03-15（周日）不上班，顺延至其后第一个工作日 2026-03-17（周二）" in text
    assert "预警 2026-03-10：届满前提醒" in text

    assert main(["deadline", *asked, "--custody", "--json", "--pause", "2026-02-02..2026-02-03:psychiatric"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["due_on"], answer["days_left"], answer["span"]) == ("2026-03-17", 7, "1 个月")
    assert [step["kind"] for step in answer["steps"]] == ["start", "base", "extension", "pause", "stay"]
    assert answer["steps"][3]["basis"] == ["《刑事诉讼法》第149条"]

    more = [
        "AD01-1",
        "2026-01-05",
        "--extension",
        "special=20日",
        "--restart",
        "2026-02-02:重新受理",
        "--set",
        "rolls=false",
    ]
    assert main(["deadline", *more, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["due_on"] == "2026-05-22"


def test_the_table_is_listed_and_searched(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deadline", "--list"]) == 0
    everything = capsys.readouterr().out
    assert "CR06" in everything and "CV07" in everything and "（未核对）" in everything
    assert main(["deadline", "--list", "审查批捕", "--json"]) == 0
    assert [each["code"] for each in json.loads(capsys.readouterr().out)] == ["CR01", "CR02", "CR03-1", "CR03-2"]
    assert main(["deadline", "--list", "没有这样的词"]) == 0
    assert "没有符合的期限" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["CR6", "2026-01-31"], "您是不是要写“CR06”"),
        (["CR18", "2026-01-31"], "CR18-1、CR18-2"),
        (["CV07", "2026-01-31"], "没有规定长度"),
        (["CR06", "2026-02-30"], "日期应写成"),
        (["CR06", ""], "日期应写成"),
        (["CR06", "2026-01-31T25:00"], "2026-01-31T10:20"),
        (["CR06", "2026-01-31", "--variant", "速裁"], "没有情形"),
        (["CR06", "2026-01-31", "--extension", "grave=三日"], "期限应写成"),
        (["CR06", "2026-01-31", "--pause", "2026-02-03"], "2026-02-03..2026-02-10"),
        (["CR06", "2026-01-31", "--set", "amount=many"], "可设"),
        (["CR06", "2026-01-31", "--scheme", "none"], "platform"),
    ],
)
def test_what_cannot_be_counted_is_said_in_words(
    asked: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["deadline", *asked]) == 1
    assert words in capsys.readouterr().err
