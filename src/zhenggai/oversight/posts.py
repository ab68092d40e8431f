"""Who acts in this room, and for whom: by which post, of their own or of somebody they act for."""

from __future__ import annotations

from collections.abc import Iterable

from zhenggai.people.access import Actor, Operator, access_of, current_posts, may
from zhenggai.people.models import Unit, User
from zhenggai.people.roles import ROLES, Permission

RECEIVING_ROLES = ("department_head", "grassroots_chief", "grassroots_liaison")
"""Roles whose holders receive and answer letters for their department or unit."""


def seat_of(actor: Actor, permission: str, unit: Unit, barred: Iterable[int | None] = ()) -> int | None:
    """Return the id of the person by whose post *actor* may do something for *unit*: their own before others'.

    Args:
        actor: who acts.
        permission: what they want to do.
        unit: for which unit.
        barred: ids of people by whose post it may not be done.

    Returns:
        The holder's id; None when there is no post that is free, or the operator acts.
    """
    if isinstance(actor, Operator) or actor.pk in set(barred):
        return None
    shut = set(barred)
    for post in access_of(actor).posts:
        role = ROLES.get(post.role)
        granted = role is not None and Permission(permission) in role.grants
        if granted and unit.path.startswith(post.body_path) and post.holder_id not in shut:
            return post.holder_id
    return None


def holders_of(permission: str, unit: Unit) -> list[User]:
    """Return the active people who hold *permission* for *unit*; some queries, for acts that tell them something."""
    roles = [code for code, role in ROLES.items() if Permission(permission) in role.grants]
    root = unit.path.split(".", 1)[0] + "."
    posts = current_posts().filter(role__in=roles, unit__path__startswith=root)
    people = User.objects.filter(pk__in=posts.order_by().values("user_id")).order_by("pk")
    return [person for person in people if may(person, permission, unit)]


def receivers_of(units: Iterable[Unit]) -> list[User]:
    """Return the active people who receive letters for *units*; one query."""
    posts = current_posts().filter(role__in=RECEIVING_ROLES, unit__in=list(units))
    return list(User.objects.filter(pk__in=posts.order_by().values("user_id")).order_by("pk"))


def received_units(actor: Actor) -> frozenset[int]:
    """Return the ids of the departments and units for which *actor* receives letters."""
    if isinstance(actor, Operator):
        return frozenset()
    return frozenset(post.unit_id for post in access_of(actor).posts if post.role in RECEIVING_ROLES)


def acted_for(actor: Actor) -> frozenset[int]:
    """Return the ids of those as whom *actor* stands: themselves and whom they act for."""
    if isinstance(actor, Operator):
        return frozenset()
    return frozenset({actor.pk}) | access_of(actor).principals
