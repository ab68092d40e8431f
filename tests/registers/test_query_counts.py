"""How many queries the lists of registers cost, whatever their length: kept in ``query_counts.json``, seen in diffs.

``UPDATE_QUERY_COUNTS=1`` writes the file anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.findings import make_finding, make_round
from tests.factories.outcomes import (
    make_accountability,
    make_decision,
    make_group,
    make_meeting,
    make_recovery,
    make_rule,
)
from tests.factories.people import make_department, make_grassroots, make_unit, make_user
from tests.factories.referrals import make_common, make_fix, make_petition
from zhenggai.outcomes import kinds as outcome_kinds
from zhenggai.outcomes import listings as outcome_listings
from zhenggai.outcomes.actions import add_member
from zhenggai.outcomes.queries import members_to_replace, outcomes_of_finding, totals
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import User
from zhenggai.referrals import kinds as referral_kinds
from zhenggai.referrals import listings as referral_listings
from zhenggai.referrals.actions import hand_down
from zhenggai.referrals.queries import common_progress, similar_earlier, tally
from zhenggai.registers.queries import ListQuery, export_entries, find_entries

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).with_name("query_counts.json")
LISTS = (
    (outcome_kinds.MEETING, outcome_listings.MEETINGS),
    (outcome_kinds.DECISION, outcome_listings.DECISIONS),
    (outcome_kinds.RULE, outcome_listings.RULES),
    (outcome_kinds.ACCOUNTABILITY, outcome_listings.ACCOUNTABILITIES),
    (outcome_kinds.RECOVERY, outcome_listings.RECOVERIES),
    (outcome_kinds.GROUP, outcome_listings.GROUPS),
    (referral_kinds.FIX, referral_listings.FIXES),
    (referral_kinds.PETITION, referral_listings.PETITIONS),
    (referral_kinds.COMMON, referral_listings.COMMONS),
)


def _count(act: Callable[[], object]) -> int:
    act()  # what is cached for the process or the request is not the page's cost
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_lists_cost_as_many_queries_as_written_down() -> None:
    body = make_unit()
    department = make_department(body)
    clerk, member = make_user("rectification_office", body), make_user("leading_group_member", body)
    round_ = make_round(body)
    finding = make_finding(round_)
    group, common = make_group(body), make_common(body, round=round_)
    for _number in range(6):
        make_decision(make_meeting(body, round=round_), department=department, owner=clerk)
        make_rule(body, department=department, findings=[finding])
        make_accountability(body, finding=finding)
        make_recovery(body, finding=finding)
        make_fix(body, department=department, owner=clerk)
        make_petition(body, department=department)
        add_member(group, make_user("owner", department), actor=OPERATOR, role="member")
    hand_down(common, [make_grassroots(body) for _ in range(4)], actor=OPERATOR)
    counts: dict[str, int] = {}
    people: tuple[tuple[str, User], ...] = (("office", clerk), ("member", member))
    for name, person in people:
        for kind, listing in LISTS:
            find = partial(find_entries, kind, listing, person, ListQuery())
            counts[f"{name}.{kind.code}"] = _count(find)
        pages: dict[str, Callable[[], object]] = {
            "export": lambda person=person: export_entries(*LISTS[2], person, ListQuery(), title="目录"),
            "totals": lambda person=person: totals(person, round_id=round_.pk),
            "tally": lambda person=person: tally(person, round_id=round_.pk),
            "common_progress": lambda person=person: common_progress(person, common),
            "members_to_replace": lambda person=person: members_to_replace(person),
            "outcomes_of_finding": lambda person=person: outcomes_of_finding(person, finding),
            "similar_earlier": lambda person=person: similar_earlier(finding, person),
        }
        counts |= {f"{name}.{page}": _count(act) for page, act in pages.items()}
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        KEPT.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert counts == json.loads(KEPT.read_text(encoding="utf-8"))
