"""Acts on rounds: open one, correct its facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.audit.actions import record
from zhenggai.findings import codes
from zhenggai.findings.access import access_round
from zhenggai.findings.errors import BadValue, RoundNameTaken, UnknownField
from zhenggai.findings.fields import clean_text
from zhenggai.findings.models import InspectionRound
from zhenggai.people.access import Actor, require
from zhenggai.people.models import Unit

ROUND = "round"
"""``object_type`` of entries about a round."""
EDIT = "findings.edit"

ROUND_LABELS = {
    "name": _("轮次名称"),
    "inspecting_body": _("巡察机构"),
    "started_on": _("巡察开始"),
    "ended_on": _("巡察结束"),
    "feedback_on": _("反馈日期"),
    "status_as_of": _("状态截至"),
    "closed_on": _("办结日期"),
}
_TEXTS = {"name": 160, "inspecting_body": 120}


def create_round(
    *,
    actor: Actor,
    unit: Unit,
    name: str,
    inspecting_body: str = "",
    started_on: date | str | None = None,
    ended_on: date | str | None = None,
    feedback_on: date | str | None = None,
) -> InspectionRound:
    """Open a round of *unit*.

    Raises:
        NotAllowed: the actor may not edit findings of the unit.
        RoundNameTaken: the unit has a round of that name.
        BadValue: a value cannot be taken.
    """
    require(actor, EDIT, unit)
    given = {
        "name": name,
        "inspecting_body": inspecting_body,
        "started_on": started_on,
        "ended_on": ended_on,
        "feedback_on": feedback_on,
    }
    values = {field: read_round_value(field, value) for field, value in given.items()}
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        _check(InspectionRound(unit=unit), values)
        round_ = InspectionRound.objects.create(unit=unit, **values)
        record(
            actor=actor,
            code=codes.ROUND_CREATED,
            object_type=ROUND,
            object_id=round_.pk,
            object_label=round_.name,
            data={"unit": unit.name, **{field: str(value) for field, value in values.items() if value}},
        )
    return round_


def update_round(round_: InspectionRound, values: Mapping[str, object], *, actor: Actor) -> InspectionRound:
    """Correct the facts of a round: ``name inspecting_body started_on ended_on feedback_on status_as_of closed_on``.

    Raises:
        NotFound, NotAllowed: the round is out of reach.
        UnknownField, BadValue, RoundNameTaken: a value cannot be taken.
    """
    reads = {field: read_round_value(field, value) for field, value in values.items()}
    with transaction.atomic():
        shown = access_round(actor, round_.pk, EDIT)
        require(actor, EDIT, shown.unit)
        found = (
            InspectionRound.objects.select_for_update(of=("self",), no_key=True)
            .select_related("unit")
            .get(pk=round_.pk)
        )
        _check(found, reads)
        changes = {f: [_words(getattr(found, f)), _words(new)] for f, new in reads.items() if getattr(found, f) != new}
        if not changes:
            return found
        for field in changes:
            setattr(found, field, reads[field])
        found.save(update_fields=list(changes))
        record(
            actor=actor,
            code=codes.ROUND_UPDATED,
            object_type=ROUND,
            object_id=found.pk,
            object_label=found.name,
            data={"changes": changes},
        )
    return found


def write_rolls_over(round_: InspectionRound, rolls_over: bool) -> None:
    """Say whether deadlines of a round run on over days off, as its rules do; the caller has checked and locked."""
    InspectionRound.objects.filter(pk=round_.pk).exclude(rolls_over=rolls_over).update(rolls_over=rolls_over)
    round_.rolls_over = rolls_over


def read_round_value(field: str, value: object) -> Any:
    """Return what is stored for a fact of a round.

    Raises:
        UnknownField: there is no such fact.
        BadValue: it cannot take the value.
    """
    if field not in ROUND_LABELS:
        raise UnknownField(field=field)
    label = ROUND_LABELS[field]
    if field in _TEXTS:
        text = clean_text(str(value or ""))
        if field == "name" and not text:
            raise BadValue(label=label, value="", reason=_now("不能为空"))
        if len(text) > _TEXTS[field]:
            reason = _now("最多 %(longest)s 个字") % {"longest": _TEXTS[field]}
            raise BadValue(label=label, value=text[:20] + "…", reason=reason)
        return text
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip()) if str(value).strip() else None
    except ValueError:
        raise BadValue(label=label, value=value, reason=_now("应为日期，例如 2025-06-30")) from None


def _check(round_: InspectionRound, values: Mapping[str, Any]) -> None:
    """Hold the name unique in its unit and the dates in order."""
    name = values.get("name", round_.name)
    others = InspectionRound.objects.filter(unit=round_.unit, name=name).exclude(pk=round_.pk)
    if "name" in values and others.exists():
        raise RoundNameTaken(unit=round_.unit.name, name=name)
    started, ended = values.get("started_on", round_.started_on), values.get("ended_on", round_.ended_on)
    if started and ended and ended < started:
        raise BadValue(label=ROUND_LABELS["ended_on"], value=ended, reason=_now("早于巡察开始日期"))


def _words(value: object) -> str:
    return "" if value is None else str(value)
