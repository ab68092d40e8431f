"""The round a document belongs to: found among those of its unit, or composed from its facts."""

from __future__ import annotations

from datetime import date
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _now

from zhenggai.findings.fields import clean_text
from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.intake.drafts import Json
from zhenggai.intake.matching import pair_findings
from zhenggai.intake.models import Import
from zhenggai.kit.text import comparison_key
from zhenggai.people.models import Unit

_ENOUGH = 0.5
"""Share of a draft's findings that must be found in a round for it to be proposed."""


def full_date(text: object) -> date | None:
    """Return the day that a fact names; None when it names only a month or nothing."""
    try:
        return date.fromisoformat(str(text or ""))
    except ValueError:
        return None


def find_round(unit: Unit, draft: Json) -> InspectionRound | None:
    """Return the open round of *unit* that a draft most likely speaks of.

    It has the same feedback date, else most of the findings.
    """
    rounds = list(
        InspectionRound.objects.filter(unit=unit, closed_on__isnull=True).order_by("-feedback_on", "-pk")[:20]
    )
    feedback_on = full_date(draft.get("feedback_date"))
    if feedback_on is not None:
        same = [each for each in rounds if each.feedback_on == feedback_on]
        if same:
            return same[0]
        rounds = [each for each in rounds if each.feedback_on is None]
    best: tuple[float, InspectionRound | None] = (0.0, None)
    total = len(draft["findings"])
    for each in rounds if total else ():
        findings = Finding.objects.filter(round=each, withdrawn_at__isnull=True).select_related("aspect").order_by("pk")
        found = sum(pair.finding is not None for pair in pair_findings(draft, list(findings)))
        if found / total > best[0]:
            best = (found / total, each)
    return best[1] if best[0] >= _ENOUGH else None


def unit_of(document: Import, candidates: list[Unit]) -> Unit:
    """Return the inspected unit.

    The one the draft names when it is the import's unit or stands below it, else the import's.
    """
    said = comparison_key(str(document.draft.get("unit", "")))
    for unit in candidates if said else ():
        names = {unit.name, unit.short_name, *map(str, unit.aliases)}
        if said in {comparison_key(name) for name in names if name} and unit.path.startswith(document.unit.path):
            return unit
    return document.unit


def round_values(draft: Json) -> dict[str, Any]:
    """Return the facts of a round that a draft states."""
    started, ended = full_date(draft.get("inspection_start")), full_date(draft.get("inspection_end"))
    if started and ended and ended < started:
        ended = None  # a damaged date must not keep the document out; the draft's anomalies speak of it
    values = {
        "inspecting_body": clean_text(str(draft.get("inspecting_body", "")))[:120],
        "started_on": started,
        "ended_on": ended,
        "feedback_on": full_date(draft.get("feedback_date")),
    }
    return {name: value for name, value in values.items() if value}


def proposed_round_name(document: Import) -> str:
    """Return a name for a new round, free among those of the unit: ``2024年市委第三巡察组巡察``.

    A document that names neither body nor year lends its own title, as its file is called.
    """
    draft = document.draft
    year = next(
        (
            str(draft[name])[:4]
            for name in ("feedback_date", "inspection_start", "inspection_end", "document_date")
            if draft.get(name)
        ),
        "",
    )
    body = clean_text(str(draft.get("inspecting_body", "")))[:100]
    name = (_now("%(year)s年") % {"year": year} if year else "") + (body + _now("巡察") if body else _now("巡察整改"))
    title = clean_text(PurePath(document.name).stem)[:100]
    if title and not year and not body:
        name = title
    taken = set(InspectionRound.objects.filter(unit=document.unit).values_list("name", flat=True))
    free, number = name, 2
    while free in taken:
        free, number = f"{name}({number})", number + 1
    return free
