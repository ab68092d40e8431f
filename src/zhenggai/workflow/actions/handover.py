"""Handing over what somebody answers for 移交, to one successor for each group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from zhenggai.audit.actions import record
from zhenggai.findings.actions import assign_findings, update_measure
from zhenggai.findings.models import Finding
from zhenggai.kit.errors import NotFound
from zhenggai.notifications.actions import Item, notify
from zhenggai.notifications.kinds import Kind
from zhenggai.people.access import Actor, current_posts, may, require
from zhenggai.people.actions import deactivate_user
from zhenggai.people.models import User
from zhenggai.people.roles import Permission
from zhenggai.workflow import codes
from zhenggai.workflow.duties import GROUPS, HAND_OVER, Holding, holdings_of, open_duties, possible_successors
from zhenggai.workflow.errors import NoSuccessor, NothingToHandOver


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What was handed over."""

    counts: Mapping[str, int]
    """Group → how many went over."""
    left: int
    """How many the person still holds, within the actor's reach or beyond."""


@transaction.atomic
def hand_over(
    person: User, successors: Mapping[str, User], *, actor: Actor, reason: str = "", leaving: bool = False
) -> HandedOver:
    """Give what *person* holds to others; groups that name nobody stay where they are.

    All of it or nothing.  Open reviews need no handing over: they wait for whoever holds the post.  Closed findings
    stay in the name of those who did them.

    Args:
        person: who leaves or is relieved; their account may be closed already.
        successors: group (see ``duties.GROUPS``) → who takes it.
        actor: who hands over.
        reason: why, in a few words.
        leaving: whether the account is to be closed: at once where the actor may, else the system administrators are
            asked to, as soon as nothing is left.

    Raises:
        NotAllowed: the actor may not hand over.
        NotFound: there is no such person.
        HasDuties: the account was to be closed at once, and something is left.
        NoSuccessor: a group does not exist, or the person named for it cannot take it.
        NothingToHandOver: nothing in those groups is within the actor's reach.
    """
    require(actor, HAND_OVER)
    # Two people at once: the second finds nothing left, instead of handing the same on to somebody else.
    if User.objects.select_for_update().filter(pk=person.pk).first() is None:
        raise NotFound
    fit = {user.pk for user in possible_successors(person, actor)}
    for group, successor in successors.items():
        if group not in GROUPS:
            raise NoSuccessor(name=group, reason=_("没有这一类事项"))
        if successor.pk not in fit:
            raise NoSuccessor(name=successor.name, reason=_("须为本单位在岗人员，且不是移交人本人"))
    chosen = [held for held in holdings_of(person, actor).groups if held.group in successors]
    if not chosen:
        raise NothingToHandOver(name=person.name)
    for held in chosen:
        _give(held, successors[held.group], actor)
    counts = {held.group: held.count for held in chosen}
    _record(person, successors, counts, actor, reason)
    _tell(person, successors, chosen, actor, reason)
    left = open_duties(person)
    if leaving and person.is_active:
        _let_leave(person, actor, left)
    return HandedOver(counts, left)


def _let_leave(person: User, actor: Actor, left: int) -> None:
    if may(actor, Permission.MANAGE_PEOPLE):
        deactivate_user(person, actor=actor)
    elif not left:
        posts = current_posts().filter(role="system_admin").select_related("user")
        notify(
            [post.user for post in posts],
            actor=actor,
            kind=Kind.HAND_OVER,
            title=_("%(name)s的事项已全部移交，可以停用账号") % {"name": person.name},
            path=f"/system/people/{person.pk}/",
            key=f"leaving:{person.pk}",
        )


def _give(held: Holding, successor: User, actor: Actor) -> None:
    # Named by key, so that the record checks that they belong to its organisation.
    values = {held.field: str(successor.pk)}
    if held.findings:
        assign_findings([finding.pk for finding in held.findings], values, actor=actor)
    for measure in held.measures:
        version = Finding.objects.values_list("version", flat=True).get(pk=measure.finding_id)
        update_measure(measure, values, actor=actor, version=version)


def _record(person: User, successors: Mapping[str, User], counts: Mapping[str, int], actor: Actor, reason: str) -> None:
    record(
        actor=actor,
        code=codes.HANDED_OVER,
        object_type="user",
        object_id=person.pk,
        object_label=person.name,
        data={
            "to": {group: successors[group].name for group in counts},
            "counts": dict(counts),
            "reason": reason.strip()[:300],
        },
    )


def _tell(person: User, successors: Mapping[str, User], chosen: list[Holding], actor: Actor, reason: str) -> None:
    for successor in {user.pk: user for user in successors.values()}.values():
        mine = [held for held in chosen if successors[held.group].pk == successor.pk]
        items = [
            Item(f"{finding.no} {finding.title}".strip(), f"/findings/{finding.pk}/", held.label)
            for held in mine
            for finding in (*held.findings, *(measure.finding for measure in held.measures))
        ]
        if items:
            title = _("%(name)s向您移交 %(count)s 项") % {"name": person.name, "count": len(items)}
            notify(
                [successor], actor=actor, kind=Kind.HAND_OVER, title=title, body=reason.strip()[:300],
                path=items[0].path if len(items) == 1 else "/notifications/", items=items[:100],
            )  # fmt: skip
    total = sum(held.count for held in chosen)
    told = _("您名下的 %(count)s 项已移交") % {"count": total}
    notify([person], actor=actor, kind=Kind.HAND_OVER, title=told, body=reason.strip()[:300], path="/notifications/")
