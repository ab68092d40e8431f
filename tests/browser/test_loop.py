"""The loop as its several people live it in the browser: work, evidence, submit, decide, close, revoke; on desk and phone."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Open, look_over, picture, press
from tests.factories.workflow import Body
from zhenggai.demo.exhibits import ledger, minutes, photograph
from zhenggai.findings.actions import add_measure
from zhenggai.findings.models import Finding, Stage
from zhenggai.workflow import actions
from zhenggai.workflow.models import CloseOut, Evidence

pytestmark = pytest.mark.browser
TITLE = "固定资产管理有漏洞，账面与实物长期对不上"
MEASURES = ("开展全院固定资产清查，逐件贴签入账", "修订《固定资产管理办法》，明确专人按月核对")


def _at_work(body: Body) -> Finding:
    round_ = body.round()
    finding = body.finding(
        round_, TITLE, measures=0, no="25", description="抽查 40 件资产，6 件有物无账、3 件有账无物，部分设备由个人长期占用。",
        assist=[body.assisting.pk],
    )  # fmt: skip
    for place, text in enumerate(MEASURES):
        finding.refresh_from_db()
        nature = "lasting_rule" if place else "fix_now"
        given = {"text": text, "nature": nature, "criterion": "制度印发并执行" if place else "资产逐件入账、账实相符"}
        add_measure(finding, given, actor=body.office, version=finding.version)
    body.approved(round_)
    return Finding.objects.get(pk=finding.pk)


def _exhibits(body: Body, finding: Finding) -> None:
    first, second = finding.measures.order_by("order")
    day = finding.created_at.date()
    files = (
        ("清查台账.xlsx", "ledger", ledger(TITLE, day, list(MEASURES)), [first]),
        ("党组会议纪要.docx", "minutes", minutes(TITLE, day, list(MEASURES)), [first, second]),
        ("公示现场.jpg", "photo", photograph(3), [second]),
    )
    for name, kind, content, measures in files:
        source = BytesIO(content)
        actions.add_evidence(
            finding,
            actor=body.owner,
            source=source,
            file_name=name,
            name=name.partition(".")[0],
            kind=kind,
            measures=measures,
        )


def test_the_owner_works_and_submits(open_browser: Open, transactional_db: None, sign_in_page: Any) -> None:
    body = Body("示例市人民检察院")
    finding = _at_work(body)
    page: Page = sign_in_page(open_browser(), body.owner.username)
    page.goto(f"/findings/{finding.pk}/")
    expect(page.locator(".rail .button.primary")).to_have_text("填报进展")
    page.locator("[data-for-measure]", has_text="填进展").first.click()
    expect(page.locator("#progress-measure")).to_have_value(str(finding.measures.order_by("order")[0].pk))
    page.locator("#progress-text").fill("已清点办公楼一至三层，登记 412 件，补登 6 件")
    page.reload()
    expect(page.locator("#progress-text")).to_have_value(re.compile("412 件"))
    page.get_by_role("button", name="保存进展").click()
    expect(page.locator(".entries").first).to_contain_text("412 件")

    page.goto(f"/findings/{finding.pk}/#evidence")
    page.locator("#evidence-file").set_input_files(
        [{"name": "清查台账.txt", "mimeType": "text/plain", "buffer": "编号 名称 状态".encode()}]
    )
    for box in page.locator(".upload-form input[name=measures]").all():
        box.check()
    page.get_by_role("button", name="上传佐证").click()
    expect(page.locator(".evidence-table")).to_contain_text("清查台账.txt")
    expect(page.locator(".rail .missing")).to_contain_text("第 1 项措施尚未完成")

    page.locator("#submit-statement").fill("已全部整改")
    expect(page.locator(".for-completed")).to_contain_text("现在还不能申请销号")
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("alert").first).to_contain_text("还不能销号")
    expect(page.locator("#submit-statement")).to_have_value("已全部整改")
    for _each in MEASURES:
        page.locator("summary", has_text="标记完成").first.click()
        page.locator(".act-fold[open] button", has_text="标记完成").click()
    expect(page.locator(".rail .button.primary")).to_have_text("提交审核")
    look_over(page, "at work")
    picture(page, "finding-work")
    page.get_by_label("阶段性完成").check()
    expect(page.locator("#submit-milestone")).to_be_visible()
    page.get_by_label("完成整改，申请销号").check()
    page.locator("#submit-statement").fill("清查 412 件，补登 6 件，办法已印发，账实相符。")
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator(".loop-line")).to_contain_text("部门负责人审核")
    expect(page.locator(".step-now")).to_contain_text("待 段红")
    expect(page.locator("summary", has_text="撤回提交")).to_be_visible()
    look_over(page, "submitted")
    phone = sign_in_page(open_browser(PHONE), body.owner.username)
    phone.goto(f"/findings/{finding.pk}/", wait_until="networkidle")
    look_over(phone, "submitted, on the phone")
    picture(phone, "finding-work")


def test_reviewers_read_claim_beside_evidence_and_decide(
    open_browser: Open, transactional_db: None, sign_in_page: Any
) -> None:
    body = Body("示例市人民检察院")
    finding = _at_work(body)
    _exhibits(body, finding)
    for measure in finding.measures.all():
        actions.complete_measure(measure, actor=body.owner, note="已落实，见台账和会议纪要。")
    statement = "清查 412 件，补登 6 件，追回 3 件；办法已印发，按月核对，账实相符。"
    actions.submit(finding, actor=body.owner, outcome="completed", statement=statement)
    actions.cosign(finding, actor=body.assisting_head, level="department", text="无不同意见。")
    head = sign_in_page(open_browser(), body.head.username)
    head.goto(f"/findings/{finding.pk}/")
    head.locator(".page-head .button.primary").click()
    expect(head.locator(".shown-paper")).to_contain_text("整改台账")
    press(head, "n")
    expect(head.locator("#shown-title")).to_have_text("党组会议纪要")
    expect(head.locator(".paper")).to_contain_text("议定事项")
    look_over(head, "claim beside evidence")
    picture(head, "finding-review")
    press(head, "n")
    expect(head.locator(".paper-pages img")).to_be_visible()
    assert head.locator(".paper-pages img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 960
    head.locator(".phrases button", has_text="佐证充分").click()
    expect(head.locator("#pass-text")).to_have_value(re.compile("佐证充分"))
    head.get_by_role("button", name="同意", exact=True).click()
    expect(head.locator(".notice").first).to_contain_text("已同意，送下一级")

    leader = sign_in_page(open_browser(PHONE), body.leader.username)
    leader.goto(f"/findings/{finding.pk}/review/", wait_until="networkidle")
    expect(leader.locator(".decision-bar")).to_be_visible()
    look_over(leader, "decision on the phone")
    picture(leader, "finding-review")
    leader.locator(".decision-bar").get_by_role("link", name="退回").click()
    expect(leader.locator("#return-text")).to_be_in_viewport()
    look_over(leader, "returning on the phone")
    leader.locator(".decision-bar").get_by_role("link", name="同意").click()
    expect(leader.locator("#pass-text")).to_be_in_viewport()
    leader.get_by_role("button", name="同意", exact=True).click()
    expect(leader.locator(".notice").first).to_contain_text("已同意")

    evidence = Evidence.objects.get(name="党组会议纪要")
    for size in (None, PHONE):
        page = sign_in_page(open_browser(size) if size else open_browser(), body.office.username)
        page.goto(f"/evidence/{evidence.pk}/", wait_until="networkidle")
        expect(page.locator(".versions .hash")).to_have_text(evidence.versions.get().file.sha256)
        look_over(page, "evidence")
        picture(page, "evidence")


def test_a_close_out_is_printed_and_revoked_with_a_motive(
    open_browser: Open, transactional_db: None, sign_in_page: Any
) -> None:
    body = Body("示例市人民检察院")
    finding = _at_work(body)
    _exhibits(body, finding)
    for measure in finding.measures.all():
        actions.complete_measure(measure, actor=body.owner, note="已落实，见台账和会议纪要。")
    actions.submit(finding, actor=body.owner, outcome="completed", statement="清查 412 件，补登 6 件，账实相符。")
    actions.cosign(finding, actor=body.assisting_head, level="department", text="无不同意见。")
    body.pass_to(finding)
    close_out = CloseOut.objects.get()
    page = sign_in_page(open_browser(), body.supervisor.username)
    phone = sign_in_page(open_browser(PHONE), body.office.username)
    page.goto(f"/close-outs/{close_out.pk}/")
    look_over(page, "close-out")
    picture(page, "close-out", whole=True)
    assert page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    phone.goto(f"/close-outs/{close_out.pk}/")
    look_over(phone, "close-out on the phone")
    picture(phone, "close-out", whole=True)
    page.locator("summary", has_text="撤销销号").click()
    expect(page.locator("#revoke .consequence")).to_contain_text("转为重新整改")
    page.get_by_label("撤销理由").fill("抽查发现新购设备又未入账")
    page.get_by_role("button", name="撤销销号", exact=True).click()
    expect(page.locator(".loop-line")).to_contain_text("抽查发现新购设备又未入账")
    assert Finding.objects.get(pk=finding.pk).stage == Stage.REOPENED
    page.goto(f"/close-outs/{close_out.pk}/")
    expect(page.locator(".revoked-stamp")).to_be_visible()
    look_over(page, "revoked")


def test_the_loop_goes_without_scripts(open_browser: Open, transactional_db: None, sign_in_page: Any) -> None:
    body = Body("示例市人民检察院")
    finding = _at_work(body)
    page = sign_in_page(open_browser(scripts=False), body.owner.username)
    page.goto(f"/findings/{finding.pk}/")
    page.locator("[data-for-measure]", has_text="传佐证").nth(1).click()
    expect(page.locator(".upload-form input[name=measures]").nth(1)).to_be_checked()
    page.locator("#evidence-file").set_input_files({"name": "办法.txt", "mimeType": "text/plain", "buffer": b"1"})
    page.get_by_role("button", name="上传佐证").click()
    expect(page.locator(".evidence-table")).to_contain_text("措施 2")
    page.locator("summary", has_text="标记完成").first.click()
    page.locator(".act-fold[open] [name=done_on]").fill("2099-01-01")
    page.locator(".act-fold[open] button", has_text="标记完成").click()
    expect(page.locator("[aria-invalid=true]")).to_be_visible()
    expect(page.locator(".field .error")).to_contain_text("不能晚于今天")
