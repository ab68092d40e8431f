"""Somebody who is away, somebody who acts for them, and the reminders of the day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.utils import timezone

from zhenggai.notifications.actions import appoint_deputy, run_once
from zhenggai.people.access import OPERATOR, current_deputies
from zhenggai.people.models import Unit, User
from zhenggai.workflow.daily import run_daily

Say = Callable[[str], None]
ABSENT, ACTING = "shaoyun", "qinling"
DAYS = timedelta(days=13)


def load_notifications(body: Unit, say: Say) -> None:
    """Let one leader act for another for two weeks, and remind people of what is due today."""
    today = timezone.localdate()
    ours = User.objects.filter(username__in=(ABSENT, ACTING), posts__unit__path__startswith=body.path)
    people = {user.username: user for user in ours}
    if len(people) == 2 and not current_deputies().filter(principal=people[ABSENT]).exists():
        made = appoint_deputy(
            people[ABSENT], people[ACTING], actor=OPERATOR, started_on=today, ended_on=today + DAYS, reason="外出学习"
        )
        say(f"代理：{made.deputy.name}代理{made.principal.name}，至 {made.ended_on} 止。")

    def remind(since: date) -> Mapping[str, int]:
        return run_daily(today, since=since)

    run = run_once("workflow", today, remind)
    if run is not None:
        say(f"提醒：{run.counts['people']} 人，{run.counts['reminders']} 项。")
