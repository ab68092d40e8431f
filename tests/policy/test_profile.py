"""The rules an office writes: each mistake is named with its place, and what is kept says what was given."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.people import make_unit, make_user
from zhenggai.audit.models import Entry
from zhenggai.kit.errors import NotAllowed
from zhenggai.people.access import OPERATOR
from zhenggai.people.roles import ROLES, Permission
from zhenggai.policy.actions import published_years, save_policy, seed_calendar, set_calendar_day
from zhenggai.policy.errors import BadCalendarDay, BadPolicy
from zhenggai.policy.models import CalendarDay, PolicyProfile
from zhenggai.policy.profile import CRITERIA, LETTERS, RELATIONS, Policy, parse_policy, shipped_policy, shipped_values
from zhenggai.policy.queries import latest_profile, policy_of, work_calendar

SHIPPED = shipped_values()
LEVEL = {"code": "office", "label": "整改办", "roles": ["rectification_office"], "relation": "body"}


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return the shipped values with the one at *path* set, or taken away when *value* is ``...``."""
    values = copy.deepcopy(SHIPPED)
    *way, last = [int(part) - 1 if part.isdecimal() else part for part in path.split(".")]
    place: Any = values
    for part in way:
        place = place[part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return values


MAY_BE_MISSING = ("status_names", "condition_days", *(name for name in SHIPPED if name.startswith("answer_")))
"""Parameters that came later: sets of rules saved before do not hold them."""


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ([], ""),
        ("规则", ""),
        ({1: 2}, ""),
        (changed("plan_due_month", 1), "plan_due_month"),
        *[(changed(name, ...), name) for name in SHIPPED if name not in MAY_BE_MISSING],
        (changed("plan_due_months", 0), "plan_due_months"),
        (changed("plan_due_months", 25), "plan_due_months"),
        (changed("plan_due_months", True), "plan_due_months"),
        (changed("plan_due_months", "1"), "plan_due_months"),
        (changed("plan_due_months", 1.5), "plan_due_months"),
        (changed("max_extensions", -1), "max_extensions"),
        (changed("min_evidence_per_measure", 21), "min_evidence_per_measure"),
        (changed("filing", 1), "filing"),
        (changed("roll_over_holidays", "yes"), "roll_over_holidays"),
        (changed("name", "  "), "name"),
        (changed("name", "长" * 201), "name"),
        (changed("name", "一\x00二"), "name"),
        (changed("look_back_after_days", 90), "look_back_after_days"),
        (changed("look_back_after_days", [90, 0]), "look_back_after_days.2"),
        (changed("reminders", []), "reminders"),
        (changed("reminders.before", [1, "3"]), "reminders.before.2"),
        (changed("reminders.on_day", 1), "reminders.on_day"),
        (changed("reminders.during", [1]), "reminders.during"),
        (changed("escalation", {}), "escalation"),
        (changed("escalation.1", 3), "escalation.1"),
        (changed("escalation.2.letter", "email"), "escalation.2.letter"),
        (changed("escalation.2.days", 3), "escalation"),
        (changed("escalation.2.days", ...), "escalation.2.days"),
        (changed("escalation.1.hours", 3), "escalation.1.hours"),
        (changed("levels", []), "levels"),
        (changed("levels", [LEVEL, LEVEL]), "levels"),
        (changed("levels", [{**LEVEL, "skippable": True}]), "levels"),
        (changed("levels.1.code", "部门"), "levels.1.code"),
        (changed("levels.1.code", "x" * 41), "levels.1.code"),
        (changed("levels.1.label", ""), "levels.1.label"),
        (changed("levels.1.roles", []), "levels.1.roles"),
        (changed("levels.1.roles", ["auditor"]), "levels.1.roles.1"),
        (changed("levels.3.roles", ["rectification_office", "owner"]), "levels.3.roles.2"),
        (changed("levels.1.relation", "friend"), "levels.1.relation"),
        (changed("levels.1.relation", ["body"]), "levels.1.relation"),
        (changed("levels.1.cosign", "no"), "levels.1.cosign"),
        (changed("levels.1.label", ...), "levels.1.label"),
        (changed("levels.1.colour", "red"), "levels.1.colour"),
        (changed("criteria.1.kind", "mood"), "criteria.1.kind"),
        (changed("criteria.1.text", 5), "criteria.1.text"),
        (changed("answer_daily", 4), "answer_daily"),
        (changed("answer_hourly_all", 9), "answer_hourly_all"),
        (changed("answer_words", 99), "answer_words"),
        (changed("answer_files", 6), "answer_files"),
        (changed("answer_file_mb", 20), "answer_file_mb"),
        (changed("status_names", {"phased": ""}), "status_names.phased"),
        (changed("status_names", {"x\x00": "阶段"}), "status_names"),
    ],
)
def test_a_mistake_is_named_with_its_place(values: object, place: str) -> None:
    with pytest.raises(BadPolicy) as raised:
        parse_policy(values)
    assert raised.value.slots["place"] == place and raised.value.slots["reason"]


