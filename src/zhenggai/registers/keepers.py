"""Whom to tell: those who keep a register of a body, and those who head a department."""

from __future__ import annotations

from zhenggai.people.access import current_posts, may
from zhenggai.people.models import Unit, User
from zhenggai.people.roles import ROLES

_HEADS = ("department_head", "grassroots_chief", "grassroots_liaison")


def holders(permission: str, unit: Unit) -> list[User]:
    """Return the people who hold *permission* for *unit* by a post of their own."""
    roles = [code for code, role in ROLES.items() if any(str(granted) == permission for granted in role.grants)]
    root = unit.path.split(".", 1)[0] + "."
    posts = current_posts().filter(role__in=roles, unit__path__startswith=root).order_by().values("user_id")
    people = User.objects.filter(pk__in=posts).order_by("id")
    return [person for person in people if may(person, permission, unit)]


def heads(unit: Unit | None) -> list[User]:
    """Return the people who answer for a department, or for a grass-roots unit."""
    if unit is None:
        return []
    posts = current_posts().filter(role__in=_HEADS, unit=unit).order_by().values("user_id")
    return list(User.objects.filter(pk__in=posts).order_by("id"))
