"""A workbook is read before the transaction that applies it, so that a large one keeps nobody else from writing."""

from __future__ import annotations

import io
from typing import BinaryIO

import openpyxl
import pytest
from django.db import connection

from tests.factories.findings import make_finding, make_round
from tests.factories.people import make_unit, make_user
from zhenggai.findings import actions
from zhenggai.findings.models import Finding
from zhenggai.findings.queries import LedgerQuery, export_findings
from zhenggai.findings.workbook import plan, reading


@pytest.mark.django_db(transaction=True)
def test_reading_holds_no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    court = make_unit()
    clerk = make_user("rectification_office", court)
    finding = make_finding(make_round(court), "旧标题")
    book = openpyxl.load_workbook(io.BytesIO(export_findings(clerk, LedgerQuery())))
    cell = next(cell for row in book["问题"].iter_rows() for cell in row if cell.value == "旧标题")
    cell.value = "新标题"
    buffer = io.BytesIO()
    book.save(buffer)
    buffer.seek(0)
    inside: list[bool] = []
    read_sheets = reading.read_sheets

    def noticed(file: BinaryIO, *rest: object) -> object:
        inside.append(connection.in_atomic_block)
        return read_sheets(file, *rest)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(plan, "read_sheets", noticed)
    actions.apply_workbook(buffer, actor=clerk)
    assert inside == [False]
    assert Finding.objects.get(pk=finding.pk).title == "新标题"
