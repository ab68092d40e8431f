"""How many queries a page costs, whatever its length: kept in ``query_counts.json``, seen in every diff.

``UPDATE_QUERY_COUNTS=1`` writes the file anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.findings import make_aspect, make_finding, make_measure, make_round
from tests.factories.people import make_department, make_unit, make_user
from zhenggai.findings.queries import (
    LedgerQuery,
    access_finding,
    assignment_choices,
    export_findings,
    facets,
    find_findings,
    finding_page,
    neighbours,
    overview,
)
from zhenggai.people.models import User

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).with_name("query_counts.json")


def _fill() -> tuple[User, User, int]:
    court = make_unit("示例市人民检察院")
    office = make_department(court, "办公室")
    clerk, head = make_user("rectification_office", court), make_user("department_head", office)
    round_ = make_round(court)
    aspect = make_aspect(round_)
    key = 0
    for number in range(12):
        finding = make_finding(
            round_, f"台账管理不规范{number}", aspect=aspect.pk, department=office.pk, leader=clerk.pk, owner=head.pk,
            assist=[office.pk], due="2025-06-30",
        )  # fmt: skip
        make_measure(finding, "修订台账办法", owner=head.pk)
        make_measure(finding, "开展台账自查")
        key = finding.pk
    return clerk, head, key


def _count(act: Callable[[], object]) -> int:
    act()  # what is cached for the process or the request is not the page's cost
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_pages_cost_as_many_queries_as_written_down() -> None:
    clerk, head, key = _fill()
    counts: dict[str, int] = {}
    for name, person in (("office", clerk), ("member", head)):
        finding = access_finding(person, key)
        pages: dict[str, Callable[[], object]] = {
            "list": lambda person=person: find_findings(person, LedgerQuery()),
            "list_filtered_and_searched": lambda person=person: find_findings(
                person, LedgerQuery(text="台账 自查", status=("unknown",), due="overdue")
            ),
            "facets": lambda person=person: facets(person, LedgerQuery()),
            "detail": lambda person=person: finding_page(person, access_finding(person, key)),
            "neighbours": lambda person=person, finding=finding: neighbours(person, LedgerQuery(), finding),
            "overview": lambda person=person: overview(person),
            "overview_of_a_round": lambda person=person, finding=finding: overview(person, finding.round),
            "assignment_choices": lambda person=person, finding=finding: assignment_choices(person, finding.round),
            "export": lambda person=person: export_findings(person, LedgerQuery()),
        }
        counts |= {f"{name}.{page}": _count(act) for page, act in pages.items()}
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        KEPT.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert counts == json.loads(KEPT.read_text(encoding="utf-8"))
