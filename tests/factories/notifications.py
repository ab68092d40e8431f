"""Things people were told, made through the room's own act."""

from __future__ import annotations

from itertools import count
from typing import Any

from zhenggai.notifications import actions
from zhenggai.notifications.kinds import Kind
from zhenggai.notifications.models import Notification
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import User

_numbers = count(1)


def tell(person: User, *, kind: Kind = Kind.TO_REVIEW, **values: Any) -> Notification:
    """Tell *person* something, and return it."""
    number = next(_numbers)
    given = {"title": f"第{number}项问题待您审核", "path": f"/findings/{number}/", **values}
    return actions.notify([person], actor=OPERATOR, kind=kind, **given)[0]
