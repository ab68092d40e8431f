"""One body with its people, for the tests of this folder."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.factories.findings import make_round
from tests.factories.people import make_department, make_grassroots, make_unit, make_user
from zhenggai.findings.models import InspectionRound
from zhenggai.people.models import Unit, User


@dataclass(slots=True)
class Body:
    """What the tests of this folder look at."""

    unit: Unit
    """The inspected body."""
    finance: Unit
    """One of its departments."""
    office: Unit
    """Another."""
    grassroots: Unit
    """A unit below it."""
    round: InspectionRound
    """A round of it."""
    clerk: User
    """Works in the rectification office."""
    chief: User
    """First responsible person."""
    deputy_chief: User
    """Executive deputy: signs too."""
    head: User
    """Heads the finance department."""
    supervisor: User
    """Of the supervision group."""


@pytest.fixture
def body(db: None) -> Body:
    """Return a body with its people and a round."""
    unit = make_unit("示例市人民检察院")
    finance, office = make_department(unit, "计财装备处"), make_department(unit, "办公室")
    return Body(
        unit,
        finance,
        office,
        make_grassroots(unit, "青禾区人民检察院"),
        make_round(unit, name="2026年市委巡察"),
        make_user("rectification_office", office, name="金鸣"),
        make_user("first_responsible_person", unit, name="程立民"),
        make_user("executive_deputy", unit, name="何静安"),
        make_user("department_head", finance, name="段红"),
        make_user("supervision_group", unit, name="霍正平"),
    )
