"""Units, people and posts that are valid by default, made through the room's own acts."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from zhenggai.people import actions
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Post, Unit, User

PASSWORD = "Correct-Horse-77"
_numbers = count(1)


def make_unit(
    name: str = "", *, kind: str = Unit.Kind.ORGANISATION, parent: Unit | None = None, aliases: Iterable[str] = ()
) -> Unit:
    """Return a new unit: an organisation unless told otherwise."""
    return actions.create_unit(
        actor=OPERATOR, kind=kind, name=name or f"示例单位{next(_numbers)}", parent=parent, aliases=list(aliases)
    )


def make_department(parent: Unit, name: str = "") -> Unit:
    """Return a new department of *parent*."""
    return make_unit(name or f"第{next(_numbers)}检察部", kind=Unit.Kind.DEPARTMENT, parent=parent)


def make_grassroots(parent: Unit, name: str = "") -> Unit:
    """Return a new grass-roots unit below *parent*."""
    return make_unit(name or f"示例区{next(_numbers)}人民检察院", kind=Unit.Kind.GRASSROOTS, parent=parent)


def make_user(
    role: str = "", unit: Unit | None = None, *, name: str = "", username: str = "", charges: Iterable[Unit] = ()
) -> User:
    """Return a new person whose first password is behind them, with *role* in *unit* if both are given."""
    number = next(_numbers)
    user, _password = actions.create_user(
        actor=OPERATOR,
        username=username or f"user{number}",
        name=name or f"张{number}",
        password=PASSWORD,
        must_change_password=False,
    )
    if role and unit is not None:
        post = make_post(user, unit, role)
        if charges:
            actions.set_charges(post, actor=OPERATOR, units=charges)
    return user


def make_post(user: User, unit: Unit, role: str, *, title: str = "") -> Post:
    """Return a new post."""
    return actions.grant_post(user, actor=OPERATOR, unit=unit, role=role, title=title)
