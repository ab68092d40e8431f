"""Ledgers with a rule of each kind, and a body with people around them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.factories.ledgers import declare
from tests.factories.people import make_department, make_grassroots, make_unit, make_user
from tests.watch.ledgers import BROKEN, CASES, KINDS, RELATIVES
from zhenggai.ledgers import actions as ledger_actions
from zhenggai.ledgers.models import Row
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit


class Office:
    """A body with a court below, departments and people, and its ledger of cases."""

    def __init__(self) -> None:
        self.body: Unit = make_unit("示例市人民检察院")
        self.court = make_grassroots(self.body)
        self.department = make_department(self.body, "第一检察部")
        self.management = make_department(self.body, "案件管理部")
        self.chief = make_user("first_responsible_person", self.body, name="程立民")
        self.office = make_user("rectification_office", self.management, name="金鸣")
        self.clerk = make_user("case_management_clerk", self.management, name="苗青")
        self.head = make_user("department_head", self.department, name="段红")
        self.handler = make_user("owner", self.department, name="姚望")
        self.court_chief = make_user("grassroots_chief", self.court, name="区检察长")
        self.outsider = make_user("rectification_office", make_unit(), name="外院")
        self._number = 0

    def case(self, days_ago: int | None = 10, **values: Any) -> Row:
        """Return a new case that was taken in so many days ago."""
        self._number += 1
        body = values.pop("body", self.body)
        given: dict[str, Any] = {"no": f"示检{self._number}号", "problem": f"各不相同的第{self._number}件事"}
        if days_ago is not None:
            given["accepted_on"] = (timezone.localdate() - timedelta(days=days_ago)).isoformat()
        return ledger_actions.create_row("tw_cases", {**given, **values}, actor=OPERATOR, body=body)

    def change(self, row: Row, **values: Any) -> Row:
        """Change a case."""
        fresh = Row.objects.get(pk=row.pk)
        return ledger_actions.change_row(fresh, values, actor=OPERATOR, revision=fresh.revision)

    def close(self, row: Row, on: date | None = None) -> Row:
        """Close a case."""
        return self.change(row, closed_on=(on or timezone.localdate()).isoformat())


@pytest.fixture
def office(home: object) -> Office:
    """Return the body with its ledgers declared."""
    declare(CASES, RELATIVES, BROKEN, enumerations=(KINDS,), pack="tw_pack")
    return Office()


Said = Callable[..., dict[str, list[str]]]
