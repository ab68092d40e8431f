"""Telling people: whom, once, muted or not, their deputies too; and that nothing outside can break it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.factories.notifications import tell
from tests.factories.people import make_unit, make_user
from zhenggai.notifications import actions, queries
from zhenggai.notifications.errors import BadChoice
from zhenggai.notifications.kinds import CHOOSABLE, Kind
from zhenggai.notifications.models import Delivery, Notification
from zhenggai.people import actions as people
from zhenggai.people.access import OPERATOR

pytestmark = pytest.mark.django_db


def test_each_is_told_once_and_neither_the_actor_nor_closed_accounts() -> None:
    body = make_unit()
    one, other, gone = make_user("owner", body), make_user("owner", body), make_user("owner", body)
    people.deactivate_user(gone, actor=OPERATOR)
    gone.refresh_from_db()
    told = actions.notify([one, other, one, gone], actor=other, kind=Kind.ASSIGNED, title="新任务", path="/findings/1/")
    assert [(note.user, note.actor_name) for note in told] == [(one, other.name)]
    assert (queries.unread_count(one), queries.unread_count(other)) == (1, 0)


def test_the_same_matter_is_not_told_twice_while_unread() -> None:
    person = make_user("owner", make_unit())
    tell(person, key="review:7")
    assert actions.notify([person], actor=OPERATOR, kind=Kind.TO_REVIEW, title="又一次", path="/", key="review:7") == []
    assert actions.mark_read(None, actor=person) == 1
    assert tell(person, key="review:7").read_at is None


def test_a_deputy_is_told_beside_the_principal_and_why() -> None:
    body, today = make_unit(), timezone.localdate()
    head, deputy = make_user("executive_deputy", body, name="何静安"), make_user("owner", body)
    people.appoint_deputy(head, deputy, actor=head, started_on=today, ended_on=today + timedelta(days=3))
    told = actions.notify(
        [head], actor=OPERATOR, kind=Kind.TO_REVIEW, title="待审", path="/findings/1/", body="请办理。"
    )
    assert {note.user: note.body for note in told} == {head: "请办理。", deputy: "您正在代理何静安。请办理。"}


def test_a_muted_kind_is_kept_but_neither_counted_nor_sent(settings: Any) -> None:
    settings.ZHENGGAI_MAIL = True
    person = make_user("owner", make_unit())
    people.set_email(person, actor=person, email="owner@example.cn")
    actions.set_preference(actor=person, muted=[Kind.ASSIGNED], modes={}, digest_hour=8)
    note = tell(person, kind=Kind.ASSIGNED)
    assert (queries.unread_count(person), note.muted) == (0, True)
    assert list(queries.notifications_of(person)) == []
    assert list(queries.notifications_of(person, muted=True)) == [note]
    assert note.handed_on_at is not None
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"muted": ["no_such_kind"]},
        {"muted": [Kind.TEST]},
        {"modes": {"pigeon": {}}},
        {"modes": {"email": {"no_such_kind": "now"}}},
        {"modes": {"email": {Kind.PLAN: "sometimes"}}},
        {"digest_hour": 24},
    ],
)
def test_a_choice_that_does_not_exist_is_refused(wrong: dict[str, Any]) -> None:
    person = make_user("owner", make_unit())
    with pytest.raises(BadChoice):
        actions.set_preference(actor=person, **{"muted": [], "modes": {}, "digest_hour": 8, **wrong})
    assert {row.kind for row in queries.choices_of(person).rows} == {kind.value for kind in CHOOSABLE}


def test_one_reads_only_ones_own_and_unread_ones_come_first() -> None:
    body = make_unit()
    one, other = make_user("owner", body), make_user("owner", body)
    first, second, third = tell(one), tell(one, kind=Kind.PLAN), tell(one)
    assert actions.mark_read([first.pk, third.pk], actor=other) == 0
    assert actions.mark_read([third.pk], actor=one) == 1
    assert [note.pk for note in queries.notifications_of(one)] == [second.pk, first.pk, third.pk]
    assert [note.pk for note in queries.notifications_of(one, kind=Kind.PLAN)] == [second.pk]
    counted = {row.kind: (row.total, row.unread) for row in queries.kind_counts(one)}
    assert counted == {Kind.TO_REVIEW: (2, 1), Kind.PLAN: (1, 1)}


def test_the_bell_asks_once(django_assert_num_queries: Any) -> None:
    person = make_user("owner", make_unit())
    tell(person)
    with django_assert_num_queries(1):
        assert queries.unread_count(person) == 1


def test_one_commit_wakes_the_sender_once(django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    person = make_user("owner", make_unit())
    with django_capture_on_commit_callbacks(execute=True) as woken:
        for _number in range(20):
            tell(person)
    assert len(woken) == 1
    assert not Notification.objects.filter(handed_on_at__isnull=True).exists()