WORDS = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4F00), min_size=1, max_size=12)
DAYS = st.lists(st.integers(1, 3650), max_size=4)
REVIEWERS = sorted(code for code, role in ROLES.items() if Permission.REVIEW in role.grants)
LEVELS = st.lists(
    st.fixed_dictionaries(
        {
            "code": st.from_regex(r"\A[a-z][a-z_0-9]{0,20}\Z"),
            "label": WORDS,
            "roles": st.lists(st.sampled_from(REVIEWERS), min_size=1, max_size=3),
            "relation": st.sampled_from(RELATIONS),
        },
        optional={"cosign": st.booleans(), "minutes": st.booleans(), "skippable": st.just(False)},
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda level: level["code"],
)
VALUES = st.fixed_dictionaries(
    {
        "name": WORDS,
        **{name: st.integers(1, 24) for name in ("plan_due_months", "period_months", "review_days", "near_days")},
        **{name: st.integers(1, 365) for name in ("immediate_fix_days", "final_report_days", "report_every_days")},
        **{name: st.integers(0, 20) for name in ("max_extensions", "min_evidence_per_measure")},
        **{
            name: st.booleans()
            for name in ("roll_over_holidays", "reopening_restarts_clock", "extension_counts_as_late", "filing")
        },
        "look_back_after_days": DAYS,
        "reminders": st.fixed_dictionaries({}, optional={"before": DAYS, "on_day": st.booleans(), "after": DAYS}),
        "escalation": st.lists(st.integers(1, 3650), unique=True, max_size=4)
        .map(sorted)
        .flatmap(
            lambda days: st.tuples(
                *(st.fixed_dictionaries({"days": st.just(day), "letter": st.sampled_from(LETTERS)}) for day in days)
            ).map(list)
        ),
        "levels": LEVELS,
        "criteria": st.lists(st.fixed_dictionaries({"kind": st.sampled_from(CRITERIA), "text": WORDS}), max_size=4),
    },
    optional={"status_names": st.dictionaries(st.sampled_from(["phased", "closed", "overdue"]), WORDS)},
)


def plain(value: Any) -> Any:
    """Return a policy as plain values again."""
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


@given(VALUES)
def test_what_is_read_says_what_was_given_and_is_read_alike_again(values: dict[str, Any]) -> None:
    policy = parse_policy(values)
    again = plain(asdict(policy))
    assert parse_policy(again) == policy
    for name, value in values.items():
        if name not in ("levels", "reminders"):
            assert again[name] == value, name
    assert [level.code for level in policy.levels] == [level["code"] for level in values["levels"]]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_whatever_stands_for_a_value_is_read_or_refused_in_words(value: Any) -> None:
    for name in SHIPPED:
        try:
            assert isinstance(parse_policy({**SHIPPED, name: value}), Policy)
        except BadPolicy as error:
            assert str(error.slots["place"]).startswith(name)


@pytest.mark.django_db
def test_each_change_is_a_version_and_earlier_ones_stay() -> None:
    body, other = make_unit(), make_unit()
    clerk, reader = make_user("rectification_office", body), make_user("leading_group_member", body)
    assert latest_profile(body) is None and policy_of(None) == shipped_policy()
    first = save_policy(body, shipped_values(), actor=clerk, note="沿用通用规则")
    second = save_policy(body, changed("max_extensions", 1), actor=clerk, note="从严")
    assert [first.version, second.version] == [1, 2] and latest_profile(body) == second
    assert (policy_of(first).max_extensions, policy_of(second).max_extensions) == (2, 1)
    assert save_policy(other, shipped_values(), actor=OPERATOR).version == 1
    entry = Entry.objects.filter(code="policy.saved", object_id=str(second.pk)).get()
    assert entry.data == {"unit": body.name, "version": 2, "changed": ["max_extensions"], "note": "从严"}
    for actor, unit in ((reader, body), (clerk, other)):
        with pytest.raises(NotAllowed):
            save_policy(unit, shipped_values(), actor=actor)
    with pytest.raises(BadPolicy):
        save_policy(body, {}, actor=clerk)
    assert PolicyProfile.objects.count() == 3


@pytest.mark.django_db
def test_the_calendar_is_loaded_once_and_leaves_the_offices_own_days_alone() -> None:
    clerk = make_user("rectification_office", make_unit())
    with pytest.raises(NotAllowed):
        seed_calendar(actor=make_user("leading_group_member", make_unit()))
    set_calendar_day(date(2025, 10, 1), actor=clerk, is_workday=True, name="值班")
    years = seed_calendar(actor=clerk)
    assert years == tuple(published_years()) and years[0] == 2020 and {2024, 2025} <= set(years)
    assert seed_calendar(actor=clerk) == ()
    calendar = work_calendar()
    assert calendar.is_workday(date(2025, 10, 1))  # the office's own
    assert not calendar.is_workday(date(2025, 10, 2))  # 国庆节
    assert calendar.is_workday(date(2025, 9, 28))  # a Sunday worked for it 调休上班
    assert not calendar.is_workday(date(2025, 9, 27))
    assert calendar.on_or_after(date(2025, 10, 2)) == date(2025, 10, 9)
    assert CalendarDay.objects.get(day=date(2025, 10, 2)).name == "国庆节"


@pytest.mark.django_db
def test_a_year_without_published_holidays_counts_as_plain_weeks_and_is_said_to() -> None:
    seed_calendar(actor=OPERATOR)
    unpublished = max(published_years()) + 1
    calendar = work_calendar()
    assert calendar.knows(date(unpublished - 1, 5, 1)) and not calendar.knows(date(unpublished, 5, 1))
    day = date(unpublished, 10, 1)
    assert calendar.is_workday(day) == (day.weekday() < 5)
    set_calendar_day(day, actor=OPERATOR, is_workday=False, name="国庆节")
    assert not work_calendar().is_workday(day) and not work_calendar().knows(day)
    with pytest.raises(BadCalendarDay):
        set_calendar_day(date(1999, 1, 1), actor=OPERATOR, is_workday=True)
