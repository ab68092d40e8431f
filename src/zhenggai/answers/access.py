"""Who sees what the public answered, and who deals with it."""

from __future__ import annotations

from typing import Final

from django.db.models import Q, QuerySet

from zhenggai.answers.models import Answer
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.people.access import Actor, Operator, may, reach
from zhenggai.people.models import Unit, User
from zhenggai.people.roles import Permission
from zhenggai.registers.keepers import heads, holders
from zhenggai.registers.queries import in_bodies

HANDLE = str(Permission.HANDLE_ANSWERS)
WORK = str(Permission.WORK)
PUBLIC: Final = Operator("社会公众（网上）")
"""Whoever answers: nobody that the platform knows."""


def visible_answers(actor: Actor) -> QuerySet[Answer]:
    """Return the answers the actor sees: those of the bodies whose answers they handle, and those given to them."""
    condition = in_bodies(actor, HANDLE)
    if condition and isinstance(actor, User):
        mine = reach(actor, WORK)
        condition |= Q(handler=actor)
        if mine.department_ids:
            condition |= Q(department__in=mine.department_ids)
        if mine.unit_paths:
            condition |= Q(department__in=Unit.objects.filter(mine.units()).order_by().values("pk"))
    return Answer.objects.filter(condition).select_related("publication", "unit", "department", "handler", "petition")


def access_answer(actor: Actor, key: int, *, manage: bool = False) -> Answer:
    """Return one answer.

    Raises:
        NotFound: there is none, or the actor does not deal with it.
        NotAllowed: *manage* is asked for, and the actor only deals with what was given to them.
    """
    found = visible_answers(actor).filter(pk=key).first()
    if found is None:
        raise NotFound
    if manage and not may_manage(actor, found):
        raise NotAllowed(permission=HANDLE)
    return found


def may_manage(actor: Actor, answer: Answer) -> bool:
    """Tell whether the actor may give the answer to somebody, group it or set it aside."""
    return may(actor, HANDLE, answer.unit)


def managers(answer: Answer) -> list[User]:
    """Return the people in charge of the answers of a body."""
    return holders(HANDLE, answer.unit)


def doers(answer: Answer) -> list[User]:
    """Return who deals with an answer: its handler, else the heads of its department, else those in charge."""
    if answer.handler is not None and answer.handler.is_active:
        return [answer.handler]
    return heads(answer.department) or managers(answer)


def candidates(answer: Answer) -> QuerySet[User]:
    """Return the people to whom the answer may be given: those with a post in the body or below."""
    posts = User.objects.filter(is_active=True, posts__unit__path__startswith=answer.unit.path, posts__ended_on=None)
    return posts.order_by("name", "id").distinct()
