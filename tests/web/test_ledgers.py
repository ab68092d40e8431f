"""The pages of business ledgers: lists, rows, forms, bulk changes, named readers, and that other units' rows are not found."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from tests.factories.ledgers import CASES, CLOSED, WHOLE, declare, make_row
from tests.factories.people import make_department, make_unit, make_user
from zhenggai.audit.models import Entry
from zhenggai.ledgers.actions import add_snapshot
from zhenggai.ledgers.models import Attachment, Batch, Export, LedgerReader, Row, SavedView
from zhenggai.ledgers.tasks import write_export
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit
from zhenggai.watch.models import Alert

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LINKED = """
ledger: try_linked
label: 试用引用
key: [no]
fields:
  - {code: no, label: 编号, type: text}
  - {code: case, label: 案件, type: reference, ledger: try_cases, help: 填写案号}
  - {code: handler, label: 经办人, type: person}
"""


@pytest.fixture
def body() -> Unit:
    """Return a body whose office keeps the ledgers declared for these tests."""
    declare(CASES, CLOSED, WHOLE, LINKED)
    return make_unit("示例市人民检察院")


@pytest.fixture
def clerk(body: Unit, sign_in_as: SignIn) -> Client:
    """Return the browser of a clerk of case management, who keeps and designs ledgers."""
    department = make_department(body, "案件管理办公室")
    return sign_in_as(make_user("case_management_clerk", department, name="林案管"))


def text_of(answer: Any) -> str:
    """Return the words of a page."""
    return answer.content.decode()


def test_the_list_of_ledgers_shows_what_the_person_may_open(body: Unit, clerk: Client, sign_in_as: SignIn) -> None:
    make_row(body)
    page = text_of(clerk.get("/ledgers/"))
    assert "试用案件" in page
    assert "专人台账" not in page
    assert re.search(r"<b>1</b> 条", page)
    assert "业务台账" in page
    nobody = sign_in_as(make_user(name="无岗"))
    assert "没有可以查看的台账" in text_of(nobody.get("/ledgers/"))
    assert nobody.get("/ledgers/try_cases/").status_code == 404
    assert clerk.get("/ledgers/try_closed/").status_code == 404
    assert clerk.get("/ledgers/nothing/").status_code == 404


def test_mistakes_of_declarations_are_shown_to_those_who_write_them(
    body: Unit, clerk: Client, sign_in_as: SignIn
) -> None:
    declare(CASES, "ledger: broken\nlabel: 坏的\nfields:\n  - {code: a, label: 甲, type: wrong}\n")
    page = text_of(clerk.get("/ledgers/"))
    assert "broken.yaml" in page
    assert "第 4 行" in page
    assert "broken.yaml" not in text_of(sign_in_as(make_user("owner", make_department(body))).get("/ledgers/"))


def test_rows_are_searched_filtered_sorted_grouped_and_paged(body: Unit, clerk: Client) -> None:
    for number in range(1, 25):
        made = {"state": "open" if number % 2 else "done", "accepted_on": f"2026-03-{number:02d}", "people": number}
        make_row(body, no=f"示检{number}号", cause="受贿" if number == 7 else "盗窃", **made)
    page = text_of(clerk.get("/ledgers/try_cases/?q=受贿"))
    assert "示检7号" in page
    assert "示检8号" not in page
    found = text_of(clerk.get("/ledgers/try_cases/?f.people.from=10&f.people.to=12&sort=-people"))
    assert re.findall(r'row-link" href="[^"]+">(示检\d+号)', found) == ["示检12号", "示检11号", "示检10号"]
    assert 'aria-sort="descending"' in found
    assert "10 — 12" in found
    grouped = text_of(clerk.get("/ledgers/try_cases/?group=state"))
    assert re.findall(r'class="group-head".*?<b>(\d+)</b>', grouped, re.S) == ["12", "12"]
    part = clerk.get("/ledgers/try_cases/?size=20&page=2", headers={"HX-Request": "true"})
    assert "<html" not in text_of(part)
    assert len(re.findall("row-link", text_of(part))) == 4
    assert len(re.findall("row-link", text_of(clerk.get("/ledgers/try_cases/?size=20&page=9")))) == 4
    menu = text_of(clerk.get("/ledgers/try_cases/filter/state/?q=盗窃", headers={"HX-Request": "true"}))
    assert re.findall(r'class="words">(\w+)</span><span class="count">(\d+)', menu) == [
        ("已办结", "12"),
        ("办理中", "11"),
    ]
    assert "本季" in text_of(clerk.get("/ledgers/try_cases/filter/accepted_on/"))
    view = text_of(clerk.get("/ledgers/try_cases/?view=open"))
    assert "嫌疑人" not in re.findall("<thead>.*?</thead>", view, re.S)[0]
    past = text_of(clerk.get("/ledgers/try_cases/?as_of=2020-01-01"))
    assert "正在看台账在" in past
    assert "data-check" not in past


def test_columns_and_views_are_remembered(body: Unit, clerk: Client) -> None:
    make_row(body)
    clerk.post("/ledgers/try_cases/columns/", {"columns": ["no", "amount"], "query": ""})
    head = re.findall("<thead>.*?</thead>", text_of(clerk.get("/ledgers/try_cases/")), re.S)[0]
    assert "金额" in head
    assert "受理日期" not in head
    clerk.post("/ledgers/try_cases/columns/", {"reset": "1"})
    assert "受理日期" in re.findall("<thead>.*?</thead>", text_of(clerk.get("/ledgers/try_cases/")), re.S)[0]
    clerk.post("/ledgers/try_cases/views/", {"name": "我的", "query": "q=盗窃"})
    view = SavedView.objects.get()
    assert "我的" in text_of(clerk.get("/ledgers/try_cases/"))
    clerk.post(f"/ledgers/try_cases/views/{view.pk}/delete/", {"query": ""})
    assert not SavedView.objects.exists()


def test_personal_data_is_masked_until_it_is_asked_for_which_the_trail_tells(
    body: Unit, clerk: Client, sign_in_as: SignIn
) -> None:
    row = make_row(body, suspect="张三丰", phone="13812345678")
    page = text_of(clerk.get("/ledgers/try_cases/")) + text_of(clerk.get(f"/ledgers/try_cases/{row.pk}/"))
    assert "张三丰" not in page
    assert "张某某" in page
    assert not Entry.objects.filter(code="ledgers.personal_read").exists()
    assert "张三丰" in text_of(clerk.get("/ledgers/try_cases/?personal=1&q=张三丰"))
    assert "张三丰" in text_of(clerk.get(f"/ledgers/try_cases/{row.pk}/?personal=1"))
    assert Entry.objects.filter(code="ledgers.personal_read").count() == 2
    owner = sign_in_as(make_user("owner", make_department(body)))
    assert owner.get("/ledgers/try_cases/?personal=1").status_code == 403
    assert "查看个人信息" not in text_of(owner.get(f"/ledgers/try_cases/{row.pk}/"))


def test_rows_of_other_units_are_not_found(body: Unit, clerk: Client) -> None:
    other = make_unit()
    foreign = make_row(other, no="示检99号")
    assert "示检99号" not in text_of(clerk.get("/ledgers/try_cases/"))
    start = f"/ledgers/try_cases/{foreign.pk}/"
    for tail, method in (
        ("", "get"),
        ("edit/", "get"),
        ("withdraw/", "post"),
        ("restore/", "post"),
        ("attachments/", "post"),
    ):
        assert getattr(clerk, method)(start + tail).status_code == 404, tail


def test_a_row_is_entered_changed_withdrawn_and_restored(body: Unit, clerk: Client) -> None:
    form = {
        "v.no": "示检1号",
        "v.accepted_on": "2026年3月1日",
        "v.amount": "12.5万",
        "v.state": "open",
        "v.closed": "false",
    }
    bad = clerk.post("/ledgers/try_cases/new/", form | {"v.people": "很多"})
    assert bad.status_code == 422
    assert "应为数字" in text_of(bad)
    assert 'value="12.5万"' in text_of(bad)
    made = clerk.post("/ledgers/try_cases/new/", form)
    row = Row.objects.get()
    assert made["Location"] == f"/ledgers/try_cases/{row.pk}/"
    assert row.versions.get().data["amount"] == "125000.00"
    taken = clerk.post("/ledgers/try_cases/new/", form)
    assert taken.status_code == 409
    assert "已有“示检1号”这条记录" in text_of(taken)
    assert "已办结" in text_of(clerk.get(f"/ledgers/try_cases/{row.pk}/edit/"))
    clerk.post(
        f"/ledgers/try_cases/{row.pk}/edit/",
        form | {"v.people": "3", "revision": "1", "v.tags.": "1", "v.tags": ["open"]},
    )
    page = text_of(clerk.get(f"/ledgers/try_cases/{row.pk}/"))
    assert "<ins>3</ins>" in page
    assert "第 2 版" in page
    assert clerk.post(f"/ledgers/try_cases/{row.pk}/withdraw/", {"reason": ""}).status_code == 422
    clerk.post(f"/ledgers/try_cases/{row.pk}/withdraw/", {"reason": "重复"})
    assert "示检1号" in text_of(clerk.get("/ledgers/try_cases/?withdrawn=1"))
    clerk.post(f"/ledgers/try_cases/{row.pk}/restore/")
    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_fields_are_checked_as_they_are_left(body: Unit, clerk: Client) -> None:
    make_row(body, no="示检1号")
    check = "/ledgers/try_cases/check/"
    assert "应形如“示检1号”" in text_of(clerk.post(check + "no/", {"v.no": "x"}))
    assert "已有“示检1号”" in text_of(clerk.post(check + "no/", {"v.no": "示检1号", "body": str(body.pk)}))
    assert "合 12.5 万元" in text_of(clerk.post(check + "amount/", {"v.amount": "125000"}))
    assert "必须填写" in text_of(clerk.post(check + "no/", {"v.no": ""}))
    assert text_of(clerk.post(check + "people/", {"v.people": "3"})).strip() == ""
    assert "示检1号" in text_of(clerk.get("/ledgers/try_linked/lookup/case/?q=示检"))
    make_user("owner", body, name="石本院")
    make_user("owner", make_unit("外地人民检察院"), name="石外院")
    offered = text_of(clerk.get("/ledgers/try_linked/lookup/handler/?q=石"))
    assert "石本院" in offered and "石外院" not in offered
    assert "所引用的台账中没有这条记录" in text_of(clerk.post("/ledgers/try_linked/check/case/", {"v.case": "无"}))


def test_two_people_at_one_row_choose_field_by_field(body: Unit, clerk: Client, sign_in_as: SignIn) -> None:
    row = make_row(body, no="示检1号", people=1, cause="盗窃", amount="10")
    other = sign_in_as(make_user("rectification_office", body, name="周整改"))
    address = f"/ledgers/try_cases/{row.pk}/edit/"
    held = {"v.no": "示检1号", "v.cause": "盗窃", "v.amount": "10.00", "v.people": "1"}
    other.post(address, held | {"v.people": "5", "v.amount": "20", "revision": "1"})
    clash = clerk.post(address, held | {"v.people": "7", "v.cause": "诈骗", "revision": "1"})
    page = text_of(clash)
    assert clash.status_code == 409
    assert "周整改" in page
    assert re.findall(r'name="pick.(\w+)" value="mine"', page) == ["people"]
    assert 'name="v.cause" value="诈骗"' in page
    clerk.post(address, {"revision": "2", "v.people": "7", "pick.people": "theirs", "v.cause": "诈骗"})
    data = row.versions.get(valid_to=None).data
    assert (data["people"], data["cause"], data["amount"]) == (5, "诈骗", "20.00")


def test_neighbours_and_references_lead_on(body: Unit, clerk: Client) -> None:
    rows = [make_row(body, no=f"示检{number}号") for number in (1, 2, 3)]
    make_row(body, "try_linked", no="甲", case="示检2号")
    page = text_of(clerk.get(f"/ledgers/try_cases/{rows[1].pk}/?sort=no"))
    assert f'href="/ledgers/try_cases/{rows[0].pk}/?sort=no" data-shortcut="p"' in page
    assert f'href="/ledgers/try_cases/{rows[2].pk}/?sort=no" data-shortcut="n"' in page
    assert "2 / 3" in page
    assert "试用引用" in page
    linked = Row.objects.get(ledger="try_linked")
    assert f"/ledgers/try_linked/{linked.pk}/" in page
    assert f'href="/ledgers/try_cases/{rows[1].pk}/"' in text_of(clerk.get(f"/ledgers/try_linked/{linked.pk}/"))


def test_many_rows_are_changed_after_a_preview_and_taken_back(body: Unit, clerk: Client) -> None:
    rows = [make_row(body, people=1) for _ in range(3)]
    ids = ",".join(str(row.pk) for row in rows)
    start = {"id": ids, "query": "", "field": ["people"], "v.people": "9"}
    assert clerk.post("/ledgers/try_cases/bulk/", {"id": ids}).status_code == 200
    wrong = clerk.post("/ledgers/try_cases/bulk/", start | {"v.people": "999", "stage": "preview"})
    assert "全部未改" in text_of(wrong)
    preview = text_of(clerk.post("/ledgers/try_cases/bulk/", start | {"stage": "preview"}))
    assert "选中的 3 条都会改变" in preview
    done = clerk.post("/ledgers/try_cases/bulk/", start | {"stage": "apply"})
    batch = Batch.objects.get()
    assert done["Location"] == f"/ledgers/try_cases/batches/{batch.pk}/"
    assert {row.versions.get(valid_to=None).data["people"] for row in rows} == {9}
    assert "整批撤销" in text_of(clerk.get(done["Location"]))
    assert batch.label in text_of(clerk.get("/ledgers/try_cases/batches/"))
    clerk.post(f"/ledgers/try_cases/batches/{batch.pk}/undo/")
    assert {row.versions.get(valid_to=None).data["people"] for row in rows} == {1}
    assert clerk.post(f"/ledgers/try_cases/batches/{batch.pk}/undo/").status_code == 409


def test_files_lie_beside_rows(body: Unit, clerk: Client) -> None:
    row = make_row(body)
    paper = SimpleUploadedFile("笔录.txt", "询问笔录全文".encode())
    clerk.post(f"/ledgers/try_cases/{row.pk}/attachments/", {"file": paper, "note": "首次"})
    held = Attachment.objects.get()
    assert "询问笔录全文" in text_of(clerk.get(f"/ledger-files/{held.pk}/"))
    assert b"".join(clerk.get(f"/ledger-files/{held.pk}/file/").streaming_content).decode() == "询问笔录全文"  # type: ignore[attr-defined]
    refused = clerk.post(f"/ledgers/try_cases/{row.pk}/attachments/", {"file": SimpleUploadedFile("a.exe", b"MZ")})
    assert refused.status_code == 415
    clerk.post(f"/ledger-files/{held.pk}/withdraw/")
    assert clerk.get(f"/ledger-files/{held.pk}/").status_code == 404


def test_people_are_named_for_a_closed_ledger_for_a_reason(body: Unit, sign_in_as: SignIn) -> None:
    reader = make_user("owner", make_department(body), name="吴专人")
    guard = sign_in_as(make_user("security_admin", body))
    assert "专人台账" in text_of(guard.get("/ledgers/"))
    assert guard.get("/ledgers/try_closed/").status_code == 404
    form = {"user": reader.pk, "body": body.pk, "reason": ""}
    assert guard.post("/ledgers/try_closed/readers/name/", form).status_code == 422
    guard.post("/ledgers/try_closed/readers/name/", form | {"reason": "党组会决定"})
    named = LedgerReader.objects.get()
    theirs = sign_in_as(reader)
    assert theirs.get("/ledgers/try_closed/").status_code == 200
    assert "专人查阅" in text_of(theirs.get("/ledgers/"))
    assert "吴专人" in text_of(theirs.get("/ledgers/try_closed/readers/"))
    assert theirs.post(f"/ledgers/try_closed/readers/{named.pk}/end/").status_code == 403
    guard.post(f"/ledgers/try_closed/readers/{named.pk}/end/")
    assert theirs.get("/ledgers/try_closed/").status_code == 404
    assert guard.get("/ledgers/try_cases/readers/").status_code == 404


def test_rows_are_taken_out_as_files_which_the_trail_tells(
    body: Unit, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_row(body, no="示检1号", suspect="张三丰", cause="=1+1", people=3)
    book = clerk.get("/ledgers/try_cases/export/xlsx/?columns=no,suspect,people,cause")
    sheet = load_workbook(io.BytesIO(book.content)).active
    assert [cell.value for cell in sheet[1]] == ["案号", "嫌疑人", "人数", "案由"]
    assert [cell.value for cell in sheet[2]] == ["示检1号", "张某某", 3, "=1+1"]
    plain = clerk.get("/ledgers/try_cases/export/csv/?columns=no,cause&f.people.from=2")
    assert plain.content.decode("utf-8-sig").splitlines() == ["案号,案由", "示检1号,'=1+1"]
    assert Entry.objects.filter(code="ledgers.rows_exported").count() == 2
    assert clerk.get("/ledgers/try_cases/export/pdf/").status_code == 404
    monkeypatch.setattr("zhenggai.web.views.ledgers.exports.AT_ONCE", 0)
    begun = clerk.get("/ledgers/try_cases/export/csv/")
    export = Export.objects.get()
    assert begun["Location"] == f"/ledger-exports/{export.pk}/"
    assert "正在导出" in text_of(clerk.get(begun["Location"])) or "排队等待" in text_of(clerk.get(begun["Location"]))
    assert write_export.func(export.pk) == "done"
    assert "下载文件" in text_of(clerk.get(begun["Location"]))
    sent = clerk.get(f"/ledger-exports/{export.pk}/file/")
    assert "示检1号" in b"".join(sent.streaming_content).decode()  # type: ignore[attr-defined]  # a file is streamed


def test_a_ledger_is_told_in_plain_words(body: Unit, clerk: Client) -> None:
    page = text_of(clerk.get("/ledgers/try_cases/about/"))
    assert "应形如“示检1号”" in page
    assert "2026年1月1日起：" in page
    shipped = text_of(clerk.get("/ledgers/hearings/about/"))
    assert "未核对" in shipped
    assert "检察听证" in shipped


def test_the_text_of_an_own_ledger_is_checked_line_by_line_and_kept(body: Unit, clerk: Client, home: Path) -> None:
    assert "label: 试用引用" in text_of(clerk.get("/ledgers/try_linked/text/"))
    wrong = LINKED.replace("type: text", "type: words")
    said = text_of(clerk.post("/ledgers/try_linked/text/check/", {"text": wrong}))
    assert "第 6 行" in said
    assert clerk.post("/ledgers/try_linked/text/", {"text": wrong}).status_code == 422
    file = home / "packs" / "try_pack" / "ledgers" / "try_linked.yaml"
    assert "words" not in file.read_text("utf-8")
    better = LINKED.replace("试用引用", "改名引用")
    assert clerk.post("/ledgers/try_linked/text/", {"text": better}).status_code == 302
    assert "改名引用" in text_of(clerk.get("/ledgers/"))
    assert [path.read_text("utf-8") for path in (home / "packs-kept").rglob("*.yaml.*")] == [LINKED]
    assert Entry.objects.filter(code="ledgers.declaration_saved").count() == 1


def test_a_shipped_ledger_is_changed_by_an_extension_which_opens_nothing(body: Unit, clerk: Client, home: Path) -> None:
    assert "extends: hearings" in text_of(clerk.get("/ledgers/hearings/text/"))
    clerk.post("/ledgers/hearings/text/", {"text": "extends: hearings\nlabel: 听证登记\n"})
    assert "听证登记" in text_of(clerk.get("/ledgers/"))
    opening = clerk.post("/ledgers/hearings/text/", {"text": "extends: try_closed\nsecrecy: open\n"})
    assert opening.status_code in {409, 422}
    assert clerk.get("/ledgers/try_closed/").status_code == 404


def test_an_open_ledger_reads_no_closed_one_and_a_text_declares_its_own(body: Unit, clerk: Client, home: Path) -> None:
    rule = "  - {rule: seen, kind: comparison, label: 对照, with_ledger: try_closed, on: left.no = right.no}\n"
    figure = "  - {indicator: many, label: 合计, numerator: {of: count, ledger: try_closed}}\n"
    for name, part in (("rules", rule), ("indicators", figure)):
        sent = {"text": f"extends: hearings\n{name}:\n{part.replace('left.no', 'left.case_no')}"}
        answer = clerk.post("/ledgers/hearings/text/", sent)
        assert (answer.status_code, "限专人查阅" in text_of(answer)) == (422, True), text_of(answer)
    assert clerk.post("/ledgers/hearings/text/", {"text": "extends: try_closed\nlabel: 改名\n"}).status_code == 422
    assert not (home / "packs" / "own" / "ledgers" / "hearings.yaml").exists()
    bare = CASES.replace(
        "code: suspect, label: 嫌疑人, type: text, personal: name",
        "code: who, label: 嫌疑人, type: text, renamed_from: [suspect]",
    )
    renamed = clerk.post("/ledgers/try_cases/text/", {"text": bare.replace("title: [no, suspect]", "title: [no, who]")})
    assert (renamed.status_code, "不能取消遮盖" in text_of(renamed)) == (422, True), text_of(renamed)
    for address in ("/ledgers/try_linked/text/", "/ledgers/try_linked/text/check/"):
        other = clerk.post(address, {"text": "extends: hearings\nlabel: 听证登记\n"})
        assert "没有台账“try_linked”" in text_of(other), address


def test_a_list_asks_as_few_questions_of_a_thousand_rows_as_of_one(body: Unit, clerk: Client) -> None:
    counts: dict[str, list[int]] = {}
    for rows in (1, 60):
        for _ in range(rows):
            make_row(body, suspect="张三", state="open")
        for name, address in (("list", "/ledgers/try_cases/"), ("index", "/ledgers/")):
            clerk.get(address)
            with CaptureQueriesContext(connection) as asked:
                clerk.get(address)
            counts.setdefault(name, []).append(len(asked))
    assert counts["list"][1] <= counts["list"][0] <= 12, counts
    assert counts["index"][1] == counts["index"][0] <= 16, counts


def test_a_file_is_brought_matched_tried_written_and_taken_back(
    body: Unit, clerk: Client, django_capture_on_commit_callbacks: Any, sign_in_as: SignIn
) -> None:
    def post(address: str, form: dict[str, Any]) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return clerk.post(address, form)

    make_row(body, no="示检1号", people=1)
    table = "案号,罪名,人数,备注\n示检1号,盗窃,3,x\n示检2号,诈骗,2,y\n错号,抢劫,1,z\n".encode()
    assert "历次导入" not in text_of(clerk.get("/ledgers/try_cases/import/"))
    made = post("/ledgers/try_cases/import/", {"file": SimpleUploadedFile("案件.csv", table), "body": body.pk})
    here = made["Location"]
    page = text_of(clerk.get(here))
    assert "列与字段的对应" in page
    assert re.findall(r'<option value="(\w+)" selected>案号 \*', page) == ["no"]
    ways = {"c.0": "no", "c.1": "cause", "c.2": "people", "known": "update", "blanks": "leave", "problems": "stop"}
    doubled = post(f"{here}match/", ways | {"c.2": "no"})
    assert doubled.status_code == 422
    assert "对应了两列" in text_of(doubled)
    post(f"{here}match/", ways)
    tried = text_of(clerk.get(here))
    assert "试算结果" in tried
    assert "应形如“示检1号”" in tried
    assert "写入台账" not in tried
    assert clerk.get(f"{here}problems/").status_code == 200
    post(f"{here}match/", ways | {"problems": "skip"})
    assert "写入台账：新增 1 条，更新 1 条" in text_of(clerk.get(here))
    post(f"{here}write/", {})
    assert "已写入台账" in text_of(clerk.get(here))
    assert Row.objects.filter(withdrawn_at=None).count() == 2
    post(f"{here}undo/", {})
    assert "已经撤销" in text_of(clerk.get(here))
    assert Row.objects.filter(withdrawn_at=None).count() == 1
    other = sign_in_as(make_user("rectification_office", make_unit()))
    for tail, method in (("", "get"), ("progress/", "get"), ("problems/", "get"), ("write/", "post")):
        assert getattr(other, method)(here + tail).status_code == 404, tail
    assert sign_in_as(make_user("owner", make_department(body))).get("/ledgers/try_cases/import/").status_code == 403


def test_a_ledger_is_made_from_a_table(
    body: Unit, clerk: Client, home: Path, sign_in_as: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    lines = [
        "登记号,来信人姓名,类别,日期",
        *(f"信{n:03d},张三,{'控告' if n % 2 else '申诉'},2026-02-{n:02d}" for n in range(1, 9)),
    ]
    sent = {"file": SimpleUploadedFile("来信.csv", "\n".join(lines).encode())}
    page = text_of(clerk.post("/ledgers/new-ledger/", sent))
    token = re.findall('name="token" value="([^"]+)"', page)[0]
    assert "8 行数据" in page
    assert re.findall(r'name="key" value="(\d)" checked', page) == ["0"]
    form: dict[str, Any] = {
        "token": token,
        "table": "0",
        "label": "来信：台账",
        "ledger": "own_letters",
        "one": "来信",
        "key": ["0"],
    }
    for n, (label, kind) in enumerate((("登记号", "text"), ("来信人", "text"), ("类别", "choice"), ("日期", "date"))):
        form |= {f"keep.{n}": "1", f"label.{n}": label, f"type.{n}": kind, f"code.{n}": f"c{n}"}
    form |= {"personal.1": "name", "values.2": "控告\n申诉", "date": "3", "rows": "1", "body": str(body.pk)}
    wrong = clerk.post("/ledgers/new-ledger/", form | {"code.0": "a, b: [c"})
    assert wrong.status_code == 422
    assert clerk.post("/ledgers/new-ledger/", form | {"ledger": "try_cases"}).status_code == 422
    taken = clerk.post("/ledgers/new-ledger/", form | {"ledger": "hearing", "code.2": "topic"})
    assert "hearing_topic" in text_of(taken)
    other = sign_in_as(make_user("case_management_clerk", make_department(body, "另一部门")))
    assert other.post("/ledgers/new-ledger/", form).status_code == 400
    assert sign_in_as(make_user("owner", make_department(body))).get("/ledgers/new-ledger/").status_code == 403
    with django_capture_on_commit_callbacks(execute=True):
        made = clerk.post("/ledgers/new-ledger/", form)
    assert made["Location"].startswith("/ledger-imports/")
    assert "列与字段的对应" in text_of(clerk.get(made["Location"]))
    assert "来信：台账" in text_of(clerk.get("/ledgers/own_letters/"))
    assert (home / "packs" / "own" / "ledgers" / "own_letters.yaml").is_file()


def test_a_row_imported_whole_is_shown_and_corrected_for_a_reason(body: Unit, clerk: Client, home: Path) -> None:
    made = home / "rows.parquet"
    duckdb.sql("SELECT 'a/1' AS row_id, 'a/1' AS no, '甲' AS name").write_parquet(str(made))
    add_snapshot("try_whole", actor=OPERATOR, body=body, made=made, taken_on=date(2026, 3, 1))
    page = text_of(clerk.get("/ledgers/try_whole/"))
    address = re.findall(r'row-link" href="([^"]+)"', page)[0].replace("&amp;", "&")
    assert "更正" in text_of(clerk.get(address))
    correct = f"/ledgers/try_whole/correct/?row={body.pk}:a/1"
    form = {"v.no": "a/1", "v.name": "乙", "revision": "0"}
    assert clerk.post(correct, form).status_code == 422
    assert clerk.post(correct, form | {"reason": "录错"}).status_code == 302
    assert "乙" in text_of(clerk.get(address))
    assert clerk.get("/ledgers/try_whole/new/").status_code == 403


def test_alerts_stand_beside_ledgers_and_rows(body: Unit, clerk: Client) -> None:
    row = make_row(body, no="示检1号")
    now = timezone.now()
    Alert.objects.create(
        ledger="try_cases", rule="late", watch_body=body, subject=f"row:{row.pk}", body=body, unit=body, severity="red",
        title="示检1号", message="示检1号超期未办结。", digest="x", first_seen_at=now, since=now, last_seen_at=now,
    )  # fmt: skip
    assert "1 条预警" in text_of(clerk.get("/ledgers/"))
    assert "示检1号超期未办结。" in text_of(clerk.get(f"/ledgers/try_cases/{row.pk}/"))
