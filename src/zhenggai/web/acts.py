"""Forms of acts: what was typed, and what was refused, shown again beside its field on the page the act belongs to.

A view calls :func:`attempt` with the act; what the act raises for the person at the screen comes back as
:class:`Forms`, with which the page is drawn once more.  Nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from zhenggai.findings.deadlines import resolve_deadline
from zhenggai.kit.errors import BadFile, BadInput, Conflict, Explanation, UserError
from zhenggai.web.errors import BadValue, MissingField, wants_json

Labels = Mapping[str, str | Promise]
"""Field name → what people call it; an error that names the words is shown beside the field."""


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of a page: empty ones, but for the one that was refused."""

    sent: str = ""
    """Which form was refused; empty when none was."""
    values: Mapping[str, list[str]] = field(default_factory=dict)
    """What it held."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """Field → sentence."""
    error: Explanation | None = None
    """What is said above the page, when no field is to blame."""
    status: int = 200
    """HTTP status of the answer."""

    def value(self, form: str, name: str, otherwise: object = "") -> str:
        """Return what a field shows."""
        if form != self.sent:
            return "" if otherwise is None else str(otherwise)
        return (self.values.get(name) or [""])[0]

    def holds(self, form: str, name: str, value: object, otherwise: bool = False) -> bool:
        """Tell whether a tick or choice is set."""
        return str(value) in self.values.get(name, ()) if form == self.sent else otherwise

    def wrong(self, form: str, name: str) -> str:
        """Return what is wrong with a field."""
        return self.errors.get(name, "") if form == self.sent else ""

    def is_open(self, form: str) -> bool:
        """Tell whether a folded form is shown open, since it was refused."""
        return form == self.sent


EMPTY_FORMS = Forms()
"""The forms of a page on which nothing was refused."""


def attempt(request: HttpRequest, form: str, labels: Labels, act: Callable[[], object]) -> Forms | None:
    """Run *act*; return the forms to show again when it was refused, None when it took place.

    Raises:
        UserError: it was refused and the caller wants JSON; and all that no form can mend (not found, not allowed).
    """
    try:
        act()
    except (BadInput, Conflict, BadFile) as error:
        if wants_json(request):
            raise
        return refused(request, form, labels, error)
    return None


def refused(request: HttpRequest, form: str, labels: Labels, error: UserError) -> Forms:
    """Return the forms of a page on which *form* was refused."""
    words = error.describe(gettext)
    label = str(error.slots.get("label", ""))
    beside = [name for name, said in labels.items() if label and str(said) == label][:1]
    if isinstance(error, BadFile) and "file" in labels:
        beside = ["file"]
    return Forms(
        sent=form,
        values={name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"},
        errors=dict.fromkeys(beside, f"{words.what}{words.todo}"),
        error=None if beside else words,
        status=error.status,
    )


def read_day(request: HttpRequest, name: str, label: str | Promise, *, feedback_on: date | None = None) -> date | None:
    """Return the day typed into a field: ``2025-06-30``, ``下周五``, ``反馈后1个月``; None when it is empty.

    Raises:
        BadValue: the words name no day.
    """
    typed = request.POST.get(name, "").strip()
    if not typed:
        return None
    found = resolve_deadline(typed, feedback_on=feedback_on, today=timezone.localdate())
    if found is None:
        raise BadValue(label=label, value=typed[:40], hint=_("请写成 2025-06-30 的样子。"))
    return found


def needed_day(request: HttpRequest, name: str, label: str | Promise, *, feedback_on: date | None = None) -> date:
    """Return the day typed into a field.

    Raises:
        MissingField: it is empty.
        BadValue: the words name no day.
    """
    found = read_day(request, name, label, feedback_on=feedback_on)
    if found is None:
        raise MissingField(label=label)
    return found


def number(value: str) -> int | None:
    """Return a key that a form or address sent; None when it is none."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None


def numbers(request: HttpRequest, name: str) -> list[int]:
    """Return the keys ticked in a form."""
    given = (number(value) for value in request.POST.getlist(name))
    return [value for value in given if value is not None]


def version_of(request: HttpRequest) -> int | None:
    """Return the version of the record that the form was drawn from; None when it sends none."""
    return number(request.POST.get("version", ""))
