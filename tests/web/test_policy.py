"""The pages of the rules and of the work calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.factories.workflow import Body
from zhenggai.people.access import OPERATOR
from zhenggai.policy.actions import seed_calendar
from zhenggai.policy.models import CalendarChange, CalendarDay, PolicyProfile
from zhenggai.policy.profile import parse_policy, shipped_policy, shipped_values
from zhenggai.web.policy_form import LETTERS, NUMBERS, form_values
from zhenggai.workflow.models import Course

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def form_of(values: dict[str, Any]) -> dict[str, Any]:
    """Return what the page of the rules sends when nothing is changed."""
    shown = form_values(values)
    sent: dict[str, Any] = {name: shown[name] for name, _label, _unit in NUMBERS}
    sent |= {name: shown[name] for name in ("name", "look_back_after_days", "reminders_before", "reminders_after")}
    sent |= dict.fromkeys(("roll_over_holidays", "filing", "reminders_on_day"), "on")
    sent |= {f"escalation_{letter}": shown["escalation"].get(letter, "") for letter, _label in LETTERS}
    sent |= {"levels_count": len(shown["levels"]), "criteria_count": len(shown["criteria"])}
    for number, level in enumerate(shown["levels"]):
        sent |= {f"levels_{number}_{name}": level[name] for name in ("code", "label", "roles", "relation")}
        sent |= {f"levels_{number}_{name}": "on" for name in ("cosign", "skippable", "minutes") if level.get(name)}
    for number, row in enumerate(shown["criteria"]):
        sent |= {f"criteria_{number}_{name}": row[name] for name in ("kind", "text")}
    return sent


def test_the_form_sent_back_unchanged_says_the_same(sign_in_as: SignIn) -> None:
    body = Body()
    office = sign_in_as(body.office)
    office.post("/policy/save/", form_of(shipped_values()))
    assert parse_policy(PolicyProfile.objects.get().values) == shipped_policy()


def test_a_change_is_a_new_version_and_a_mistake_keeps_what_was_typed(sign_in_as: SignIn) -> None:
    body = Body()
    round_ = body.round()
    office = sign_in_as(body.office)
    office.post("/policy/save/", {**form_of(shipped_values()), "period_months": "3", "note": "市委要求三个月"})
    saved = PolicyProfile.objects.get()
    assert (saved.version, saved.values["period_months"], saved.unit) == (1, 3, body.unit)

    office.post("/policy/course/", {"round": round_.pk, "profile": saved.pk})
    assert Course.objects.get(round=round_).period_ends_on == date(2024, 10, 18)

    wrong = office.post("/policy/save/", {**form_of(saved.values), "period_months": "三个月"})
    page = wrong.content.decode()
    assert wrong.status_code == 422 and "period_months" in page and 'value="三个月"' in page
    assert PolicyProfile.objects.count() == 1
    assert office.get(f"/policy/versions/{saved.pk}/").status_code == 200
    assert sign_in_as(body.outsider).get(f"/policy/versions/{saved.pk}/").status_code == 404
    assert sign_in_as(body.owner).get("/policy/").status_code == 403


def test_the_calendar_knows_holidays_and_says_which_years_it_does_not_know(sign_in_as: SignIn) -> None:
    body = Body()
    office = sign_in_as(body.office)
    seed_calendar(actor=OPERATOR)
    assert "还没有载入" not in office.get("/policy/calendar/?year=2025").content.decode()
    assert "还没有载入" in office.get("/policy/calendar/?year=2031").content.decode()
    office.post("/policy/calendar/day/", {"day": "2031-02-03", "is_workday": "0", "name": "春节"})
    assert CalendarDay.objects.get(day=date(2031, 2, 3)).is_own
    assert office.post("/policy/calendar/day/", {"day": "春节"}).status_code == 422


def test_a_year_is_looked_at_before_it_is_kept_and_can_be_undone(sign_in_as: SignIn) -> None:
    body = Body()
    office = sign_in_as(body.office)
    text = "2031年元旦：1月1日（周三）放假1天。春节：1月23日至29日放假，共7天。1月19日（周日）上班。"
    looked = office.post("/policy/calendar/decree/", {"text": text, "year": "2031"}).content.decode()
    assert "核对：2031 年节假日安排" in looked and not CalendarDay.objects.exists()
    wrong = office.post("/policy/calendar/decree/", {"text": text.replace("共7天", "共8天"), "year": "2031"})
    assert wrong.status_code == 422 and "日期合计 7 天" in wrong.content.decode()
    saved = office.post("/policy/calendar/decree/", {"text": text, "year": "2031", "act": "save", "source": "试"})
    assert saved["Location"] == "/policy/calendar/?year=2031"
    shown = office.get("/policy/calendar/?year=2031").content.decode()
    assert "还没有载入" not in shown and "录入 2031 年节假日安排" in shown
    change = CalendarChange.objects.get()
    assert sign_in_as(body.owner).post(f"/policy/calendar/changes/{change.pk}/undo/").status_code == 403
    office.post(f"/policy/calendar/changes/{change.pk}/undo/")
    again = office.post(f"/policy/calendar/changes/{change.pk}/undo/", headers={"Accept": "application/json"})
    assert again.json()["error"]["code"] == "policy.NothingToUndo"
    assert "已撤销" in office.get("/policy/calendar/?year=2031").content.decode()
