"""The pages of registers: lists, forms, entries, files and exports, and that other bodies' entries are not found."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from tests.factories.findings import make_finding, make_round
from tests.factories.outcomes import (
    make_accountability,
    make_decision,
    make_group,
    make_meeting,
    make_recovery,
    make_rule,
)
from tests.factories.people import make_department, make_grassroots, make_unit, make_user
from tests.factories.referrals import make_clue, make_common, make_fix, make_petition
from zhenggai.audit.models import Entry
from zhenggai.outcomes.actions import add_member
from zhenggai.outcomes.models import Decision, Meeting, Member, RuleDocument
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit
from zhenggai.referrals.actions import hand_down
from zhenggai.referrals.kinds import CARRIED_OVER
from zhenggai.referrals.models import CarriedOver, Clue, ImmediateFix, Petition
from zhenggai.registers.actions import create_entry
from zhenggai.web.registers import SECTION_OF, TABS

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def _carried_over(body: Unit) -> CarriedOver:
    values = {"finding": make_finding(make_round(body)), "source": "audit", "earlier_text": "账实不符"}
    return create_entry(CARRIED_OVER, body, values, actor=OPERATOR)


MAKERS: dict[str, Callable[[Unit], Any]] = {
    "meeting": make_meeting,
    "decision": lambda body: make_decision(make_meeting(body)),
    "rule": make_rule,
    "accountability": make_accountability,
    "recovery": make_recovery,
    "group": make_group,
    "immediate_fix": make_fix,
    "petition": make_petition,
    "common": make_common,
    "carried_over": _carried_over,
    "clue": lambda body: make_clue(body, [make_user("discipline_group", body)]),
}


def test_every_register_has_a_maker_here() -> None:
    assert set(MAKERS) == set(TABS)


@pytest.mark.parametrize("name", sorted(TABS))
def test_entries_of_other_bodies_are_not_found(name: str, sign_in_as: SignIn) -> None:
    body, other = make_unit(), make_unit()
    tab = TABS[name]
    entry, foreign = MAKERS[name](body), MAKERS[name](other)
    people = [make_user("rectification_office", body), make_user("discipline_group", body)]
    if name == "clue":
        entry.readers.set([people[1]])
    person = next(person for person in reversed(people) if name in {"clue", "petition"} or person == people[0])
    client = sign_in_as(person)
    start = f"/{SECTION_OF[name].slug}/{tab.slug}/"
    assert client.get(f"{start}{entry.pk}/").status_code == 200
    assert client.get(f"{start}{entry.pk}/edit/").status_code == 200
    assert str(foreign) not in client.get(start).content.decode()
    for tail, method in (("", "get"), ("edit/", "get"), ("file/", "get"), ("withdraw/", "post")):
        assert getattr(client, method)(f"{start}{foreign.pk}/{tail}").status_code == 404, tail


def test_a_meeting_is_made_changed_and_withdrawn_on_its_pages(sign_in_as: SignIn) -> None:
    body = make_unit()
    client = sign_in_as(make_user("rectification_office", body))
    paper = SimpleUploadedFile("纪要.txt", "会议纪要全文".encode())
    bad = client.post("/outcomes/meetings/new/", {"kind": "party_group", "held_on": "2024-08-01", "topics": ""})
    assert bad.status_code == 422
    assert "请改正该字段" in bad.content.decode()
    form = {"kind": "party_group", "held_on": "2024-08-01", "topics": "一\r\n二", "file": paper}
    made = client.post("/outcomes/meetings/new/", form)
    meeting = Meeting.objects.get()
    assert made["Location"] == f"/outcomes/meetings/{meeting.pk}/"
    assert (meeting.topics, meeting.file_name, meeting.unit) == ("一\n二", "纪要.txt", body)
    sent = client.get(f"/outcomes/meetings/{meeting.pk}/file/")
    assert b"".join(sent.streaming_content).decode() == "会议纪要全文"  # type: ignore[attr-defined]  # a file is streamed
    changed = client.post(f"/outcomes/meetings/{meeting.pk}/edit/", {"no": "第3次", "version": "1"})
    assert changed.status_code == 302
    stale = client.post(f"/outcomes/meetings/{meeting.pk}/edit/", {"no": "第4次", "version": "1"})
    assert stale.status_code == 409
    assert "已被他人修改" in stale.content.decode()
    client.post(f"/outcomes/meetings/{meeting.pk}/withdraw/", {"reason": "重复"})
    assert client.get(f"/outcomes/meetings/{meeting.pk}/").status_code == 404


def test_a_program_is_refused_as_a_file(sign_in_as: SignIn) -> None:
    client = sign_in_as(make_user("rectification_office", make_unit()))
    form = {"kind": "other", "held_on": "2024-08-01", "topics": "一", "file": SimpleUploadedFile("a.exe", b"MZ")}
    assert client.post("/outcomes/meetings/new/", form).status_code == 415
    assert not Meeting.objects.exists()


def test_figures_lead_to_the_entries_behind_them(sign_in_as: SignIn) -> None:
    body = make_unit()
    round_ = make_round(body)
    make_recovery(body, amount="2026000", round=round_)
    make_accountability(body, name="王某某", round=round_)
    client = sign_in_as(make_user("leading_group_member", body))
    page = client.get("/outcomes/").content.decode()
    assert "202.60" in page
    assert f"/outcomes/accountability/?kind=criticism&amp;subject=person&amp;round={round_.pk}" in page
    listed = client.get(f"/outcomes/accountability/?kind=criticism&subject=person&round={round_.pk}").content.decode()
    assert "姓名不公开" in listed
    assert "王某某" not in listed


def test_the_catalogue_of_rules_is_sent_as_a_workbook(sign_in_as: SignIn) -> None:
    body = make_unit()
    make_rule(body, title="公务用车管理办法")
    client = sign_in_as(make_user("rectification_office", body))
    answer = client.get("/outcomes/rules/export/?kind=new")
    assert "UTF-8''%E5%88%B6%E5%BA%A6" in answer["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:2] == [1, "公务用车管理办法"]


def test_the_file_of_a_restricted_entry_is_for_those_who_may_read_all_of_it(sign_in_as: SignIn) -> None:
    body = make_unit()
    office = sign_in_as(make_user("rectification_office", body))
    form = {
        "no": "1号", "kind": "letter", "received_on": "2024-04-01", "due_on": "2024-05-31", "content": "窗口推诿",
        "file": SimpleUploadedFile("来信.txt", "来信".encode()),
    }  # fmt: skip
    office.post("/referrals/petitions/new/", form)
    petition = Petition.objects.get()
    sent = office.get(f"/referrals/petitions/{petition.pk}/file/")
    assert b"".join(sent.streaming_content).decode() == "来信"  # type: ignore[attr-defined]  # a file is streamed
    leader = sign_in_as(make_user("leader_in_charge", body))
    page = leader.get(f"/referrals/petitions/{petition.pk}/").content.decode()
    assert "窗口推诿" not in page
    assert "来信.txt" not in page
    assert leader.get(f"/referrals/petitions/{petition.pk}/file/").status_code == 403


def test_a_decision_is_followed_up_on_its_page(sign_in_as: SignIn) -> None:
    body = make_unit()
    department = make_department(body)
    decision = make_decision(make_meeting(body), department=department)
    client = sign_in_as(make_user("department_head", department))
    assert client.get("/outcomes/").status_code == 302
    assert str(decision) in client.get("/outcomes/decisions/").content.decode()
    bad = client.post(f"/outcomes/decisions/{decision.pk}/follow-up/", {"text": "已办", "done_on": "昨天"})
    assert bad.status_code == 422
    client.post(f"/outcomes/decisions/{decision.pk}/follow-up/", {"text": "已印发", "done": "1"})
    decision.refresh_from_db()
    assert decision.state == Decision.State.DONE


def test_members_are_added_replaced_kept_and_let_go_on_the_groups_page(sign_in_as: SignIn) -> None:
    body = make_unit()
    group = make_group(body)
    people = [make_user("department_head", make_department(body)) for _ in range(2)]
    client = sign_in_as(make_user("rectification_office", body))
    start = f"/outcomes/groups/{group.pk}/members/"
    assert client.post(start, {"user": people[0].pk, "role": "head"}).status_code == 302
    assert client.post(start, {"user": people[0].pk, "role": "head"}).status_code == 409
    assert client.post(start, {"user": "", "role": "head"}).status_code == 422
    member = Member.objects.get()
    replaced = client.post(f"/outcomes/members/{member.pk}/", {"act": "replace", "user": people[1].pk})
    assert replaced.status_code == 302
    new = Member.objects.get(until=None)
    assert client.post(f"/outcomes/members/{new.pk}/", {"act": "keep", "why": "留任"}).status_code == 302
    assert client.post(f"/outcomes/members/{new.pk}/", {"act": "nonsense"}).status_code == 404
    assert client.post(f"/outcomes/members/{new.pk}/", {"act": "end"}).status_code == 302
    assert not Member.objects.filter(until=None).exists()
    stranger = sign_in_as(make_user("rectification_office", make_unit()))
    assert stranger.post(f"/outcomes/members/{new.pk}/", {"act": "end"}).status_code == 404
    assert client.get(f"/outcomes/groups/{group.pk}/").status_code == 200


def test_fixes_petitions_and_uses_of_rules_are_reported_on_their_pages(sign_in_as: SignIn) -> None:
    body = make_unit()
    fix, petition, rule = make_fix(body), make_petition(body), make_rule(body)
    client = sign_in_as(make_user("rectification_office", body))
    done = client.post(f"/referrals/fixes/{fix.pk}/finish/", {"measure": "已更换", "done_on": "2024-04-10"})
    assert done.status_code == 302
    assert ImmediateFix.objects.get().done_on == date(2024, 4, 10)
    assert client.post(f"/referrals/fixes/{fix.pk}/finish/", {"measure": "再换"}).status_code == 409
    answer = {"result": "untrue", "text": "查无此事", "replied_on": "2024-05-01"}
    assert client.post(f"/referrals/petitions/{petition.pk}/answer/", answer).status_code == 302
    assert Petition.objects.get().result == "untrue"
    assert client.post(f"/outcomes/rules/{rule.pk}/uses/", {"note": "据此检查"}).status_code == 302
    assert RuleDocument.objects.get().uses.count() == 1


def test_a_common_problem_is_handed_down_on_its_page(sign_in_as: SignIn) -> None:
    body = make_unit()
    unit, foreign = make_grassroots(body), make_grassroots(make_unit())
    common = make_common(body)
    client = sign_in_as(make_user("rectification_office", body))
    assert client.post(f"/referrals/commons/{common.pk}/hand-down/", {"unit": foreign.pk}).status_code == 422
    assert client.post(f"/referrals/commons/{common.pk}/hand-down/", {"unit": [unit.pk]}).status_code == 302
    page = sign_in_as(make_user("grassroots_chief", unit)).get(f"/referrals/commons/{common.pk}/").content.decode()
    assert common.title in page
    assert "分发到所选单位" not in page


def test_a_clue_is_entered_read_and_shown_to_others_only_by_the_named(sign_in_as: SignIn) -> None:
    body = make_unit()
    one, two = make_user("discipline_group", body), make_user("discipline_group", body)
    client, other = sign_in_as(one), sign_in_as(two)
    bad = client.post("/referrals/clues/new/", {"no": "1号", "received_on": "2024-04-01"})
    assert bad.status_code == 422
    form = {"no": "线索1号", "received_on": "2024-04-01", "content": "违规兼职"}
    client.post("/referrals/clues/new/", form)
    clue = Clue.objects.get()
    assert list(clue.readers.all()) == [one]
    start = f"/referrals/clues/{clue.pk}/"
    assert "违规兼职" in client.get(start).content.decode()
    assert "违规兼职" in client.get(f"{start}edit/").content.decode()
    assert Entry.objects.filter(code="referrals.clue_read").count() == 2
    assert other.get(start).status_code == 404
    assert "另有 1 件" in other.get("/referrals/clues/").content.decode()
    assert other.post(f"{start}readers/", {"reader": two.pk}).status_code == 404
    assert other.post(f"{start}take/").status_code == 409
    assert client.post(f"{start}readers/", {}).status_code == 422
    moved = client.post(f"{start}readers/", {"reader": [two.pk]})
    assert moved["Location"] == "/referrals/clues/"
    assert "线索1号" in other.get("/referrals/clues/").content.decode()
    assert client.get("/referrals/clues/export/").status_code == 404
    office = sign_in_as(make_user("rectification_office", body))
    assert office.get("/referrals/clues/").status_code == 403


def test_a_finding_shows_what_came_about_and_what_it_looks_like(sign_in_as: SignIn) -> None:
    body = make_unit()
    text = "党组理论学习中心组学习计划性不强，全年集中学习次数不足"
    earlier = make_finding(make_round(body), text, status="completed")
    finding = make_finding(make_round(body), text)
    make_rule(body, title="学习规则", findings=[finding])
    clerk = sign_in_as(make_user("rectification_office", body))
    block = clerk.get(f"/findings/{finding.pk}/similar/").content.decode()
    assert "学习规则" in block
    assert "相似 100%" in block
    form = clerk.get(f"/referrals/carried-over/new/?finding={finding.pk}&earlier={earlier.pk}").content.decode()
    assert f'<option value="{earlier.pk}" selected>' in form
    refused = clerk.post(
        f"/findings/{finding.pk}/not-the-same/", {"earlier": earlier.pk}, headers={"HX-Request": "true"}
    )
    assert "相似" not in refused.content.decode()
    stranger = sign_in_as(make_user("rectification_office", make_unit()))
    assert stranger.get(f"/findings/{finding.pk}/similar/").status_code == 404


def test_the_figures_of_referrals_propose_common_problems(sign_in_as: SignIn) -> None:
    body = make_unit()
    round_ = make_round(body)
    for _number in range(3):
        make_finding(round_, "公务用车管理不严", unit=make_grassroots(body).pk)
    page = sign_in_as(make_user("rectification_office", body)).get("/referrals/").content.decode()
    assert "可能的共性问题" in page
    liaison = sign_in_as(make_user("grassroots_liaison", make_grassroots(body)))
    assert liaison.get("/referrals/")["Location"] == "/referrals/fixes/"


def test_a_person_may_be_named_member_only_from_ones_own_tree(sign_in_as: SignIn) -> None:
    body = make_unit()
    group = make_group(body)
    foreign = make_user("owner", make_department(make_unit()))
    client = sign_in_as(make_user("rectification_office", body))
    assert (
        client.post(f"/outcomes/groups/{group.pk}/members/", {"user": foreign.pk, "role": "member"}).status_code == 422
    )
    own = make_user("owner", make_department(body))
    assert add_member(group, own, actor=OPERATOR, role="member").user == own


def test_handing_down_tells_the_units(sign_in_as: SignIn) -> None:
    body = make_unit()
    unit = make_grassroots(body)
    liaison = make_user("grassroots_liaison", unit)
    shares = hand_down(make_common(body), [unit], actor=OPERATOR)
    assert liaison.notifications.get().path == f"/findings/{shares[0].finding_id}/"
