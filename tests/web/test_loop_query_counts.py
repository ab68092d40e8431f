"""How many queries the page of a finding costs at each stage, however many measures it has.

Kept in ``query_counts.json`` beside this file; ``UPDATE_QUERY_COUNTS=1`` writes it anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.workflow import Body
from zhenggai.findings.models import Finding
from zhenggai.workflow import actions
from zhenggai.workflow.models import CloseOut

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).with_name("query_counts.json")
SignIn = Callable[..., Client]


def _cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def _stages(body: Body, measures: int) -> dict[str, Finding]:
    made = {"registered": body.finding(body.round(), measures=measures), "working": body.at_work(measures=measures)}
    made["in_review"] = body.submitted(body.at_work(measures=measures))
    made["returned"] = body.submitted(body.at_work(measures=measures))
    actions.return_work(made["returned"], actor=body.head, level="department", text="补材料")
    made["long_term"] = body.pass_to(body.submitted(body.at_work(measures=measures), "long_term"))
    made["closed"] = body.pass_to(body.submitted(body.at_work(measures=measures)))
    made["reopened"] = body.pass_to(body.submitted(body.at_work(measures=measures)))
    revoked = CloseOut.objects.get(finding=made["reopened"])
    actions.revoke_close_out(revoked, actor=body.supervisor, motive="反弹")
    return made


def test_the_page_of_a_finding_costs_as_many_queries_as_written_down(sign_in_as: SignIn) -> None:
    body = Body()
    few, many = _stages(body, 1), _stages(body, 4)
    counts: dict[str, int] = {}
    for name, person in (("head", body.head), ("office", body.office)):
        client = sign_in_as(person)
        client.get("/findings/")  # what the first page of a visit alone costs
        for stage, finding in many.items():
            counts[f"{name}.{stage}"] = _cost(client, f"/findings/{finding.pk}/")
            assert _cost(client, f"/findings/{few[stage].pk}/") == counts[f"{name}.{stage}"], stage
        counts[f"{name}.beside"] = _cost(client, f"/findings/{many['working'].pk}/review/")
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        KEPT.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert counts == json.loads(KEPT.read_text(encoding="utf-8"))
