"""The loop through its addresses: what each person is offered, what is refused beside which field, and what others get."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from tests.factories.outcomes import make_decision, make_meeting, make_rule
from tests.factories.workflow import Body
from zhenggai.files.actions import store_file
from zhenggai.files.models import StoredFile
from zhenggai.findings.models import Finding, Stage
from zhenggai.outcomes.models import RuleDocument
from zhenggai.workflow import actions
from zhenggai.workflow.models import CloseOut, Evidence, EvidenceVersion, Extension, Opinion, WorkEntry

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
JSON = {"Accept": "application/json"}


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def upload(name: str = "清查表.txt", content: bytes = b"42") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def next_of(client: Client, finding: Finding) -> str:
    """Return the label of the one next step."""
    found = re.search(
        r'class="button primary wide" href="[^"]*">([^<]+)<', text_of(client.get(f"/findings/{finding.pk}/"))
    )
    return found[1] if found else ""


def test_from_progress_to_close_out_and_back_by_the_forms_of_the_page(sign_in_as: SignIn) -> None:
    body = Body("示例市人民检察院")
    finding = body.at_work("固定资产账实不符", measures=2, assist=[body.assisting.pk])
    at = f"/findings/{finding.pk}"
    first, second = finding.measures.order_by("order")
    owner, head = sign_in_as(body.owner), sign_in_as(body.head)
    assert next_of(owner, finding) == "填报进展"
    empty = owner.post(f"{at}/progress/", {"text": " "})
    assert empty.status_code == 422 and 'id="w-progress-text"' in text_of(empty)
    assert owner.post(f"{at}/progress/", {"text": "清点电脑", "measure": first.pk}).status_code == 302
    assert WorkEntry.objects.get().measure == first
    assert next_of(owner, finding) == "上传佐证"
    assert f'value="{second.pk}" selected' in text_of(owner.get(f"{at}/?measure={second.pk}"))

    files = {"file": [upload(), upload("照片.txt", b"43")], "measures": [first.pk, second.pk], "kind": "ledger"}
    assert owner.post(f"{at}/evidence/", files).status_code == 302
    assert [(each.name, each.links.count()) for each in Evidence.objects.all()] == [("清查表.txt", 2), ("照片.txt", 2)]
    ahead = owner.post(f"{at}/measures/{first.pk}/complete/", {"done_on": "2099-01-01"})
    assert ahead.status_code == 422 and f'id="w-complete-{first.pk}-done_on"' in text_of(ahead)
    early = owner.post(f"{at}/submit/", {"outcome": "completed", "statement": "已办结"})
    assert early.status_code == 409 and "第 1 项措施尚未完成" in text_of(early) and "已办结" in text_of(early)
    for measure in (first, second):
        assert owner.post(f"{at}/measures/{measure.pk}/complete/", {"note": "已完成"}).status_code == 302
    assert next_of(owner, finding) == "提交审核"
    phased = owner.post(f"{at}/submit/", {"outcome": "phased", "statement": "阶段", "milestone": "上线"})
    assert phased.status_code == 422 and 'id="w-submit-milestone_on"' in text_of(phased)
    assert owner.post(f"{at}/submit/", {"outcome": "completed", "statement": "已清查入账"}).status_code == 302

    page = text_of(owner.get(f"{at}/"))
    assert "部门负责人审核" in page and "等待" in page and "撤回提交" in page and 'id="pass"' not in page
    waiting = head.post(f"{at}/pass/", {"level": "department"})
    assert waiting.status_code == 409 and "还差会签：机关党委" in text_of(waiting)
    assert next_of(sign_in_as(body.assisting_head), finding) == "会签"
    assert sign_in_as(body.assisting_head).post(f"{at}/cosign/", {"level": "department"}).status_code == 302
    reason = head.post(f"{at}/return/", {"level": "department", "text": "", "page": "review"})
    assert reason.status_code == 422 and "对照审核" in text_of(reason) and 'id="w-return-text"' in text_of(reason)
    assert head.post(f"{at}/pass/", {"level": "department", "text": "属实"}).status_code == 302
    stale = head.post(f"{at}/pass/", {"level": "department"}, headers=JSON)
    assert stale.json()["error"]["code"] == "workflow.MovedMeanwhile" and "段红" in stale.json()["error"]["what"]
    assert sign_in_as(body.leader).post(f"{at}/pass/", {"level": "leader"}).status_code == 302
    chosen = finding.criteria.get(kind="confirmation")
    sign_in_as(body.office).post(f"{at}/pass/", {"level": "office", "confirm": chosen.pk})
    chief = sign_in_as(body.chief)
    minutes = chief.post(f"{at}/pass/", {"level": "group"})
    assert minutes.status_code == 422 and 'id="w-pass-minutes_no"' in text_of(minutes)
    chief.post(f"{at}/pass/", {"level": "group", "minutes_no": "党组会纪要〔2025〕3号"})
    supervisor = sign_in_as(body.supervisor)
    assert "即予销号" in text_of(supervisor.get(f"{at}/review/"))
    supervisor.post(f"{at}/pass/", {"level": "supervision"})
    finding.refresh_from_db()
    assert finding.stage == Stage.CLOSED

    close_out = CloseOut.objects.get()
    form = text_of(owner.get(f"/close-outs/{close_out.pk}/"))
    assert "已清查入账" in form and "党组会纪要〔2025〕3号" in form and "撤销销号…" not in form
    office = sign_in_as(body.office)
    wrong = office.post(f"/close-outs/{close_out.pk}/file/", {"filed_on": "不知道"})
    assert wrong.status_code == 422 and 'id="w-file-filed_on"' in text_of(wrong)
    why = supervisor.post(f"/close-outs/{close_out.pk}/revoke/", {"motive": ""})
    assert why.status_code == 422 and 'id="w-revoke-motive"' in text_of(why)
    assert supervisor.post(f"/close-outs/{close_out.pk}/revoke/", {"motive": "抽查又未入账"}).status_code == 302
    finding.refresh_from_db()
    assert finding.stage == Stage.REOPENED
    assert "已撤销" in text_of(owner.get(f"/close-outs/{close_out.pk}/"))
    assert "抽查又未入账" in text_of(owner.get(f"{at}/"))


def test_whoever_did_the_work_is_told_why_they_may_not_decide(sign_in_as: SignIn) -> None:
    body = Body()
    finding = body.at_work(owner=body.head, leader=body.leader)
    actions.write_progress(finding, actor=body.head, text="已核对")
    actions.submit(finding, actor=body.head, outcome="long_term", statement="长期坚持")
    page = text_of(sign_in_as(body.leader).get(f"/findings/{finding.pk}/"))
    assert "已跳过：本级可以审核的人员都参与了办理" in page and 'id="pass"' in page
    other = body.at_work()
    actions.write_progress(other, actor=body.head, text="代为核对")
    actions.submit(other, actor=body.owner, outcome="long_term", statement="长期坚持")
    refused = sign_in_as(body.head).post(f"/findings/{other.pk}/pass/", {"level": "leader"}, headers=JSON)
    assert refused.json()["error"]["code"] == "workflow.NotYourLevel"


def test_progress_and_completion_are_taken_back_with_reasons(sign_in_as: SignIn) -> None:
    body = Body()
    finding = body.at_work()
    measure = finding.measures.get()
    owner = sign_in_as(body.owner)
    owner.post(f"/findings/{finding.pk}/progress/", {"text": "填错了", "done_on": "昨"})
    assert not WorkEntry.objects.exists()
    owner.post(f"/findings/{finding.pk}/progress/", {"text": "填错了"})
    entry = WorkEntry.objects.get()
    assert owner.post(f"/findings/{finding.pk}/progress/{entry.pk}/withdraw/").status_code == 302
    entry.refresh_from_db()
    assert entry.withdrawn_at is not None
    owner.post(f"/findings/{finding.pk}/measures/{measure.pk}/complete/", {})
    refused = owner.post(f"/findings/{finding.pk}/measures/{measure.pk}/reopen/", {"why": ""})
    assert refused.status_code == 422 and f'id="w-undo-{measure.pk}-why"' in text_of(refused)
    owner.post(f"/findings/{finding.pk}/measures/{measure.pk}/reopen/", {"why": "又发现遗漏"})
    assert not measure.completions.filter(withdrawn_at=None).exists()


def test_evidence_is_looked_at_replaced_linked_and_withdrawn(sign_in_as: SignIn) -> None:
    body = Body()
    finding, other = body.at_work(), None
    owner = sign_in_as(body.owner)
    at = f"/findings/{finding.pk}"
    nothing = owner.post(f"{at}/evidence/", {"kind": "photo"})
    assert nothing.status_code == 422 and 'id="w-evidence-file"' in text_of(nothing)
    program = owner.post(f"{at}/evidence/", {"file": upload("安装.exe")})
    assert program.status_code == 415 and 'id="w-evidence-file"' in text_of(program)
    paper = docx.Document()
    paper.add_paragraph("<b>会议</b>议定事项")
    buffer = io.BytesIO()
    paper.save(buffer)
    owner.post(f"{at}/evidence/", {"file": upload("纪要.docx", buffer.getvalue()), "name": "推进会纪要"})
    evidence = Evidence.objects.get()
    page = text_of(owner.get(f"/evidence/{evidence.pk}/"))
    assert "&lt;b&gt;会议&lt;/b&gt;议定事项" in page and evidence.versions.get().file.sha256 in page
    photo = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(photo, "PNG")
    owner.post(f"/evidence/{evidence.pk}/replace/", {"file": upload("现场.png", photo.getvalue()), "note": "换成照片"})
    newest = EvidenceVersion.objects.get(no=2)
    shown = owner.get(f"/evidence/versions/{newest.pk}/pages/1/")
    assert shown["Content-Type"] == "image/jpeg" and "sandbox" in shown["Content-Security-Policy"]
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8\xff")
    sent = owner.get(f"/evidence/versions/{newest.pk}/file/")
    assert sent["Content-Disposition"].startswith("attachment")
    assert b"".join(sent.streaming_content) == photo.getvalue()
    assert "议定事项" in text_of(owner.get(f"/evidence/{evidence.pk}/?version=1"))
    assert (
        owner.get(f"/evidence/versions/{newest.pk}/pages/2/", headers=JSON).json()["error"]["code"] == "files.NoPreview"
    )

    other = body.finding(finding.round, "另一个问题")
    Finding.objects.filter(pk=other.pk).update(stage=Stage.WORKING)
    assert "推进会纪要" in text_of(owner.get(f"/findings/{other.pk}/evidence/choose/?q=推进"))
    assert "没有可以引用的佐证" in text_of(owner.get(f"/findings/{other.pk}/evidence/choose/?q=没有的"))
    assert owner.post(f"/findings/{other.pk}/evidence/link/", {"evidence": evidence.pk}).status_code == 302
    link = other.evidence_links.get()
    assert owner.post(f"/evidence-links/{link.pk}/unlink/").status_code == 302
    assert owner.post(f"/findings/{other.pk}/evidence/link/", {}, headers=JSON).status_code == 422
    refused = owner.post(f"/evidence/{evidence.pk}/withdraw/", {"why": ""})
    assert refused.status_code == 422 and 'id="w-withdraw-why"' in text_of(refused)
    owner.post(f"/evidence/{evidence.pk}/withdraw/", {"why": "传错"})
    evidence.refresh_from_db()
    assert evidence.withdrawn_why == "传错"


def test_what_cannot_be_previewed_says_so_and_offers_the_download(sign_in_as: SignIn) -> None:
    body = Body()
    finding = body.at_work()
    owner = sign_in_as(body.owner)
    owner.post(f"/findings/{finding.pk}/evidence/", {"file": upload("坏.pdf", b"%PDF-1.7 broken")})
    evidence = Evidence.objects.get()
    page = owner.get(f"/evidence/{evidence.pk}/")
    assert page.status_code == 200 and "文件已损坏或不完整" in text_of(page) and "下载原文件" in text_of(page)


def test_extensions_are_asked_for_decided_and_explained(sign_in_as: SignIn) -> None:
    body = Body()
    finding = body.at_work()
    owner, leader = sign_in_as(body.owner), sign_in_as(body.leader)
    at = f"/findings/{finding.pk}/extensions/"
    assert 'id="w-extension-to_due_on"' in text_of(owner.post(at, {"to_due_on": "", "reason": "等结果"}))
    assert 'id="w-extension-to_due_on"' in text_of(owner.post(at, {"to_due_on": "2020-01-01", "reason": "等结果"}))
    assert 'id="w-extension-reason"' in text_of(owner.post(at, {"to_due_on": "2030-09-30", "reason": ""}))
    assert owner.post(at, {"to_due_on": "2030年9月底前", "reason": "等结果"}).status_code == 302
    asked = Extension.objects.get()
    assert asked.to_due_on.isoformat() == "2030-09-30"
    assert next_of(leader, finding) == "审批延期申请"
    refused = leader.post(f"/extensions/{asked.pk}/decide/", {"verdict": "refuse", "opinion": ""})
    assert 'id="w-extension-decide-opinion"' in text_of(refused)
    assert leader.post(f"/extensions/{asked.pk}/decide/", {"verdict": "grant"}).status_code == 302
    finding.refresh_from_db()
    assert finding.due_on == asked.to_due_on
    again = owner.post(f"/extensions/{asked.pk}/withdraw/", headers=JSON)
    assert again.json()["error"]["code"] == "workflow.ExtensionNotOpen"


def test_criteria_are_added_met_and_taken_away(sign_in_as: SignIn) -> None:
    body = Body()
    finding = body.at_work()
    office, owner = sign_in_as(body.office), sign_in_as(body.owner)
    at = f"/findings/{finding.pk}"
    assert 'id="w-criterion-text"' in text_of(office.post(f"{at}/criteria/", {"text": "", "kind": "document"}))
    office.post(f"{at}/criteria/", {"text": "复核报告", "kind": "document"})
    criterion = finding.criteria.get(kind="document")
    assert "文件“复核报告”" in text_of(owner.get(f"{at}/"))
    evidence = body.evidence(finding)
    assert owner.post(f"/criteria/{criterion.pk}/meet/", {"evidence": evidence.pk}).status_code == 302
    assert owner.post(f"{at}/criteria/", {"text": "我来定"}, headers=JSON).json()["error"]["code"] == "kit.NotAllowed"
    assert f'id="w-drop-{criterion.pk}-why"' in text_of(office.post(f"/criteria/{criterion.pk}/withdraw/", {"why": ""}))
    office.post(f"/criteria/{criterion.pk}/withdraw/", {"why": "不再需要"})
    assert not finding.criteria.filter(kind="document", withdrawn_at=None).exists()


def test_others_find_nothing_at_any_address_of_the_loop(sign_in_as: SignIn) -> None:
    body = Body()
    finding = body.closed()
    evidence, version = Evidence.objects.first(), EvidenceVersion.objects.first()
    criterion, close_out = finding.criteria.first(), CloseOut.objects.get()
    link, measure = finding.evidence_links.first(), finding.measures.get()
    assert evidence and version and criterion and link
    at = f"/findings/{finding.pk}"
    reads = [f"{at}/review/", f"/evidence/{evidence.pk}/", f"/evidence/versions/{version.pk}/file/"]
    reads += [f"/evidence/versions/{version.pk}/pages/1/", f"/close-outs/{close_out.pk}/"]
    writes = [f"{at}/{name}/" for name in ("return", "pass", "cosign", "criteria")]
    writes += [f"/criteria/{criterion.pk}/withdraw/", f"/close-outs/{close_out.pk}/file/"]
    outsider = sign_in_as(body.outsider)
    for address in reads:
        assert outsider.get(address).status_code == 404, address
    for address in writes:
        assert outsider.post(address, {"level": "office", "text": "x"}).status_code == 404, address
    stranger = sign_in_as(Body().owner)
    works = [f"{at}/progress/", f"{at}/evidence/", f"{at}/evidence/link/", f"{at}/submit/", f"{at}/extensions/"]
    works += [f"{at}/measures/{measure.pk}/complete/", f"{at}/measures/{measure.pk}/reopen/"]
    works += [f"{at}/withdraw-submission/", f"/evidence-links/{link.pk}/unlink/", f"/evidence/{evidence.pk}/replace/"]
    works += [f"/evidence/{evidence.pk}/withdraw/", f"/criteria/{criterion.pk}/meet/"]
    for address in works:
        assert stranger.post(address, {"text": "x"}).status_code == 404, address
    assert stranger.get(f"{at}/evidence/choose/").status_code == 404
    chief = sign_in_as(Body().chief)
    for address in (f"{at}/reopen/", f"/close-outs/{close_out.pk}/revoke/"):
        assert chief.post(address, {"why": "x", "motive": "x"}).status_code == 404, address
    assert Opinion.objects.filter(text="x").count() == 0


def test_a_measure_of_another_finding_is_not_touched(sign_in_as: SignIn) -> None:
    body = Body()
    one, other = body.at_work(), body.at_work()
    measure = other.measures.get()
    owner = sign_in_as(body.owner)
    for address in (f"measures/{measure.pk}/complete/", f"measures/{measure.pk}/reopen/"):
        assert owner.post(f"/findings/{one.pk}/{address}", {"why": "x"}).status_code == 404
    assert owner.post(f"/findings/{one.pk}/evidence/", {"file": upload(), "measures": measure.pk}).status_code == 404
    assert not Evidence.objects.exists()


def test_what_is_not_governed_yet_shows_no_acts(sign_in_as: SignIn) -> None:
    body = Body()
    finding = body.finding(body.round())
    page = text_of(sign_in_as(body.owner).get(f"/findings/{finding.pk}/"))
    assert "整改方案批准后开始整改" in page and 'id="work"' not in page
    assert sign_in_as(body.owner).get(f"/findings/{finding.pk}/review/").status_code == 302
    told = sign_in_as(body.owner).post(f"/findings/{finding.pk}/progress/", {"text": "先做了"}, headers=JSON)
    assert told.json()["error"]["code"] == "workflow.MoveNotAllowed"


def test_the_life_of_a_finding_is_told_in_words(sign_in_as: SignIn) -> None:
    body = Body()
    page = text_of(sign_in_as(body.office).get(f"/findings/{body.closed().pk}/"))
    history = page[page.index('id="history"') :]
    assert "姚望 提交审核" in history and "已完成清查并入账" in history and "workflow." not in history


def test_the_ledger_shows_the_standing_and_refuses_to_set_it_by_hand(sign_in_as: SignIn) -> None:
    body = Body()
    finding = body.submitted(body.at_work())
    office = sign_in_as(body.office)
    listed = text_of(office.get("/findings/?standing=in_review"))
    assert f"/findings/{finding.pk}/" in listed and "state-in_review" in listed
    edit = text_of(office.get(f"/findings/{finding.pk}/edit/"))
    assert "状态随提交、审核、销号变化" in edit and 'name="status"' not in edit and 'name="due"' not in edit
    form = {"version": finding.version, "title": "改个说法", "kind": "ordinary", "owner": body.owner.pk}
    form |= {"leader": body.leader.pk, "department": body.department.pk, "completion_criteria": "账实相符"}
    assert office.post(f"/findings/{finding.pk}/edit/", form).status_code == 302
    finding.refresh_from_db()
    assert finding.title == "改个说法" and finding.due_on is not None
    measure = finding.measures.get()
    assert 'name="status"' not in text_of(office.get(f"/findings/{finding.pk}/measures/{measure.pk}/"))
    refused = office.post("/findings/bulk/", {"id": finding.pk, "status": "completed", "act": "assign"}, headers=JSON)
    assert refused.status_code == 409 and "“状态”不能直接修改" in refused.json()["error"]["what"]


def test_a_rule_that_was_issued_is_evidence_without_being_uploaded_again(sign_in_as: SignIn) -> None:
    body = Body("示例市人民检察院")
    finding = body.at_work("固定资产账实不符")
    measure = finding.measures.get()
    stored = store_file(actor=body.office, source=io.BytesIO("办法".encode()), name="管理办法.txt")
    rule = make_rule(body.unit, title="固定资产管理办法", findings=[finding.pk])
    other = make_rule(body.unit, title="公务接待办法")
    RuleDocument.objects.update(file=stored, file_name="管理办法.txt")
    owner, at = sign_in_as(body.owner), f"/findings/{finding.pk}/evidence"
    page = text_of(owner.get(f"{at}/choose/"))
    assert "固定资产管理办法" in page and "公务接待办法" not in page  # an owner sees the rules of their own finding
    for _again in range(2):
        given = {"paper": [f"rule-{rule.pk}"], "measures": [measure.pk]}
        assert owner.post(f"{at}/link/", given).status_code == 302
    evidence = Evidence.objects.get()
    assert (evidence.name, evidence.versions.get().file) == ("固定资产管理办法", stored)
    assert evidence.links.get().measure == measure and StoredFile.objects.count() == 1
    assert owner.post(f"{at}/link/", {"paper": [f"rule-{other.pk}"]}).status_code == 404


def test_from_a_finding_one_goes_on_to_letters_and_look_backs(sign_in_as: SignIn) -> None:
    body = Body("示例市人民检察院")
    finding = body.at_work("固定资产账实不符")
    body.at_work("别的轮次的")
    make_decision(make_meeting(body.unit), text="一个月内完成清查", finding=finding.pk)
    office, around = sign_in_as(body.office), f"/findings/{finding.pk}/similar/"
    page = text_of(office.get(around))
    assert f"/letters/new/?finding={finding.pk}" in page and "一个月内完成清查" in page
    form = text_of(office.get(f"/letters/new/?finding={finding.pk}"))
    assert re.search(rf'name="finding" value="{finding.pk}" checked', form) and "别的轮次的" not in form
    assert "起草函件" not in text_of(sign_in_as(body.owner).get(around))
    body.pass_to(body.submitted(finding))
    supervisor = sign_in_as(body.supervisor)
    assert f"/findings/{finding.pk}/look-back/" in text_of(supervisor.get(around))
    assert supervisor.post(f"/findings/{finding.pk}/look-back/", {"due_on": "2030-01-31"}).status_code == 302
    assert "2030年1月31日" in text_of(supervisor.get(around))
