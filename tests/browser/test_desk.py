"""The workbench of each person, the quality page and the pictures, at the desk and on the phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Open, look_over, picture
from tests.factories.findings import make_aspect
from tests.factories.workflow import Body
from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.workflow import actions
from zhenggai.workflow.models import CloseOut, Item

pytestmark = pytest.mark.browser
TODAY = timezone.localdate()
PROBLEMS = (
    ("固定资产账实不符，部分资产长期没有入账", -6, 0),
    ("合同管理松散，采购合同没有统一归档", 3, 0),
    ("公务接待审批手续不全", 12, 0),
    ("涉案款物移交登记不规范", 25, 1),
    ("检察建议跟踪问效不到位，回复后没有回访", 40, 1),
    ("意识形态工作责任制落实不到位", -15, 2),
    ("党支部组织生活不经常，记录补写", 9, 2),
    ("对基层院指导监督不够，个别条线常年没有实地督导", 60, 1),
    ("内部控制制度没有随机构改革修订", 33, 0),
    ("信访件办理超期，答复群众不及时", 75, 1),
    ("干部选拔任用纪实材料不完整", 90, 2),
    ("公车使用登记与派车单不一致", 18, 0),
)


@pytest.fixture
def people(transactional_db: None) -> Body:
    """Build a round with a finding at each place of the loop."""
    body = Body("示例市人民检察院")
    round_ = body.round()
    feedback = TODAY - timedelta(days=100)
    InspectionRound.objects.filter(pk=round_.pk).update(
        name="2026年市委巡察整改",
        inspecting_body="市委第三巡察组",
        feedback_on=feedback,
        declared_counts={"findings": 14},
    )
    round_.refresh_from_db()
    aspects = [
        make_aspect(round_, title, no=no)
        for no, title in zip("一二三", ("财务资产管理", "司法办案", "党的建设"), strict=True)
    ]
    departments = (body.department, body.assisting, body.office_unit)
    made = []
    for number, (title, left, aspect) in enumerate(PROBLEMS, 1):
        made.append(
            body.finding(
                round_, title, no=str(number), aspect=aspects[aspect].pk, department=departments[0 if number in (10, 11) else aspect].pk,
                due=(TODAY + timedelta(days=max(left, 1))).isoformat(),
            )
        )  # fmt: skip
    body.approved(round_)
    for finding, (_title, left, _aspect) in zip(made, PROBLEMS, strict=True):
        Finding.objects.filter(pk=finding.pk).update(due_on=TODAY + timedelta(days=left))
    body.submitted(made[2])
    actions.return_work(made[2], actor=body.head, level="department", text="缺少接待审批单和公函，请补齐后再报")
    body.submitted(made[8])
    Item.objects.filter(pk=made[8].pk).update(level_since=timezone.now() - timedelta(days=14))
    body.pass_to(body.submitted(made[11]), "leader")
    body.pass_to(body.submitted(made[1]), "leader")
    actions.ask_extension(
        made[0], actor=body.owner, to_due_on=TODAY + timedelta(days=30), reason="权证办理需要自然资源部门配合"
    )
    actions.write_progress(made[0], actor=body.owner, text="已完成第一批清查")
    body.pass_to(body.submitted(made[9]), "office")
    closed = body.pass_to(body.submitted(made[10]))
    CloseOut.objects.filter(finding=closed).update(closed_on=TODAY - timedelta(days=20))
    return body


def test_each_persons_workbench(open_browser: Open, people: Body, sign_in_page: Any) -> None:
    for name, person in (
        ("owner", people.owner),
        ("head", people.head),
        ("leader", people.leader),
        ("clerk", people.clerk),
    ):
        for size in (None, PHONE):
            page = sign_in_page(open_browser(size) if size else open_browser(), person.username)
            page.goto("/", wait_until="networkidle")
            look_over(page, f"workbench of {name}")
            picture(page, f"workbench-{name}")
            if name == "owner":
                expect(page.locator("#work .rows-list > li").first).to_contain_text("缺少接待审批单和公函")
            if name == "clerk":
                expect(page.locator("#alerts")).to_contain_text("已超过整改时限")
    page.goto("/", wait_until="networkidle")
    page.keyboard.press("g")
    page.keyboard.press("q")
    expect(page.get_by_role("heading", level=1)).to_have_text("体检")


def test_quality_and_pictures(open_browser: Open, people: Body, sign_in_page: Any) -> None:
    desk, phone = (
        sign_in_page(open_browser(), people.office.username),
        sign_in_page(open_browser(PHONE), people.office.username),
    )
    pages = {
        "quality": "/quality/?check=progress.late",
        "board": "/findings/board/",
        "timeline": "/findings/timeline/",
        "month": "/findings/month/",
        "matrix": "/overview/matrix/",
        "burn-down": "/overview/burn-down/",
        "one-page": "/overview/one-page/",
        "overview-loop": "/overview/",
    }
    for name, address in pages.items():
        for page, place in ((desk, "desk"), (phone, "phone")):
            page.goto(address, wait_until="networkidle")
            look_over(page, f"{name} at the {place}")
            picture(page, name)
    desk.goto("/overview/burn-down/", wait_until="networkidle")
    desk.get_by_role("button", name="看表格").click()
    expect(desk.locator("table[data-chart]")).to_be_visible()
    look_over(desk, "the table behind the burn-down")
    desk.goto("/findings/board/")
    desk.get_by_role("link", name="甘特图").click()
    expect(desk.locator(".gantt-table tbody tr")).to_have_count(len(PROBLEMS))
    desk.emulate_media(media="print")
    desk.goto("/overview/one-page/", wait_until="networkidle")
    assert desk.pdf(format="A4").count(b"/Type /Page\n") <= 1
