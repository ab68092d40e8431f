"""A small organisation with one person per kind of visitor, and a round with findings."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import date

import pytest

from tests.factories.people import make_department, make_unit, make_user
from zhenggai.findings import actions
from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit, User


@dataclass(slots=True)
class World:
    """What the tests of this folder look at."""

    organisation: Unit
    """The inspected body."""
    department: Unit
    """A department that leads one finding."""
    other_department: Unit
    """A department that leads none."""
    people: dict[str, User]
    """Role → person."""
    round: InspectionRound
    """A round."""
    findings: list[Finding] = field(default_factory=list)
    """Its findings, in order."""


@pytest.fixture
def world(built_world: World, db: None) -> World:
    """Return the small organisation as it was built, whatever other tests did to theirs."""
    return copy.deepcopy(built_world)


@pytest.fixture(scope="module")
def built_world(module_database: None) -> World:
    """Build the small organisation once for a module."""
    body = make_unit("示例市人民检察院")
    first, second = make_department(body, "第一检察部"), make_department(body, "第二检察部")
    people = {
        "office": make_user("rectification_office", body, name="林知远"),
        "chief": make_user("first_responsible_person", body, name="周明远"),
        "head": make_user("department_head", first, name="陈思齐"),
        "other_head": make_user("department_head", second, name="许可"),
        "owner": make_user("owner", first, name="吴晓"),
        "system_admin": make_user("system_admin", body, name="何管"),
        "security_admin": make_user("security_admin", body, name="安全"),
        "auditor": make_user("auditor", body, name="审计"),
        "no_post": make_user(name="无岗"),
    }
    round_ = actions.create_round(
        actor=OPERATOR,
        unit=body,
        name="2024年市委巡察整改",
        inspecting_body="市委第三巡察组",
        feedback_on=date(2024, 7, 18),
    )
    found = World(body, first, second, people, round_)
    titles = ("办案期限管理不严", "检察建议跟踪问效不到位", "固定资产账实不符")
    for number, title in enumerate(titles, 1):
        values: dict[str, object] = {"no": str(number), "title": title, "status": "ongoing"}
        if number == 1:
            values |= {"department": first.pk, "due": "2020-06-30"}
        found.findings.append(actions.create_finding(round_, values, actor=people["office"]))
    return found
