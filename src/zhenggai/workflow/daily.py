"""What this room does once a day: remind people, one digest each."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from zhenggai.notifications.actions import Item, notify
from zhenggai.notifications.kinds import Kind
from zhenggai.people.access import OPERATOR, Actor
from zhenggai.people.models import User
from zhenggai.workflow.reminders import Reminder, reminders_on

MOST_ITEMS = 100
"""How many things one digest lists; what presses most comes first."""


def run_daily(today: date, *, since: date, actor: Actor = OPERATOR) -> dict[str, int]:
    """Remind everybody of what is due, with one digest each; return counts.

    Args:
        today: the present day.
        since: the last day on which this was done.
        actor: on whose account it happens.
    """
    found = reminders_on(today, since)
    people = {user.pk: user for user in User.objects.filter(pk__in=list(found), is_active=True)}
    told = 0
    for key, person in sorted(people.items()):
        told += len(
            notify(
                [person],
                actor=actor,
                kind=Kind.REMINDER,
                title=_title(found[key]),
                path=found[key][0].path if len(found[key]) == 1 else "/notifications/",
                key=f"reminders:{today.isoformat()}:{key}",
                items=[Item(each.title, each.path, each.note, each.days < 0) for each in found[key][:MOST_ITEMS]],
            )
        )
    return {"people": len(people), "digests": told, "reminders": sum(len(each) for each in found.values())}


def _title(reminders: list[Reminder]) -> str:
    late = sum(1 for each in reminders if each.days < 0)
    today = sum(1 for each in reminders if each.days == 0)
    slots = {"all": len(reminders), "late": late, "today": today, "ahead": len(reminders) - late - today}
    if late and today:
        return _("今日提醒 %(all)s 项：超期 %(late)s 项，今天到期 %(today)s 项") % slots
    if late:
        return _("今日提醒 %(all)s 项：超期 %(late)s 项") % slots
    if today:
        return _("今日提醒 %(all)s 项：今天到期 %(today)s 项") % slots
    return _("今日提醒 %(all)s 项：即将到期") % slots
