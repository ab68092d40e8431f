"""Entries of the registers of outcomes that are valid by default, made through the room's own acts."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.factories.people import make_unit
from zhenggai.outcomes.kinds import ACCOUNTABILITY, DECISION, GROUP, MEETING, RECOVERY, RULE
from zhenggai.outcomes.models import Accountability, Decision, Group, Meeting, Recovery, RuleDocument
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit
from zhenggai.registers.actions import create_entry

_numbers = count(1)


def make_meeting(unit: Unit | None = None, **values: Any) -> Meeting:
    """Return a new meeting."""
    given = {
        "kind": "party_group",
        "held_on": "2024-08-01",
        "no": f"第{next(_numbers)}次",
        "topics": "研究巡察整改工作",
    }
    return create_entry(MEETING, unit or make_unit(), given | values, actor=OPERATOR)


def make_decision(meeting: Meeting | None = None, **values: Any) -> Decision:
    """Return a new decision of a meeting."""
    meeting = meeting or make_meeting()
    given = {"meeting": meeting, "text": f"修订公务用车管理办法之{next(_numbers)}"}
    return create_entry(DECISION, meeting.unit, given | values, actor=OPERATOR)


def make_rule(unit: Unit | None = None, **values: Any) -> RuleDocument:
    """Return a new rule."""
    given = {"title": f"公务用车管理办法之{next(_numbers)}", "kind": "new", "issued_on": "2024-09-01"}
    return create_entry(RULE, unit or make_unit(), given | values, actor=OPERATOR)


def make_accountability(unit: Unit | None = None, **values: Any) -> Accountability:
    """Return a new record that someone was held to account."""
    given = {"subject": "person", "name": f"王{next(_numbers)}", "kind": "criticism", "decided_on": "2024-10-08"}
    return create_entry(ACCOUNTABILITY, unit or make_unit(), given | values, actor=OPERATOR)


def make_recovery(unit: Unit | None = None, **values: Any) -> Recovery:
    """Return a new record of money."""
    given = {"kind": "recovered", "amount": "12500.50", "recovered_on": "2024-10-08"}
    return create_entry(RECOVERY, unit or make_unit(), given | values, actor=OPERATOR)


def make_group(unit: Unit | None = None, **values: Any) -> Group:
    """Return a new group without members."""
    given = {"kind": "leading", "name": f"巡察整改工作领导小组之{next(_numbers)}", "founded_on": "2024-07-20"}
    return create_entry(GROUP, unit or make_unit(), given | values, actor=OPERATOR)
