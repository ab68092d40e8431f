"""The workbench, the quality page and the pictures, asked for as their readers do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories.days import days_since, past_workday
from tests.factories.workflow import Body
from zhenggai.findings.models import Finding, InspectionRound

SignIn = Callable[..., Client]
PICTURES = (
    "/findings/board/", "/findings/timeline/", "/findings/month/?month=2030-06", "/overview/matrix/", "/overview/burn-down/",
    "/overview/one-page/",
)  # fmt: skip
pytestmark = pytest.mark.django_db


def _body() -> tuple[Body, InspectionRound, list[Finding]]:
    body = Body("示例市人民检察院")
    round_ = body.round()
    made = [
        body.finding(round_, title, no=str(n))
        for n, title in enumerate(("账实不符", "合同管理松散", "公务接待超标"), 1)
    ]
    body.approved(round_)
    Finding.objects.filter(pk=made[1].pk).update(due_on=past_workday(4))
    body.submitted(made[2])
    return body, round_, made


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]  # an HttpResponse


def test_everybody_finds_their_own_workbench_and_pictures(sign_in_as: SignIn) -> None:
    body, _round, _made = _body()
    owner, head, leader, office, outsider = (
        sign_in_as(person) for person in (body.owner, body.head, body.leader, body.office, body.outsider)
    )
    bench = text_of(owner.get("/"))
    assert "待我办理" in bench and f"超期 {days_since(past_workday(4))} 天" in bench
    waiting = text_of(owner.get("/desk/waiting/"))
    assert "我在等待" in waiting and "由 段红 办理" in waiting
    assert "临期与超期" in text_of(owner.get("/desk/beside/")) and "账实不符" not in text_of(
        outsider.get("/desk/beside/")
    )
    assert "待我审核" in text_of(head.get("/")) and "公务接待超标" in text_of(head.get("/"))
    assert "分管范围" in text_of(leader.get("/"))
    assert "没有等您审核" in text_of(office.get("/"))
    for address in PICTURES:
        told = text_of(owner.get(address))
        assert any(word in told for word in ("账实不符", "未完成", "计财处")), address
        stranger = outsider.get(address)
        assert stranger.status_code == 200 and "账实不符" not in text_of(stranger), address
    alerts = text_of(office.get("/desk/alerts/"))
    assert "已超过整改时限" in alerts
    assert owner.get("/quality/").status_code == 403


def test_numbers_of_the_matrix_lead_to_lists_as_long(sign_in_as: SignIn) -> None:
    body, round_, _made = _body()
    office = sign_in_as(body.office)
    page = text_of(office.get(f"/overview/matrix/?round={round_.pk}"))
    links = re.findall(r'<a[^>]* href="(/findings/\?[^"]*standing=[^"]*)">(\d+)</a>', page)
    assert len(links) >= 3
    for address, count in links:
        answer = text_of(office.get(address.replace("&amp;", "&")))
        assert re.search(rf"共 <b>{count}</b> 项", answer), address


def test_the_quality_page_opens_one_check_and_hands_out_all(sign_in_as: SignIn) -> None:
    body, round_, made = _body()
    office = sign_in_as(body.office)
    page = text_of(office.get("/quality/?check=progress.late"))
    assert f'href="/findings/{made[1].pk}/"' in page and "合同管理松散" in page
    assert "合同管理松散" not in text_of(office.get("/quality/?severity=low"))
    assert office.get(f"/quality/?department={body.department.pk}&severity=high").status_code == 200
    sheet = office.get(f"/quality/export/?round={round_.pk}")
    assert sheet.content[:2] == b"PK" and "filename*=" in sheet["Content-Disposition"]


def test_odd_addresses_answer_and_other_rounds_stay_out_of_sight(sign_in_as: SignIn) -> None:
    body, round_, _made = _body()
    office, outsider = sign_in_as(body.office), sign_in_as(body.outsider)
    for address in (
        "/?show=nonsense", "/?show=work", "/findings/month/?month=2025-13", "/findings/month/?month=9999-99",
        "/findings/month/?month=1000-01", "/overview/matrix/?by=x", "/findings/board/?standing=x&round=",
        "/quality/?severity=x&department=x&check=x", "/findings/timeline/?text=没有", "/overview/burn-down/?round=",
    ):  # fmt: skip
        assert office.get(address).status_code == 200, address
    for address in ("/overview/burn-down/", "/overview/one-page/", "/quality/", "/quality/export/"):
        assert outsider.get(f"{address}?round={round_.pk}").status_code == 404, address
