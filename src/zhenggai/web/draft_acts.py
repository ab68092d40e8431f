"""The corrections made on the check page, as a table: name of the act → how the form reaches the action.

A form of the check page sends ``act``, ``version`` and what the act needs; :func:`apply_act` does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zhenggai.intake import actions
from zhenggai.intake.models import Import
from zhenggai.people.models import User
from zhenggai.web.errors import BadRequest

Form = Mapping[str, str]
Apply = Callable[[Import, Form, dict[str, Any]], Import]

MEASURE_FIELDS = ("text", "leader", "department", "person", "deadline")
RESPONSIBILITY = ("leader", "department", "person", "unit", "support", "supervisor")


def apply_act(document: Import, form: Form, *, actor: User) -> Import:
    """Do the correction that *form* asks for.

    Raises:
        BadRequest: there is no such act, or a number is missing.
    """
    act = ACTS.get(form.get("act", ""))
    if act is None:
        raise BadRequest
    return act(document, form, {"actor": actor, "version": number(form, "version")})


def number(form: Form, name: str) -> int:
    """Return a whole number of the form.

    Raises:
        BadRequest: there is none.
    """
    given = form.get(name, "").strip()
    if not given.isascii() or not given.isdecimal() or len(given) > 9:
        raise BadRequest
    return int(given)


def _text(form: Form, name: str = "value") -> str:
    return form.get(name, "").replace("\r\n", "\n").strip()


def _given(form: Form, names: tuple[str, ...]) -> dict[str, str]:
    return {name: _text(form, name) for name in names if name in form}


def _facts(form: Form) -> dict[str, str]:
    return {name.removeprefix("fact:"): value.strip() for name, value in form.items() if name.startswith("fact:")}


def _keys(form: Form) -> list[str]:
    return [key for key in form.get("keys", "").split(",") if key]


ACTS: dict[str, Apply] = {
    "retitle": lambda d, f, k: actions.retitle_finding(d, f["key"], _text(f), **k),
    "number": lambda d, f, k: actions.set_number(d, f["key"], _text(f), **k),
    "description": lambda d, f, k: actions.set_description(d, f["key"], _text(f), **k),
    "status": lambda d, f, k: actions.set_status(d, f["key"], _text(f), **k),
    "responsibility": lambda d, f, k: actions.set_responsibility(d, f["key"], _given(f, RESPONSIBILITY), **k),
    "deadline": lambda d, f, k: actions.set_deadline(d, f["key"], _text(f), **k),
    "target": lambda d, f, k: actions.set_target(d, f["key"], _text(f), **k),
    "progress": lambda d, f, k: actions.set_progress(d, f["key"], _text(f).splitlines(), **k),
    "merge": lambda d, f, k: actions.merge_findings(d, _keys(f), **k),
    "split": lambda d, f, k: actions.split_finding(d, f["key"], f["measure"], _text(f), **k),
    "move": lambda d, f, k: actions.move_finding(d, f["key"], f.get("aspect", ""), number(f, "position"), **k),
    "delete": lambda d, f, k: actions.delete_finding(d, f["key"], **k),
    "add": lambda d, f, k: actions.add_finding(d, f.get("aspect", ""), _text(f), number(f, "position"), **k),
    "measure": lambda d, f, k: actions.edit_measure(d, f["key"], _given(f, MEASURE_FIELDS), **k),
    "add_measure": lambda d, f, k: actions.add_measure(d, f["key"], _text(f), number(f, "position"), **k),
    "delete_measure": lambda d, f, k: actions.delete_measure(d, f["key"], **k),
    "move_measure": lambda d, f, k: actions.move_measure(d, f["key"], f["finding"], number(f, "position"), **k),
    "split_measure": lambda d, f, k: actions.split_measure(d, f["key"], number(f, "at"), **k),
    "merge_measures": lambda d, f, k: actions.merge_measures(d, _keys(f), **k),
    "aspect": lambda d, f, k: actions.edit_aspect(d, f["key"], _given(f, ("no", "title")), **k),
    "add_aspect": lambda d, f, k: actions.add_aspect(d, _text(f), f.get("no", ""), number(f, "position"), **k),
    "delete_aspect": lambda d, f, k: actions.delete_aspect(d, f["key"], **k),
    "move_aspect": lambda d, f, k: actions.move_aspect(d, f["key"], number(f, "position"), **k),
    "facts": lambda d, f, k: actions.set_facts(d, _facts(f), **k),
    "match": lambda d, f, k: actions.choose_match(d, f["key"], _text(f), **k),
    "undo": lambda d, f, k: actions.undo_change(d, **k),
    "redo": lambda d, f, k: actions.redo_change(d, **k),
}
