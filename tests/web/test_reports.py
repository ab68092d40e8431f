"""The pages of papers and their templates: who may, what is shown, sent, refused."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.findings import make_finding, make_measure
from tests.gongwen.words import pdf_pages
from tests.web.conftest import World
from zhenggai.findings.queries import preview_workbook
from zhenggai.gongwen import check_layout
from zhenggai.reports.making import shipped_template
from zhenggai.reports.models import Making, Template
from zhenggai.reports.papers import PAPERS
from zhenggai.reports.tasks import write_paper

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).with_name("report_counts.json")
SignIn = Callable[..., Client]
MADE = [code for code, paper in PAPERS.items() if paper.standalone and code not in {"minutes", "close_out"}]


def test_every_paper_is_listed_shown_and_sent(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as(world.people["office"])
    listed = client.get("/reports/").content.decode()
    for code, paper in PAPERS.items():
        assert str(paper.label) in listed
        if code not in MADE:
            continue
        shown = client.get(f"/reports/{code}/")
        assert shown.status_code == 200, code
        assert '<article class="gw"' in shown.content.decode(), code
        word = client.get(f"/reports/{code}/file/docx/")
        assert word.status_code == 200 and check_layout(word.content) == (), code
    pdf = client.get("/reports/weekly/file/pdf/")
    assert "办案期限管理不严" in "".join(pdf_pages(pdf.content))
    assert client.get("/reports/letter/").status_code == 302
    assert client.get("/reports/weekly/file/xlsx/").status_code == client.get("/reports/none/").status_code == 404
    assert "还没有销号" in client.get("/reports/close_out/").content.decode()
    told = client.get("/reports/minutes/", headers={"Accept": "application/json"})
    assert told.status_code == 409 and told.json()["error"]["code"] == "reports.NothingToReport"
    bad = client.get("/reports/weekly/?since=2025-02-01&until=2025-01-01")
    assert bad.status_code == 422 and "不能使用" in bad.content.decode()


def test_the_workbook_of_the_lists_comes_back_unchanged(world: World, sign_in_as: SignIn) -> None:
    office = world.people["office"]
    sent = sign_in_as(office).get("/reports/lists/file/xlsx/")
    assert openpyxl.load_workbook(io.BytesIO(sent.content)).sheetnames
    preview = preview_workbook(office, io.BytesIO(sent.content))
    assert {row.kind for row in preview.rows} == {"unchanged"}
    assert sum(1 for row in preview.rows) >= 3


def test_a_department_head_sees_the_department_and_keeps_no_templates(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as(world.people["head"])
    shown = client.get("/reports/lists/").content.decode()
    assert "办案期限管理不严" in shown and "固定资产账实不符" not in shown
    assert client.get("/reports/templates/").status_code == 403
    assert sign_in_as(world.people["owner"]).get("/reports/").status_code == 403


def test_a_template_is_refused_with_its_place_then_taken_and_restored(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as(world.people["office"])
    paper = docx.Document()
    paper.add_paragraph("本周情况")
    paper.add_paragraph("共{{ totl }}个<script>")
    wrong = io.BytesIO()
    paper.save(wrong)
    address = "/reports/templates/weekly/"
    refused = client.post(address, {"file": SimpleUploadedFile("<b>周报.docx", wrong.getvalue())})
    words = refused.content.decode()
    assert refused.status_code == 422 and "第2段“共{{ totl }}个&lt;script&gt;”" in words and "是不是“total”" in words
    assert "<b>周报" not in words and not Template.objects.exists()
    assert client.post(address, {"file": SimpleUploadedFile("x.docx", b"PK\x03\x04")}).status_code == 422
    good = SimpleUploadedFile("周报.docx", shipped_template("stage"))
    assert client.post(address, {"file": good, "note": "改措辞"}).status_code == 302
    assert "周报.docx" in client.get(address).content.decode()
    made = Template.objects.get()
    assert client.get(f"/reports/templates/versions/{made.pk}/file/").content == shipped_template("stage")
    assert client.get(address + "shipped/").content == shipped_template("weekly")
    client.post(address + "restore/", {"unit": made.unit_id})
    assert not Template.objects.filter(in_use=True).exists()
    client.post(f"/reports/templates/versions/{made.pk}/use/")
    assert Template.objects.get(in_use=True).pk == made.pk
    assert sign_in_as(world.people["head"]).get(f"/reports/templates/versions/{made.pk}/file/").status_code == 403


def test_a_long_paper_is_asked_for_followed_and_fetched(
    world: World, sign_in_as: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhenggai.web.views.reports.AT_ONCE", 2)
    client = sign_in_as(world.people["office"])
    assert "在后台生成" in client.get("/reports/sheets/").content.decode()
    asked = client.post("/reports/sheets/make/", {"form": "docx", "query": f"round={world.round.pk}"})
    making = Making.objects.get()
    assert asked["Location"] == f"/reports/makings/{making.pk}/"
    assert "hx-trigger" in client.get(asked["Location"]).content.decode()
    typed = client.get(f"/reports/sheets/file/pdf/?round={world.round.pk}")
    assert typed.status_code == 302 and Making.objects.count() == 2
    write_paper.call(making.pk)
    assert "下载文件" in client.get(asked["Location"], headers={"HX-Request": "true"}).content.decode()
    sent = client.get(f"/reports/makings/{making.pk}/file/")
    assert b"".join(sent.streaming_content).startswith(b"PK")
    assert sign_in_as(world.people["chief"]).get(asked["Location"]).status_code == 404


def test_pages_cost_as_many_queries_as_written_down(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as(world.people["office"])
    make_measure(world.findings[0])
    client.get("/reports/")  # what the first page of a visit alone costs
    addresses = (
        "/reports/",
        "/reports/weekly/",
        "/reports/lists/",
        "/reports/plan/",
        "/reports/templates/",
        "/reports/templates/weekly/",
    )

    def cost() -> dict[str, int]:
        counts = {}
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts[address] = len(queries)
        return counts

    few = cost()
    for number in range(5):
        make_measure(make_finding(world.round, department=world.department.pk), f"措施{number}")
    assert cost() == few
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        KEPT.write_text(json.dumps(few, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert few == json.loads(KEPT.read_text(encoding="utf-8"))


def test_hostile_words_of_the_record_stay_words(world: World, sign_in_as: SignIn) -> None:
    finding = world.findings[0]
    finding.title = "<img src=x onerror=alert(1)>{{ 7*7 }}=1+1\u202e"
    finding.save(update_fields=["title"])
    client = sign_in_as(world.people["office"])
    for code in ("lists", "weekly", "sheets", "plan"):
        shown = client.get(f"/reports/{code}/").content.decode()
        assert "<img" not in shown.split('<article class="gw"')[1], code
        assert "&lt;img src=x onerror=alert(1)&gt;{{ 7*7 }}=1+1" in shown, code
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/reports/lists/file/xlsx/").content)).worksheets[0]
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
