"""What this room does once a day: remind, make petitions whose task was lost, delete contact data on schedule."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.answers.access import doers, managers
from zhenggai.answers.actions.keeping import erase_contacts
from zhenggai.answers.actions.petitions import take_in_waiting
from zhenggai.answers.limits import forget_old
from zhenggai.answers.models import Answer
from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind as Told
from zhenggai.people.access import OPERATOR, Actor
from zhenggai.people.models import User
from zhenggai.registers.days import falls_due

TELL_STEPS = (3, 1, 0, -1, -3, -7)
"""Days before and after the last day of telling that an answer was received."""
ANSWER_STEPS = (30, 15, 7, 3, 0, -1, -7, -14, -30)
"""Days before and after the last day of answering."""


def run_daily(today: date, *, since: date | None = None, actor: Actor = OPERATOR) -> dict[str, int]:
    """Do the work of a day; it may run any number of times.

    Args:
        today: the present day.
        since: the last day on which this was done; what fell between is made up for.
        actor: on whose account it happens.
    """
    taken = take_in_waiting(actor=actor)
    with transaction.atomic():
        told = _remind(today, since, actor)
    erased = erase_contacts(today, actor=actor)
    forget_old(timezone.now())
    return {"taken_in": taken, "reminders": told, "contacts_erased": erased}


def _remind(today: date, since: date | None, actor: Actor) -> int:
    told = 0
    open_ones = Answer.objects.filter(ended_at=None, same_as=None)
    for answer in open_ones.select_related("unit", "department", "handler"):
        people = doers(answer)
        if answer.told_at is None and falls_due(answer.tell_by, today, since, TELL_STEPS.__contains__):
            left = (answer.tell_by - today).days
            title = _("公众意见应在%(day)s前告知受理") % {"day": answer.tell_by}
            told += _tell(answer, [*people, *(managers(answer) if left <= 0 else [])], title, f"tell-{left}", actor)
        if falls_due(answer.answer_by, today, since, ANSWER_STEPS.__contains__):
            left = (answer.answer_by - today).days
            title = _("公众意见应在%(day)s前答复") % {"day": answer.answer_by}
            told += _tell(answer, [*people, *(managers(answer) if left <= 0 else [])], title, f"answer-{left}", actor)
    return told


def _tell(answer: Answer, people: list[User], title: str, step: str, actor: Actor) -> int:
    path, key = f"/answers/{answer.pk}/", f"answer-{answer.pk}-{step}"
    return len(notify(people, actor=actor, kind=Told.REMINDER, title=title, path=path, key=key))
