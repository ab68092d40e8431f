"""How many queries the staff's pages of answers cost, however many there are: kept in ``query_counts.json``.

``UPDATE_QUERY_COUNTS=1`` writes the file anew.
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

from tests.factories.answers import make_answer, make_form, make_sent, say
from tests.factories.findings import make_round
from tests.factories.notices import make_publication
from tests.factories.people import make_department, make_unit, make_user
from zhenggai.answers.actions import add_supplement, assign_answer, make_petition, reply, submit_answer
from zhenggai.people.access import OPERATOR

KEPT = Path(__file__).with_name("query_counts.json")


@pytest.mark.django_db
def test_pages_of_answers_cost_as_many_queries_as_written_down(sign_in_as: Callable[..., Client]) -> None:
    body = make_unit()
    department = make_department(body)
    people = {"office": make_user("rectification_office", body), "head": make_user("department_head", department)}
    publication = make_publication(make_round(body))
    answers = [make_answer(publication, files=[make_sent()]) for _number in range(6)]
    for answer in answers:
        assign_answer(answer, actor=OPERATOR, department=department, handler=None)
    add_supplement(answers[0], "补充一点")
    reply(answers[0], "told", "已收到。", actor=people["office"])
    make_answer(publication, answers[0].body)
    counts = {}
    for name, person in people.items():
        client = sign_in_as(person)
        for page, address in {"list": "/answers/", "answer": f"/answers/{answers[0].pk}/"}.items():
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts[f"{name}: {page}"] = len(queries)
    forms = [make_form(publication) for _number in range(2)]
    for form in forms:
        with CaptureQueriesContext(connection) as queries:
            taken = submit_answer(publication, say(), form=form)
        counts["submit"] = len(queries)
        with CaptureQueriesContext(connection) as queries:
            make_petition(taken.pk, actor=OPERATOR)
        counts["make petition"] = len(queries)
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        KEPT.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert counts == json.loads(KEPT.read_text(encoding="utf-8"))
