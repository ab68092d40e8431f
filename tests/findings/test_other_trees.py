"""Several bodies on one installation: names and keys of one mean nothing in another."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tests.factories.findings import make_aspect, make_finding, make_round
from tests.factories.people import make_department, make_grassroots, make_unit, make_user
from zhenggai.files.models import StoredFile
from zhenggai.findings import actions
from zhenggai.findings.errors import BadValue, IsWithdrawn
from zhenggai.findings.models import Finding
from zhenggai.findings.names import Directory
from zhenggai.findings.queries import LedgerQuery, export_findings, facets, preview_workbook, visible_findings
from zhenggai.people.models import User

pytestmark = pytest.mark.django_db


def test_a_finding_is_not_given_to_a_person_of_another_body() -> None:
    court, other = make_unit(), make_unit()
    clerk = make_user("rectification_office", court)
    stranger = make_user("owner", make_department(other))
    finding = make_finding(make_round(court))
    with pytest.raises(BadValue) as refused:
        actions.assign_findings([finding.pk], {"owner": str(stranger.pk)}, actor=clerk)
    assert stranger.name not in str(refused.value)
    assert not visible_findings(stranger).exists()
    assert Directory(court.path).person(f"{stranger.name}({stranger.username})").record is None


def with_new_row(clerk: User, query: LedgerQuery, round_name: str) -> io.BytesIO:
    book = openpyxl.load_workbook(io.BytesIO(export_findings(clerk, query)))
    sheet = book["问题"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    row = sheet.max_row + 1
    sheet.cell(row, columns["问题"]).value = "新发现的问题"
    sheet.cell(row, columns["巡察轮次"]).value = round_name
    buffer = io.BytesIO()
    book.save(buffer)
    buffer.seek(0)
    return buffer


def test_a_new_row_never_lands_in_another_units_round_of_the_same_name() -> None:
    court = make_unit()
    north = make_grassroots(court)
    clerk = make_user("rectification_office", court)
    ours, theirs = make_round(court, name="2024年巡察"), make_round(north, name="2024年巡察")
    make_finding(ours)
    make_finding(theirs, unit=north.pk)
    preview = preview_workbook(clerk, with_new_row(clerk, LedgerQuery(), "2024年巡察"))
    assert [row.kind for row in preview.rows] == ["unchanged", "unchanged", "refused"]
    actions.apply_workbook(with_new_row(clerk, LedgerQuery(round=ours.pk), "2024年巡察"), actor=clerk)
    assert Finding.objects.get(title="新发现的问题").round == ours


def test_a_filter_names_nothing_that_no_finding_in_sight_bears() -> None:
    court, other = make_unit(), make_unit("外地院")
    clerk = make_user("rectification_office", court)
    stranger = make_user("owner", make_department(other), name="外人")
    hidden = make_aspect(make_round(other), "别处的方面")
    finding = make_finding(make_round(court), owner=clerk.pk, status="ongoing")
    query = LedgerQuery(aspect=(hidden.pk,), owner=(stranger.pk, clerk.pk), unit=(other.pk,), status=("completed",))
    options = {facet.name: [option.label for option in facet.options] for facet in facets(clerk, query)}
    assert (options["aspect"], options["owner"], options["unit"]) == ([], [clerk.name], [])
    assert finding.owner == clerk


def test_nothing_is_stored_for_a_finding_off_the_ledger() -> None:
    clerk = make_user("rectification_office", court := make_unit())
    finding = make_finding(make_round(court))
    actions.withdraw_findings([finding.pk], actor=clerk, reason="重复")
    with pytest.raises(IsWithdrawn):
        actions.attach_file(finding, actor=clerk, source=io.BytesIO(b"text"), name="a.txt")
    assert not StoredFile.objects.exists()
