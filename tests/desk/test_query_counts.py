"""How many queries each page of this room costs; ``UPDATE_QUERY_COUNTS=1`` writes the numbers anew, to be seen in the diff."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.workflow import Body
from zhenggai.desk.queries import (
    beside_of,
    board_of,
    burn_down,
    examine,
    matrix_of,
    month_of,
    one_page,
    timeline_of,
    waiting_of,
    workbench,
)
from zhenggai.findings.queries import LedgerQuery
from zhenggai.people.models import User
from zhenggai.workflow import actions

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).parent / "query_counts.json"


def _count(act: Callable[[], object]) -> int:
    act()  # what is cached for the process or the person is not the page's cost
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_pages_cost_as_many_queries_as_written_down() -> None:
    body = Body("示例市人民检察院")
    round_ = body.round()
    made = [body.finding(round_) for _number in range(6)]
    body.approved(round_)
    for finding in made[:3]:
        body.submitted(finding)
    actions.return_work(made[2], actor=body.head, level="department", text="缺纪要")
    body.pass_to(made[1])
    month = timezone.localdate().replace(day=1)
    people = {"owner": body.owner, "head": body.head, "leader": body.leader, "office": body.office}
    query = LedgerQuery(round=round_.pk)
    counts: dict[str, int] = {}
    for name, person in people.items():
        reader = User.objects.get(pk=person.pk)
        pages: dict[str, Callable[[], object]] = {
            "workbench": lambda reader=reader: workbench(reader),
            "beside": lambda reader=reader: beside_of(reader),
            "handed_in": lambda reader=reader: waiting_of(reader),
            "quality": lambda reader=reader: examine(reader, chosen="finding.leader"),
            "board": lambda reader=reader: board_of(reader, query),
            "timeline": lambda reader=reader: timeline_of(reader, query),
            "calendar": lambda reader=reader: month_of(reader, query, month),
            "matrix": lambda reader=reader: matrix_of(reader, query),
            "burn_down": lambda reader=reader: burn_down(reader, round_),
            "one_page": lambda reader=reader: one_page(reader, round_),
        }
        counts |= {f"{name}.{page}": _count(act) for page, act in pages.items()}
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        KEPT.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert counts == json.loads(KEPT.read_text(encoding="utf-8"))
