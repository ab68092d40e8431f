"""The pages about messages, deputies and handing over, as their people use them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.factories.notifications import tell
from tests.web.conftest import World
from zhenggai.findings.models import Finding
from zhenggai.notifications.actions import Item
from zhenggai.notifications.kinds import Kind
from zhenggai.notifications.models import Address, Delivery, Preference
from zhenggai.people.models import Deputy, User

SignIn = Callable[..., Client]
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7abc-4bc4-97a0-0ec2sifa5aaa"


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_bell_counts_and_the_list_leads_to_the_evidence_in_one_click(world: World, sign_in_as: SignIn) -> None:
    owner = world.people["owner"]
    client = sign_in_as(owner)
    assert "通知，0 条未读" in page_of(client, "/me/")
    assert "还没有通知" in page_of(client, "/notifications/")
    items = [Item(f"问题{number}", f"/findings/{number}/#evidence", "还剩 3 天") for number in range(8)]
    note = tell(owner, kind=Kind.REMINDER, title="今日提醒 8 项", items=items)
    tell(owner, kind=Kind.PLAN, title="整改方案已批准")
    text = page_of(client, "/notifications/")
    assert "通知，2 条未读" in text
    assert 'href="/findings/0/#evidence"' in text
    assert "其余 2 项" in text
    assert "今日提醒" not in page_of(client, "/notifications/?kind=plan")
    assert client.post("/notifications/read/", {"id": note.pk}).status_code == 302
    assert "通知，1 条未读" in page_of(client, "/me/")
    answer = client.post("/notifications/read/", {"all": "1"}, headers={"Accept": "application/json"})
    assert answer.json() == {"read": 1}
    assert client.post("/notifications/read/", {"id": "x"}).status_code == 404


def test_a_hidden_kind_stands_apart(world: World, sign_in_as: SignIn) -> None:
    owner = world.people["owner"]
    client = sign_in_as(owner)
    Preference.objects.create(user=owner, muted=[Kind.PLAN])
    tell(owner, kind=Kind.PLAN, title="整改方案已批准")
    assert "整改方案已批准" not in page_of(client, "/notifications/")
    assert "整改方案已批准" in page_of(client, "/notifications/?muted=1")


def test_choices_are_kept_and_nonsense_is_refused(world: World, sign_in_as: SignIn) -> None:
    owner = world.people["owner"]
    client = sign_in_as(owner)
    given = {"muted": ["plan"], "email-reminder": "never", "chat-plan": "daily", "hour": "9"}
    assert client.post("/me/notifications/", given).status_code == 302
    kept = Preference.objects.get(user=owner)
    assert (kept.muted, kept.digest_hour) == (["plan"], 9)
    assert kept.modes == {"email": {"reminder": "never"}, "chat": {"plan": "daily"}}
    for wrong in ({"hour": "x"}, {"hour": "30"}, {"hour": "9", "email-plan": "sometimes"}):
        assert client.post("/me/notifications/", wrong).status_code == 422
    kept.refresh_from_db()
    assert kept.digest_hour == 9


def test_a_robots_address_is_never_shown_again(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as(world.people["owner"])
    answer = client.post("/me/robots/", {"channel": "wecom", "address": "https://evil.example/x", "name": "我的"})
    assert answer.status_code == 422
    assert "qyapi.weixin.qq.com" in answer.content.decode()
    assert client.post("/me/robots/", {"channel": "wecom", "address": WECOM, "name": "我的"}).status_code == 302
    text = page_of(client, "/me/notifications/")
    assert "我的" in text
    assert "…5aaa" in text
    assert "693a91f6" not in text
    robot = Address.objects.get()
    assert sign_in_as(world.people["head"]).post(f"/me/robots/{robot.pk}/remove/").status_code == 404
    assert client.post(f"/me/robots/{robot.pk}/test/").status_code == 302
    assert Delivery.objects.get().address == robot
    assert client.post(f"/me/robots/{robot.pk}/test/").status_code == 429
    assert client.post(f"/me/robots/{robot.pk}/remove/").status_code == 302
    assert "…5aaa" not in page_of(client, "/me/notifications/")


def test_the_office_keeps_the_robots_of_its_groups(world: World, sign_in_as: SignIn) -> None:
    office, owner = sign_in_as(world.people["office"]), sign_in_as(world.people["owner"])
    given = {"channel": "wecom", "address": WECOM, "unit": str(world.organisation.pk), "kinds": ["reminder"]}
    assert owner.post("/me/robots/", given).status_code == 404
    assert office.post("/me/robots/", given).status_code == 302
    assert "单位群机器人" in page_of(office, "/me/notifications/")
    assert "单位群机器人" not in page_of(owner, "/me/notifications/")


def test_mail_is_tried_only_where_it_can_go(world: World, sign_in_as: SignIn, settings: Any) -> None:
    client = sign_in_as(world.people["owner"])
    assert client.post("/me/email/test/").status_code == 409
    assert client.post("/me/email/", {"email": "nonsense"}).status_code == 422
    assert client.post("/me/email/", {"email": "a@example.cn"}).status_code == 302
    settings.ZHENGGAI_MAIL = True
    assert "发测试邮件" in page_of(client, "/me/notifications/")
    assert client.post("/me/email/test/").status_code == 302


def test_a_deputy_is_appointed_on_ones_own_page_and_named_on_every_page(world: World, sign_in_as: SignIn) -> None:
    head, owner = world.people["head"], world.people["owner"]
    client = sign_in_as(head)
    today = timezone.localdate()
    given = {"deputy": owner.pk, "started_on": str(today), "ended_on": str(today + timedelta(days=3)), "next": "/me/"}
    assert "指定代理" in page_of(client, "/me/")
    assert client.post(f"/deputies/of/{head.pk}/", given | {"ended_on": "soon"}).status_code == 422
    assert client.post(f"/deputies/of/{head.pk}/", given | {"deputy": world.people["auditor"].pk}).status_code == 404
    assert sign_in_as(owner).post(f"/deputies/of/{head.pk}/", given).status_code == 404
    assert client.post(f"/deputies/of/{head.pk}/", given).status_code == 302
    text = page_of(sign_in_as(User.objects.get(pk=owner.pk)), "/me/")
    assert "您正在代理 陈思齐" in text
    assert "吴晓代理陈思齐" in text
    row = Deputy.objects.get()
    assert sign_in_as(world.people["office"]).post(f"/deputies/{row.pk}/end/").status_code == 404
    assert sign_in_as(world.people["security_admin"]).post(f"/deputies/{row.pk}/end/").status_code == 302
    assert "您正在代理" not in page_of(sign_in_as(User.objects.get(pk=owner.pk)), "/me/")


def test_the_security_administrator_appoints_on_the_persons_page(world: World, sign_in_as: SignIn) -> None:
    head, officer = world.people["head"], sign_in_as(world.people["security_admin"])
    assert "指定代理" in page_of(officer, f"/system/people/{head.pk}/")
    assert "指定代理" not in page_of(sign_in_as(world.people["office"]), f"/system/people/{head.pk}/")
    assert "指定代理" not in page_of(sign_in_as(world.people["auditor"]), "/me/")
    today = str(timezone.localdate())
    given = {"deputy": world.people["owner"].pk, "started_on": today, "ended_on": today}
    assert officer.post(f"/deputies/of/{head.pk}/", given).status_code == 302
    assert "吴晓代理陈思齐" in page_of(officer, f"/system/people/{head.pk}/")


def test_the_office_hands_over_and_then_the_account_may_be_closed(world: World, sign_in_as: SignIn) -> None:
    owner, head = world.people["owner"], world.people["head"]
    Finding.objects.filter(pk=world.findings[1].pk).update(owner=owner)
    office, admin = sign_in_as(world.people["office"]), sign_in_as(world.people["system_admin"])
    refused = admin.post(f"/system/people/{owner.pk}/deactivate/")
    assert refused.status_code == 409
    assert "名下还有 1 项未办结事项" in refused.content.decode()
    assert admin.get(f"/system/people/{owner.pk}/hand-over/").status_code == 403
    assert "查看并移交" in page_of(office, f"/system/people/{owner.pk}/")
    text = page_of(office, f"/system/people/{owner.pk}/hand-over/")
    assert "检察建议跟踪问效不到位" in text
    address = f"/system/people/{owner.pk}/hand-over/"
    assert office.post(address, {}).status_code == 409
    assert office.post(address, {"to-owned_findings": "999999"}).status_code == 404
    assert office.post("/system/people/999999/hand-over/", {}).status_code == 404
    done = office.post(address, {"to-owned_findings": head.pk, "reason": "调离", "leaving": "1"})
    assert done["Location"] == f"/system/people/{owner.pk}/"
    assert Finding.objects.get(pk=world.findings[1].pk).owner == head
    assert "可以停用账号" in page_of(admin, "/notifications/")
    assert admin.post(f"/system/people/{owner.pk}/deactivate/").status_code == 302
    assert "没有需要移交的事项" in page_of(office, address)
