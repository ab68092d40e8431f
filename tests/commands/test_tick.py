"""The day's work, by command and by the worker's own clock."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.factories.findings import make_finding, make_round
from tests.factories.notifications import tell
from tests.factories.people import make_department, make_unit, make_user
from zhenggai.commands import tick
from zhenggai.commands.clock import Clock
from zhenggai.commands.main import main
from zhenggai.notifications.models import DailyRun, Delivery, Notification
from zhenggai.people import actions as people

DUE = date(2030, 6, 28)


def due_finding() -> None:
    body = make_unit()
    department = make_department(body)
    make_user("department_head", department)
    make_finding(make_round(body), department=department, due=DUE.isoformat())


@pytest.mark.django_db
def test_the_command_does_a_day_once_and_sends(capsys: pytest.CaptureFixture[str]) -> None:
    due_finding()
    assert main(["tick", "--date", "2030-06-28"]) == 0
    assert "digests 1" in capsys.readouterr().out
    assert main(["tick", "--date", "2030-06-28"]) == 0
    assert "已办过" in capsys.readouterr().out
    assert Notification.objects.count() == 1
    assert main(["tick", "--date", "28.6.2030"]) == 1
    assert "commands.BadDate" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_room_that_fails_keeps_nobody_from_the_rest(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(today: date, **_given: Any) -> dict[str, int]:
        raise RuntimeError("broken")

    monkeypatch.setattr(tick, "ROOMS", (("broken", broken), *tick.ROOMS))
    assert main(["tick", "--date", "2030-06-28"]) == 1
    assert "broken：未完成" in capsys.readouterr().out
    assert set(DailyRun.objects.values_list("room", flat=True)) == {room for room, _work in tick.ROOMS} - {"broken"}


@pytest.mark.django_db
def test_the_clock_does_the_day_and_sends_and_survives_trouble(
    settings: Any, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ZHENGGAI_MAIL = True
    monkeypatch.setattr(tick, "STARTS_AT", timezone.localtime().time().min)
    person = make_user("owner", make_unit())
    people.set_email(person, actor=person, email="a@example.cn")
    tell(person)
    clock = Clock()
    clock.look()
    assert DailyRun.objects.filter(room="workflow", day=timezone.localdate()).exists()
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    clock.look()
    clock.look()
    assert [mail.to for mail in mailoutbox] == [["a@example.cn"]]
    calls = []

    def broken(room: str, today: date) -> None:
        calls.append(room)
        raise RuntimeError("broken")

    monkeypatch.setattr(tick, "run_room", broken)
    DailyRun.objects.all().delete()
    clock.look()
    clock.look()
    assert calls == [room for room, _work in tick.ROOMS]  # left alone for a while
    monkeypatch.setattr("zhenggai.commands.clock.has_work", lambda: 1 // 0)
    clock.look()


@pytest.mark.usefixtures("locking_database")
def test_the_thread_looks_by_itself_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tick, "STARTS_AT", timezone.localtime().time().min)
    clock = Clock(every=0.01)
    clock.start()
    for _try in range(200):
        if DailyRun.objects.exists():
            break
        time.sleep(0.02)
    clock.stop()
    clock.join(10)
    assert not clock.is_alive()
    assert DailyRun.objects.count() == len(tick.ROOMS)


def test_nothing_is_run_before_people_could_use_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tick, "STARTS_AT", timezone.localtime().time().max)
    assert tick.rooms_to_run() == []
