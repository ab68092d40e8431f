"""Floods: how much is taken, that a spent limit writes nothing, and that marks do not tell addresses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.people import make_unit
from tests.threads import at_once
from zhenggai.answers.errors import TooMany
from zhenggai.answers.limits import Limit, forget_old, limits_of, mark_of, presses, require_room, spend, used
from zhenggai.answers.models import Spent
from zhenggai.kit.errors import ZhenggaiError

SMALL = Limit("small", 3, timedelta(hours=1))


@pytest.mark.django_db
def test_a_limit_is_spent_then_refuses_by_reading_alone() -> None:
    for _number in range(3):
        require_room((SMALL, "a"))
        spend((SMALL, "a"))
    spend((SMALL, "b"))
    with CaptureQueriesContext(connection) as queries, pytest.raises(TooMany) as refused:
        require_room((SMALL, "b"), (SMALL, "a"))
    assert len(queries) == 1
    assert queries[0]["sql"].startswith("SELECT")
    assert 59 <= refused.value.slots["minutes"] <= 60
    with pytest.raises(TooMany):
        spend((SMALL, "a"))
    assert used(SMALL, "a") == 3


@pytest.mark.django_db
def test_counting_begins_anew_when_the_time_is_over() -> None:
    for _number in range(3):
        spend((SMALL, "a"))
    Spent.objects.update(until=timezone.now() - timedelta(seconds=1))
    require_room((SMALL, "a"))
    spend((SMALL, "a"))
    assert used(SMALL, "a") == 1
    Spent.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert forget_old(timezone.now()) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("locking_database")
def test_many_at_once_never_pass_the_limit() -> None:
    told = at_once(*[lambda: spend((SMALL, "a"))] * 8)
    assert sum(isinstance(each, ZhenggaiError) for each in told) == 5
    assert used(SMALL, "a") == 3


@pytest.mark.django_db
def test_a_question_is_asked_when_one_place_sends_more_than_once() -> None:
    mark = mark_of("203.0.113.7")
    limits = limits_of(make_unit())
    assert not presses(mark, limits)
    one = Limit("one", 5, timedelta(hours=1))
    spend((one, mark))
    spend((one, mark))
    assert presses(mark, limits)
    assert not presses(mark_of("203.0.113.8"), limits)


def test_marks_tell_places_apart_for_a_week_and_nobody_which() -> None:
    now = timezone.now()
    assert mark_of("2001:db8::1", now) == mark_of("2001:db8::2", now) != mark_of("2001:db8:1::1", now)
    assert mark_of("203.0.113.7", now) != mark_of("203.0.113.7", now + timedelta(days=7))
    assert mark_of(None, now) == mark_of("", now)
    assert "203" not in mark_of("203.0.113.7", now)[:3] or len(mark_of("203.0.113.7", now)) == 64
