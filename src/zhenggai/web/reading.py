"""What views read from addresses and forms: keys, rounds, and acts that may be refused without losing what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext

from zhenggai.findings.models import InspectionRound
from zhenggai.findings.queries import access_round, visible_rounds
from zhenggai.kit.errors import BadInput, Conflict, Explanation, NotFound
from zhenggai.people.models import User
from zhenggai.web.errors import wants_json
from zhenggai.web.rounds import present_round

T = TypeVar("T")


def key_of(value: str | None) -> int:
    """Return the key that *value* writes.

    Raises:
        NotFound: it writes none.
    """
    found = optional_key(value)
    if found is None:
        raise NotFound
    return found


def optional_key(value: str | None) -> int | None:
    """Return the key that *value* writes; None when it writes none."""
    if value and value.isascii() and value.isdecimal() and len(value) < 19:
        return int(value)
    return None


def chosen_round(request: HttpRequest, actor: User) -> tuple[InspectionRound | None, list[InspectionRound]]:
    """Return the round that the address names, or the present one, and all that the person sees."""
    rounds = list(visible_rounds(actor).select_related("unit"))
    wanted = optional_key(request.GET.get("round") or request.POST.get("round"))
    return (access_round(actor, wanted) if wanted is not None else present_round(actor, rounds)), rounds


def attempt(request: HttpRequest, act: Callable[[], T]) -> tuple[T | None, Explanation | None, int]:
    """Do *act*; return what it gave, or why it was refused and the status to answer with.

    A refusal that the person can mend in the form comes back in words, so that the form can be shown again as typed.
    """
    try:
        return act(), None, 200
    except (BadInput, Conflict) as error:
        if wants_json(request):
            raise
        return None, error.describe(gettext), error.status


def typed(request: HttpRequest, names: Mapping[str, object]) -> dict[str, str]:
    """Return what the form sent for *names*; for a page that was only opened, what stands there."""
    if request.method == "POST":
        return {name: request.POST.get(name, "").replace("\r\n", "\n") for name in names}
    return {name: "" if value is None else str(value) for name, value in names.items()}
