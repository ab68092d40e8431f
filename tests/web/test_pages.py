"""What the pages promise: who sees what, forms that write through the acts, lists that stay small."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories.people import PASSWORD
from tests.web.conftest import World
from zhenggai.findings import actions
from zhenggai.findings.models import Finding, InspectionRound, SavedView
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import User

SignIn = Callable[..., Client]


def text_of(answer: object) -> str:
    """Return the page as text."""
    return answer.content.decode()  # type: ignore[attr-defined]  # Django's test response


def test_signing_in_leads_back_and_never_elsewhere(world: World) -> None:
    office = world.people["office"]
    client = Client()
    wrong = client.post("/sign-in/", {"username": office.username, "password": "nope"})
    assert wrong.status_code == 401
    assert "不正确" in text_of(wrong)
    back = client.post(
        "/sign-in/?next=/overview/", {"username": office.username, "password": PASSWORD, "next": "/overview/"}
    )
    assert back["Location"] == "/overview/"
    for foreign in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"):
        fresh = Client().post("/sign-in/", {"username": office.username, "password": PASSWORD, "next": foreign})
        assert fresh["Location"] == "/"


def test_a_first_password_must_be_changed_before_anything_else(world: World, sign_in_as: SignIn) -> None:
    person = world.people["head"]
    User.objects.filter(pk=person.pk).update(must_change_password=True)
    client = sign_in_as(person)
    assert client.get("/findings/")["Location"] == "/password/"
    differ = client.post("/password/", {"current": PASSWORD, "new": "Brand-New-2026", "again": "Other-New-2026"})
    assert differ.status_code == 422
    done = client.post("/password/", {"current": PASSWORD, "new": "Brand-New-2026", "again": "Brand-New-2026"})
    assert done.status_code == 302
    assert client.get("/findings/").status_code == 200


def test_home_leads_to_the_first_page_one_may_open(world: World, sign_in_as: SignIn) -> None:
    places = {
        "system_admin": "/system/units/",
        "security_admin": "/system/people/",
        "auditor": "/system/trail/",
        "no_post": "/me/",
    }
    for visitor, place in places.items():
        assert sign_in_as(world.people[visitor]).get("/")["Location"] == place


def test_the_navigation_shows_only_what_one_may_open(world: World, sign_in_as: SignIn) -> None:
    office = text_of(sign_in_as(world.people["office"]).get("/me/"))
    owner = text_of(sign_in_as(world.people["owner"]).get("/me/"))
    auditor = text_of(sign_in_as(world.people["auditor"]).get("/me/"))
    assert 'href="/intake/"' in office and 'href="/system/trail/"' not in office
    assert 'href="/intake/"' not in owner and 'href="/findings/"' in owner
    assert 'href="/system/trail/"' in auditor and 'href="/findings/"' not in auditor


def test_the_ledger_lists_what_one_may_see_and_finds_chinese(world: World, sign_in_as: SignIn) -> None:
    office = sign_in_as(world.people["office"])
    everything = text_of(office.get("/findings/"))
    assert all(finding.title in everything for finding in world.findings)
    found = text_of(office.get("/findings/?text=固定资产"))
    assert "<mark>固定资产</mark>账实不符" in found
    assert world.findings[1].title not in found
    head = text_of(sign_in_as(world.people["head"]).get("/findings/"))
    assert world.findings[0].title in head and world.findings[2].title not in head
    other = text_of(sign_in_as(world.people["other_head"]).get(f"/findings/{world.findings[0].pk}/"))
    assert world.findings[0].title not in other


def test_no_match_and_no_round_say_what_to_do(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as(world.people["office"])
    assert "清除全部筛选" in text_of(client.get("/findings/?text=没有这样的词"))
    assert "整改办导入文件" in text_of(sign_in_as(world.people["other_head"]).get("/findings/"))


def test_a_page_of_the_ledger_for_htmx_is_the_list_alone(world: World, sign_in_as: SignIn) -> None:
    part = text_of(sign_in_as(world.people["office"]).get("/findings/", headers={"HX-Request": "true"}))
    assert part.lstrip().startswith("<section")
    assert "<html" not in part


def test_bulk_assignment_writes_all_or_nothing(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as(world.people["office"])
    ids = [finding.pk for finding in world.findings]
    answer = client.post(
        "/findings/bulk/",
        {
            "id": ids,
            "leader": "keep",
            "owner": "keep",
            "department": world.other_department.pk,
            "due": "2030-06-30",
            "act": "assign",
        },
    )
    assert answer.status_code == 302
    assert set(Finding.objects.values_list("department_id", flat=True)) == {world.other_department.pk}
    refused = sign_in_as(world.people["owner"]).post("/findings/bulk/", {"id": ids, "act": "assign"})
    assert refused.status_code == 403
    nothing = client.post("/findings/bulk/", {"act": "assign"}, headers={"Accept": "application/json"})
    assert nothing.json()["error"]["code"] == "findings.NothingChosen"


def test_editing_keeps_what_others_changed_meanwhile(world: World, sign_in_as: SignIn) -> None:
    finding = world.findings[0]
    client = sign_in_as(world.people["office"])
    page = text_of(client.get(f"/findings/{finding.pk}/edit/"))
    assert f'name="version" value="{finding.version}"' in page
    form = {
        "version": finding.version,
        "title": "办案期限管理松弛",
        "no": "1",
        "kind": "ordinary",
        "status": "phased",
        "due": "2020-06-30",
    }
    form |= {"department": world.department.pk, "description": "一、超期\r\n二、漏报"}
    assert client.post(f"/findings/{finding.pk}/edit/", form).status_code == 302
    stale = client.post(f"/findings/{finding.pk}/edit/", form | {"title": "另一种写法"})
    assert stale.status_code == 409
    assert "另一种写法" in text_of(stale)
    finding.refresh_from_db()
    assert (finding.title, finding.status, finding.description) == ("办案期限管理松弛", "phased", "一、超期\n二、漏报")
    wrong = client.post(f"/findings/{finding.pk}/edit/", form | {"version": finding.version, "title": ""})
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in text_of(wrong)


def test_measures_are_added_changed_and_withdrawn(world: World, sign_in_as: SignIn) -> None:
    finding = world.findings[1]
    client = sign_in_as(world.people["office"])
    assert (
        client.post(
            f"/findings/{finding.pk}/measures/new/", {"version": finding.version, "text": "建立台账"}
        ).status_code
        == 302
    )
    measure = finding.measures.get()
    finding.refresh_from_db()
    changed = {"version": finding.version, "text": "建立并公开台账", "status": "completed"}
    assert client.post(f"/findings/{finding.pk}/measures/{measure.pk}/", changed).status_code == 302
    page = text_of(client.get(f"/findings/{finding.pk}/"))
    assert "建立并公开台账" in page
    finding.refresh_from_db()
    client.post(f"/findings/{finding.pk}/measures/{measure.pk}/withdraw/", {"version": finding.version})
    measure.refresh_from_db()
    assert measure.withdrawn_at is not None


def test_attachments_come_back_as_they_went_and_are_never_opened_here(world: World, sign_in_as: SignIn) -> None:
    finding = world.findings[0]
    head = sign_in_as(world.people["head"])
    upload = SimpleUploadedFile("会议纪要.html", b"<script>alert(1)</script>")
    assert head.post(f"/findings/{finding.pk}/attachments/", {"file": upload, "note": "证明"}).status_code == 302
    attachment = finding.attachments.get()
    answer = head.get(f"/attachments/{attachment.pk}/")
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert sign_in_as(world.people["other_head"]).get(f"/attachments/{attachment.pk}/").status_code == 404


def test_withdrawing_asks_for_a_reason_and_can_be_taken_back(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as(world.people["office"])
    finding = world.findings[2]
    assert "撤下原因" in text_of(client.post("/findings/withdraw/", {"id": finding.pk}))
    client.post("/findings/withdraw/", {"id": finding.pk, "reason": "重复导入"})
    assert finding.title not in text_of(client.get("/findings/"))
    assert finding.title in text_of(client.get("/findings/?withdrawn=1"))
    client.post("/findings/bulk/", {"id": finding.pk, "act": "restore"})
    assert finding.title in text_of(client.get("/findings/"))


def test_columns_and_views_are_remembered_per_person(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as(world.people["office"])
    client.post("/findings/columns/", {"columns": ["status", "kind"]})
    page = text_of(client.get("/findings/"))
    assert 'class="c-kind"' in page and 'class="c-leader"' not in page
    client.post("/findings/columns/", {"reset": "1"})
    assert 'class="c-leader"' in text_of(client.get("/findings/"))
    client.post("/findings/views/", {"name": "在改的", "query": "status=ongoing"})
    view = SavedView.objects.get()
    assert "在改的" in text_of(client.get("/findings/"))
    assert sign_in_as(world.people["chief"]).post(f"/findings/views/{view.pk}/delete/").status_code == 404
    client.post(f"/findings/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


def test_the_workbook_goes_out_and_comes_back(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as(world.people["office"])
    out = client.get("/findings/export/")
    assert out.content[:2] == b"PK"
    assert "UTF-8''" in out["Content-Disposition"]
    page = text_of(client.post("/findings/workbook/", {"file": SimpleUploadedFile("台账.xlsx", out.content)}))
    assert "3 行没有变化" in page
    forged = client.post("/findings/workbook/apply/", {"token": "forged"}, headers={"Accept": "application/json"})
    assert forged.json()["error"]["code"] == "web.BadRequest"
    bad = client.post(
        "/findings/workbook/",
        {"file": SimpleUploadedFile("台账.xlsx", b"nothing")},
        headers={"Accept": "application/json"},
    )
    assert bad.status_code == 422


def test_a_returned_workbook_ends_on_a_page_with_reasons_and_the_way_back(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as(world.people["office"])
    book = openpyxl.load_workbook(io.BytesIO(client.get("/findings/export/?round=").content))
    sheet = book["问题"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, columns["序号"]).value = None
    sheet.cell(3, columns["状态"]).value = "快好了吧"
    sheet.delete_rows(4)
    buffer = io.BytesIO()
    book.save(buffer)
    assert 'name="query" value="status=ongoing"' in text_of(client.get("/findings/workbook/?status=ongoing"))
    preview = text_of(
        client.post(
            "/findings/workbook/",
            {"file": SimpleUploadedFile("台账.xlsx", buffer.getvalue()), "query": "status=ongoing"},
        )
    )
    assert "1 处台账内容将被清空" in preview and '<strong class="clears">清空</strong>' in preview
    assert "表中缺少 1 行，台账保持原样" in preview and world.findings[2].title in preview
    token = re.search(r'name="token" value="([^"]+)"', preview)
    assert token is not None
    done = client.post("/findings/workbook/apply/", {"token": token[1], "query": "status=ongoing"}, follow=True)
    page = text_of(done)
    assert done.redirect_chain[-1][0] == "/findings/workbook/done/"
    assert "已更新 1 行，新增 0 行，拒绝 1 行" in page and "快好了吧" in page
    assert 'href="/findings/?status=ongoing"' in page


def test_the_overview_counts_and_links(world: World, sign_in_as: SignIn) -> None:
    page = text_of(sign_in_as(world.people["chief"]).get("/overview/"))
    assert "2024年市委巡察整改" in page
    assert f"department={world.department.pk}" in page
    assert "due=overdue" in page
    empty = text_of(sign_in_as(world.people["other_head"]).get("/overview/"))
    assert "还没有可以汇总的问题" in empty


def test_officers_work_on_accounts_posts_and_trail(world: World, sign_in_as: SignIn) -> None:
    admin = sign_in_as(world.people["system_admin"])
    page = text_of(admin.post("/system/people/add/", {"name": "新来", "username": "xinlai"}))
    assert "一次性密码" in page
    person = User.objects.get(username="xinlai")
    security = sign_in_as(world.people["security_admin"])
    security.post(f"/system/people/{person.pk}/posts/", {"role": "owner", "unit": world.department.pk})
    assert person.posts.get().role == "owner"
    assert (
        admin.post(f"/system/people/{person.pk}/posts/", {"role": "owner", "unit": world.department.pk}).status_code
        == 403
    )
    added = admin.post(
        "/system/units/add/", {"name": "检务保障部", "kind": "department", "parent": world.organisation.pk}
    )
    assert added.status_code == 302
    assert "检务保障部" in text_of(admin.get("/system/units/"))
    auditor = sign_in_as(world.people["auditor"])
    trail = text_of(auditor.get("/system/trail/?code=people.user_created"))
    assert "新来" in trail
    assert "哈希链完整" in text_of(auditor.post("/system/trail/verify/"))
    assert b"people.user_created" in b"".join(auditor.get("/system/trail/export/").streaming_content)


@pytest.mark.parametrize("address", ["/findings/", "/overview/", "/me/"])
def test_pages_speak_english_when_asked(world: World, sign_in_as: SignIn, address: str) -> None:
    client = sign_in_as(world.people["office"])
    client.post("/language/", {"language": "en", "next": "/"})
    page = text_of(client.get(address))
    assert '<html lang="en"' in page


def test_no_page_carries_inline_script_or_style(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as(world.people["office"])
    for address in ("/findings/", f"/findings/{world.findings[0].pk}/", "/overview/", "/intake/", "/system/people/"):
        page = text_of(client.get(address))
        assert "style=" not in page and "<style" not in page
        assert "onclick" not in page and "<script>" not in page
        assert "http://" not in page.replace("http://www.w3.org", "") and "https://" not in page


def second_round(world: World, name: str = "2025年市委巡察整改") -> InspectionRound:
    """Open a later round of the same body with one finding."""
    later = actions.create_round(
        actor=OPERATOR, unit=world.organisation, name=name, inspecting_body="市委巡察组", feedback_on=date(2025, 7, 1)
    )
    actions.create_finding(later, {"no": "1", "title": "会议记录不全"}, actor=world.people["office"])
    return later


def test_the_newest_round_is_shown_unless_all_are_asked_for(world: World, sign_in_as: SignIn) -> None:
    later = second_round(world)
    client = sign_in_as(world.people["office"])
    for address in ("/findings/", f"/findings/?round={later.pk}"):
        shown = text_of(client.get(address))
        assert "会议记录不全" in shown and world.findings[0].title not in shown
    everything = text_of(client.get("/findings/?round="))
    assert "会议记录不全" in everything and world.findings[0].title in everything
    assert "<h1>2025年市委巡察整改</h1>" in text_of(client.get("/overview/"))
    assert "<h1>总览</h1>" in text_of(client.get("/overview/?round="))
    back = client.post("/findings/bulk/", {"id": [world.findings[0].pk], "due": "2031-01-01", "act": "assign"})
    assert back["Location"] == "/findings/?round="


def test_leaders_and_owners_see_first_what_is_late(world: World, sign_in_as: SignIn) -> None:
    office, chief = world.people["office"], world.people["chief"]
    late = actions.create_finding(
        world.round, {"no": "9", "title": "保密柜无人值守", "due": "2020-01-01"}, actor=office
    )
    shown = text_of(sign_in_as(chief).get("/findings/"))
    assert shown.index(late.title) < shown.index(world.findings[0].title) < shown.index(world.findings[1].title)
    plain = text_of(sign_in_as(office).get("/findings/"))
    assert plain.index(world.findings[0].title) < plain.index(late.title)


def test_the_overview_names_what_is_late_and_who_answers(world: World, sign_in_as: SignIn) -> None:
    page = text_of(sign_in_as(world.people["office"]).get("/overview/"))
    head = page[: page.index('class="panels"')]
    assert "1 项已超期" in head
    assert world.findings[0].title in head and world.department.name in head and " 天" in head


def test_a_partial_viewer_is_told_so_and_sees_no_contradiction(world: World, sign_in_as: SignIn) -> None:
    InspectionRound.objects.update(declared_counts={"findings": 3})
    page = text_of(sign_in_as(world.people["head"]).get("/overview/"))
    assert "您可见 1 / 3 项" in page
    assert "文件所称与台账一致" in page


def test_words_that_are_no_deadline_are_marked(world: World, sign_in_as: SignIn) -> None:
    finding = world.findings[1]
    client = sign_in_as(world.people["office"])
    for words, marked in (("胡乱写", True), ("长期坚持", False)):
        finding.refresh_from_db()
        actions.update_finding(finding, {"due": words}, actor=world.people["office"], version=finding.version)
        page = text_of(client.get(f"/findings/{finding.pk}/"))
        assert ("未识别为日期" in page) is marked
        assert ("未识别为日期" in text_of(client.get("/findings/"))) is marked


def test_filters_keep_their_places_when_one_value_is_left(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as(world.people["office"])
    plain, narrowed = (text_of(client.get(f"/findings/?{query}")) for query in ("round=", "status=completed"))
    names = [re.findall(r'data-name="(aspect|department|leader|owner|due)"', page) for page in (plain, narrowed)]
    assert names[0] == names[1] == ["aspect", "department", "leader", "owner", "due"]


def test_findings_are_given_to_people_who_can_have_them(world: World, sign_in_as: SignIn) -> None:
    page = text_of(sign_in_as(world.people["office"]).get(f"/findings/{world.findings[0].pk}/edit/"))
    lists = {
        name: page[page.index(f'id="f-{name}"') : page.index("</select>", page.index(f'id="f-{name}"'))]
        for name in ("leader", "owner")
    }
    assert "周明远（" in lists["leader"] and "吴晓" not in lists["leader"]
    assert "吴晓（第一检察部）" in lists["owner"] and "周明远（" in lists["owner"]
    assert not any(name in lists["owner"] for name in ("何管", "审计", "安全"))


def test_a_holder_who_is_no_choice_any_more_stays_chosen(world: World, sign_in_as: SignIn) -> None:
    finding, owner = world.findings[0], world.people["owner"]
    Finding.objects.filter(pk=finding.pk).update(leader=owner)
    page = text_of(sign_in_as(world.people["office"]).get(f"/findings/{finding.pk}/edit/"))
    assert f'<option value="{owner.pk}" selected>吴晓' in page


def test_programs_are_no_evidence(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as(world.people["office"])
    for address in (f"/findings/{world.findings[0].pk}/attachments/", "/intake/"):
        form = {"file": SimpleUploadedFile("x.exe", b"MZ123"), "unit": world.organisation.pk}
        answer = client.post(address, form, headers={"Accept": "application/json"})
        assert answer.json()["error"]["code"] == "files.ForbiddenType"
