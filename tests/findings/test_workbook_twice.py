"""A workbook that was looked at once is applied once, however often the button is pressed."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories.findings import make_finding, make_round
from tests.factories.people import make_unit, make_user
from tests.threads import at_once
from zhenggai.audit.models import Entry
from zhenggai.audit.queries import verify_chain
from zhenggai.findings import actions, codes
from zhenggai.findings.actions import WorkbookResult
from zhenggai.findings.errors import WorkbookApplied, WorkbookEmpty
from zhenggai.findings.models import Finding
from zhenggai.findings.queries import LedgerQuery, export_findings
from zhenggai.people.models import User


def clerk_with_a_finding() -> User:
    court = make_unit()
    make_finding(make_round(court), "公务用车管理不严")
    return make_user("rectification_office", court)


def workbook_with(clerk: User, title: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(export_findings(clerk, LedgerQuery())))
    sheet = book["问题"]
    column = next(cell.column for cell in sheet[1] if cell.value == "问题")
    sheet.cell(sheet.max_row + 1, column).value = title
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.django_db
def test_pressing_the_button_again_adds_nothing(sign_in_as: Callable[..., Client]) -> None:
    clerk = clerk_with_a_finding()
    client = sign_in_as(clerk)
    upload = SimpleUploadedFile("台账.xlsx", workbook_with(clerk, "会议制度执行不严"))
    shown = client.post("/findings/workbook/", {"file": upload}).content.decode()
    found = re.search(r'name="token" value="([^"]+)"', shown)
    assert found is not None
    press = {"token": found[1]}
    assert client.post("/findings/workbook/apply/", press).status_code == 302
    again = client.post("/findings/workbook/apply/", press, headers={"Accept": "application/json"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "findings.WorkbookApplied")
    assert Finding.objects.filter(title="会议制度执行不严").count() == 1
    entry = Entry.objects.get(code=codes.WORKBOOK_APPLIED)
    assert (entry.actor_id, entry.data["created"]) == (str(clerk.pk), 1)


@pytest.mark.django_db
def test_a_preview_that_changed_nothing_is_not_used_up() -> None:
    clerk = clerk_with_a_finding()
    untouched = export_findings(clerk, LedgerQuery())
    with pytest.raises(WorkbookEmpty):
        actions.apply_workbook(io.BytesIO(untouched), actor=clerk, nonce="n1")
    book = workbook_with(clerk, "会议制度执行不严")
    assert actions.apply_workbook(io.BytesIO(book), actor=clerk, nonce="n1").created == 1
    with pytest.raises(WorkbookApplied):
        actions.apply_workbook(io.BytesIO(book), actor=clerk, nonce="n1")
    assert actions.apply_workbook(io.BytesIO(book), actor=clerk, nonce="n2").created == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("locking_database")
def test_the_same_preview_sent_twice_at_once_is_applied_once() -> None:
    clerk = clerk_with_a_finding()
    book = workbook_with(clerk, "会议制度执行不严")

    def apply() -> WorkbookResult:
        return actions.apply_workbook(io.BytesIO(book), actor=User.objects.get(pk=clerk.pk), nonce="n1")

    answers = at_once(apply, apply)
    assert sum(isinstance(answer, WorkbookApplied) for answer in answers) == 1, answers
    assert Finding.objects.filter(title="会议制度执行不严").count() == 1
    assert verify_chain().holds
