"""Ways out: gathered, sent once, tried again with growing pauses, and never breaking anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests.factories.notifications import tell
from tests.factories.people import make_department, make_unit, make_user
from tests.notifications.servers import MailServer, Robot, running
from tests.threads import at_once
from zhenggai.audit.models import Entry
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.notifications import actions, queries
from zhenggai.notifications.delivering import BACK_OFF, KEPT, STALE, deliver_due, forget_old, hand_on
from zhenggai.notifications.errors import HostNotAllowed, NoMail, TooManyAddresses, TooSoon
from zhenggai.notifications.kinds import Kind
from zhenggai.notifications.models import Address, Channel, Delivery, Notification
from zhenggai.people import actions as people
from zhenggai.people.models import User

LATER = timedelta(minutes=2)
State = Delivery.State


@pytest.fixture
def robot(settings: Any) -> Iterator[Robot]:
    settings.ZHENGGAI_CHAT_HOSTS = ("127.0.0.1",)
    with running(Robot()) as server:
        yield server


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.ZHENGGAI_MAIL = True
    settings.ZHENGGAI_URL = "https://zg.example.cn"
    settings.DEFAULT_FROM_EMAIL = "zg@example.cn"
    with running(MailServer()) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        yield server


def reader(email: str = "reader@example.cn", **values: Any) -> User:
    person = make_user("owner", values.pop("unit", None) or make_unit(), **values)
    return people.set_email(person, actor=person, email=email) if email else person


def own_robot(person: User, robot: Robot, path: str = "/hook?key=topsecret") -> Address:
    return actions.add_address(
        actor=person, channel=Channel.WEBHOOK, text=f"http://127.0.0.1:{robot.server_port}{path}"
    )


@pytest.mark.django_db
def test_a_hundred_things_are_one_mail_over_a_real_socket(mail_server: MailServer) -> None:
    person = reader(name="姚望")
    for number in range(100):
        tell(person, title=f"第{number}项待审核", path=f"/findings/{number}/")
    assert hand_on() == 100
    assert deliver_due() == 0  # it gathers for a minute
    assert deliver_due(timezone.now() + LATER) == 1
    assert deliver_due(timezone.now() + LATER) == 0
    (mail,) = mail_server.mails
    assert mail_server.recipients == ["<reader@example.cn>"]
    assert mail["Subject"].strip() == "整改提醒 100 条：有事项待我审核 100 条"
    text = mail.get_content()
    assert text.startswith("姚望：")
    assert "第99项待审核" in text
    assert "https://zg.example.cn/findings/99/" in text
    assert mail["Message-ID"].endswith("@example.cn>")


@pytest.mark.django_db
def test_a_digest_lists_its_items_with_their_addresses(mail_server: MailServer) -> None:
    person = reader()
    items = [actions.Item("办案期限管理不严", "/findings/7/#evidence", "超期 3 天")]
    tell(person, kind=Kind.REMINDER, title="今日提醒 1 项", items=items)
    hand_on()
    (delivery,) = Delivery.objects.all()
    assert timezone.localtime(delivery.due_at).hour == 8
    assert deliver_due(delivery.due_at) == 1
    text = mail_server.mails[0].get_content()
    assert "· 办案期限管理不严（超期 3 天）" in text
    assert "https://zg.example.cn/findings/7/#evidence" in text


@pytest.mark.django_db
def test_a_refused_mail_is_tried_again_with_growing_pauses_and_then_left(mail_server: MailServer) -> None:
    mail_server.refusal = "451 come back later"
    person = reader()
    tell(person)
    hand_on()
    now = timezone.now() + LATER
    for number, pause in enumerate(BACK_OFF, start=1):
        assert deliver_due(now) == 0
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.attempts) == (State.WAITING, number)
        assert delivery.due_at == now + pause
        assert "come back later" in delivery.last_error
        assert deliver_due(now) == 0  # not before its time
        now = delivery.due_at
    mail_server.refusal = ""
    first = Delivery.objects.get()
    assert deliver_due(now) == 1
    assert len(mail_server.mails) == 1
    first.refresh_from_db()
    assert (first.state, first.last_error) == (State.SENT, "")
    mail_server.refusal = "550 no"
    tell(person)
    hand_on(now)
    for _number in range(len(BACK_OFF) + 1):
        now += timedelta(days=1)
        deliver_due(now)
    assert Delivery.objects.first().state == State.FAILED  # type: ignore[union-attr]
    assert queries.unread_count(person) == 2  # what failed to go out is still on the pages
    assert [row.state for row in queries.recent_deliveries(person)] == [State.FAILED, State.SENT]


@pytest.mark.django_db
def test_what_was_read_meanwhile_and_whoever_left_gets_nothing(mail_server: MailServer) -> None:
    person, gone = reader(), reader("gone@example.cn")
    tell(person)
    tell(gone)
    hand_on()
    actions.mark_read(None, actor=person)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert deliver_due(timezone.now() + LATER) == 0
    assert {row.state for row in Delivery.objects.all()} == {State.DROPPED}
    assert mail_server.mails == []


@pytest.mark.django_db
def test_a_sender_that_was_killed_leaves_a_mark_and_no_second_message(mail_server: MailServer) -> None:
    tell(reader())
    hand_on()
    Delivery.objects.update(state=State.SENDING, claimed_at=timezone.now())
    assert deliver_due(timezone.now() + LATER) == 0
    assert Delivery.objects.get().state == State.SENDING
    assert deliver_due(timezone.now() + STALE + LATER) == 0
    assert Delivery.objects.get().state == State.LOST
    assert mail_server.mails == []


@pytest.mark.django_db
def test_how_a_message_went_out_is_forgotten_in_time_and_the_message_stays(mail_server: MailServer) -> None:
    person = reader()
    tell(person)
    hand_on()
    assert forget_old(timezone.now() + KEPT + LATER) == 0  # it has not gone out
    deliver_due(timezone.now() + LATER)
    assert forget_old() == 0
    assert forget_old(timezone.now() + KEPT + LATER) == 1
    assert queries.unread_count(person) == 1


@pytest.mark.usefixtures("locking_database")
def test_two_senders_at_once_send_once(mail_server: MailServer) -> None:
    people_ = [reader(f"r{number}@example.cn") for number in range(4)]
    for person in people_:
        tell(person)
    at_once(hand_on, hand_on)
    now = timezone.now() + LATER
    at_once(lambda: deliver_due(now), lambda: deliver_due(now), lambda: deliver_due(now))
    assert sorted(mail_server.recipients) == [f"<r{number}@example.cn>" for number in range(4)]
    assert Delivery.objects.filter(state=State.SENT, attempts=1).count() == 4


@pytest.mark.django_db(transaction=True)
def test_an_act_whose_sending_breaks_stands_all_the_same(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.ZHENGGAI_MAIL = True
    person = reader()

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no way out")

    monkeypatch.setattr("zhenggai.notifications.tasks.hand_on", broken)
    monkeypatch.setattr("zhenggai.notifications.delivering.send_mail", broken)
    with transaction.atomic():
        tell(person)
    assert not connection.in_atomic_block
    assert Notification.objects.filter(user=person).count() == 1


@pytest.mark.django_db
def test_a_robot_gets_counts_only_unless_the_operator_lets_titles_out(robot: Robot, settings: Any) -> None:
    person = reader("")
    kept = own_robot(person, robot)
    assert "topsecret" not in kept.hint
    tell(person, title="某人举报的问题")
    hand_on()
    assert deliver_due(timezone.now() + LATER) == 1
    (message,) = robot.taken
    assert robot.asked == ["/hook?key=topsecret"]
    assert "整改提醒 1 条：有事项待我审核 1 条" in message["title"]
    assert "某人举报的问题" not in str(message)
    settings.ZHENGGAI_CHAT_TITLES = True
    tell(person, title="某人举报的问题")
    hand_on()
    deliver_due(timezone.now() + LATER)
    assert "某人举报的问题" in str(robot.taken[1])


@pytest.mark.django_db
def test_a_robot_that_refuses_is_tried_again_and_redirects_lead_nowhere(robot: Robot) -> None:
    person = reader("")
    own_robot(person, robot)
    robot.status, robot.location = 307, f"http://127.0.0.1:{robot.server_port}/elsewhere"
    tell(person)
    hand_on()
    assert deliver_due(timezone.now() + LATER) == 0
    delivery = Delivery.objects.get()
    assert (delivery.state, robot.asked) == (State.WAITING, ["/hook?key=topsecret"])
    assert "307" in delivery.last_error
    assert "topsecret" not in delivery.last_error


@pytest.mark.django_db
def test_a_host_that_became_private_is_not_asked(robot: Robot, settings: Any) -> None:
    person = reader("")
    own_robot(person, robot)
    settings.ZHENGGAI_CHAT_HOSTS = ()
    tell(person)
    hand_on()
    assert deliver_due(timezone.now() + LATER) == 0
    assert robot.asked == []
    with pytest.raises(HostNotAllowed):
        own_robot(person, robot)


@pytest.mark.django_db
def test_a_units_group_hears_once_a_day_how_many_concern_whom(robot: Robot) -> None:
    body = make_unit()
    department, elsewhere = make_department(body), make_unit()
    office = make_user("rectification_office", body)
    text = f"http://127.0.0.1:{robot.server_port}/group"
    with pytest.raises(NotAllowed):
        actions.add_address(actor=make_user("owner", body), channel=Channel.WEBHOOK, text=text, unit=body)
    group = actions.add_address(
        actor=office, channel=Channel.WEBHOOK, text=text, unit=body, kinds=[Kind.REMINDER], name="整改群"
    )
    one, other = reader("", unit=department, name="姚望"), reader("", unit=elsewhere)
    tell(one, kind=Kind.REMINDER)
    tell(one, kind=Kind.PLAN)
    tell(other, kind=Kind.REMINDER)
    hand_on()
    delivery = Delivery.objects.get()
    assert (delivery.address, delivery.user) == (group, None)
    actions.mark_read(None, actor=one)
    assert deliver_due(delivery.due_at) == 1
    assert robot.taken[0]["message"].startswith("姚望：1 条")
    assert queries.group_addresses(office) == [group]
    assert queries.group_addresses(one) == []
    assert queries.access_address(office, group.pk) == group
    with pytest.raises(NotFound):
        queries.access_address(one, group.pk)


@pytest.mark.django_db
def test_removing_a_robot_forgets_its_secret_and_drops_what_waits(robot: Robot) -> None:
    person, other = reader(""), reader("")
    kept = own_robot(person, robot)
    tell(person)
    hand_on()
    with pytest.raises(NotFound):
        actions.remove_address(kept, actor=other)
    actions.remove_address(kept, actor=person)
    kept.refresh_from_db()
    assert (kept.secret, queries.addresses_of(person)) == ("", [])
    assert deliver_due(timezone.now() + LATER) == 0
    assert robot.asked == []
    trail = Entry.objects.filter(code__startswith="notifications.")
    assert [entry.code for entry in trail] == ["notifications.address_added", "notifications.address_removed"]
    assert "topsecret" not in str([entry.data for entry in trail])


@pytest.mark.django_db
def test_a_test_message_goes_at_once_and_not_again_at_once(robot: Robot, settings: Any) -> None:
    person = reader("")
    kept = own_robot(person, robot)
    with pytest.raises(NoMail):
        actions.send_test(None, actor=person)
    settings.ZHENGGAI_MAIL = True
    with pytest.raises(NoMail):
        actions.send_test(None, actor=person)
    actions.send_test(kept, actor=person)
    with pytest.raises(TooSoon):
        actions.send_test(kept, actor=person)
    hand_on()
    assert deliver_due(timezone.now() + timedelta(seconds=1)) == 1
    assert "测试消息" in robot.taken[0]["title"]
    with pytest.raises(NotFound):
        actions.send_test(kept, actor=reader(""))


@pytest.mark.django_db
def test_nobody_keeps_more_robots_than_ten(robot: Robot) -> None:
    person = reader("")
    for number in range(10):
        own_robot(person, robot, f"/{number}")
    with pytest.raises(TooManyAddresses):
        own_robot(person, robot)


@pytest.mark.parametrize(("hour", "expected"), [(7, 8), (8, 32), (23, 32)])
def test_the_digest_goes_out_at_the_chosen_hour(hour: int, expected: int) -> None:
    from zhenggai.notifications.wishes import next_digest_at

    now = (
        datetime(2025, 6, 30, hour - 8, 0, tzinfo=UTC) if hour >= 8 else datetime(2025, 6, 29, hour + 16, 0, tzinfo=UTC)
    )
    found = timezone.localtime(next_digest_at(now, 8))
    assert (found.hour, (found.date() - timezone.localtime(now).date()).days) == (8, 1 if expected > 24 else 0)
