"""What a bound figure rests on, as pages list it: rows of the record with their addresses, rows of a ledger, papers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.http import urlencode

from zhenggai.findings.models import Measure
from zhenggai.findings.queries import visible_findings
from zhenggai.kit.errors import NotFound, UserError
from zhenggai.ledgers.access import access_ledger
from zhenggai.ledgers.finding import row_view
from zhenggai.notices.models import Binding
from zhenggai.notices.sources import question_of
from zhenggai.people.models import User
from zhenggai.watch.between import rows_between
from zhenggai.watch.indicators import find_indicator
from zhenggai.web.registers import TABS
from zhenggai.workflow.models import Evidence
from zhenggai.workflow.queries import visible_evidence

MOST = 100
_REGISTERS = {
    "meeting": "meeting",
    "decision": "decision",
    "rule": "rule",
    "accountability": "accountability",
    "recovery": "recovery",
    "group": "group",
    "fix": "immediate_fix",
    "petition": "petition",
    "common": "common",
    "carried_over": "carried_over",
}
"""Kind of a row → name of the register's tab."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row behind a figure."""

    label: str
    """What it is called."""
    address: str
    """Where it is; empty when there is no page for the reader."""
    beside: str = ""
    """A word beside it."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What a figure rests on."""

    rows: list[SourceRow]
    """The rows, or the first of them."""
    total: int
    """How many there are."""
    evidence: list[Evidence]
    """Evidence the reader may open."""
    hidden: int = 0
    """How many pieces of evidence they may not."""
    shut: bool = False
    """Whether the ledger is not the reader's to see."""
    parts: str = ""
    """Of which part the rows are: ``numerator`` or ``denominator``; empty where there is one alone."""


def behind(
    actor: User, binding: Binding, rows: Iterable[Sequence[object]], *, as_of: datetime | None, part: str = "numerator"
) -> Behind:
    """Return what a figure rests on, as far as the reader may see it.

    Args:
        actor: who reads.
        binding: what it is bound to.
        rows: of a count, the rows counted as ``(kind, key, label)``.
        as_of: of an indicator, the moment as of which rows are read.
        part: of an indicator, the part whose rows are listed.
    """
    if binding.kind == Binding.Kind.COUNT:
        told = [(str(kind), int(str(key)), str(label)) for kind, key, label in rows]
        return Behind(_record_rows(actor, told[: 5 * MOST]), len(told), [])
    if binding.kind == Binding.Kind.INDICATOR:
        return _ledger_rows(actor, binding, as_of, part)
    proofs = list(binding.evidence.filter(withdrawn_at=None))
    seen = set(visible_evidence(actor).filter(pk__in=[each.pk for each in proofs]).values_list("pk", flat=True))
    mine = [each for each in proofs if each.pk in seen]
    return Behind([], 0, mine, hidden=len(proofs) - len(mine))


def _record_rows(actor: User, rows: list[tuple[str, int, str]]) -> list[SourceRow]:
    findings = {key for kind, key, _label in rows if kind == "finding"}
    measures = dict(
        Measure.objects.filter(pk__in=[key for kind, key, _label in rows if kind == "measure"]).values_list(
            "pk", "finding_id"
        )
    )
    wanted = findings | set(measures.values())
    open_ones = set(visible_findings(actor).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    found = []
    for kind, key, label in rows:
        address = ""
        if kind == "finding" and key in open_ones:
            address = reverse("finding", kwargs={"id": key})
        elif kind == "measure" and measures.get(key) in open_ones:
            address = reverse("finding", kwargs={"id": measures[key]}) + "#measures"
        elif kind == "aspect":
            address = reverse("findings") + f"?round=&aspect={key}"
        elif kind in _REGISTERS and _REGISTERS[kind] in TABS:
            address = reverse(TABS[_REGISTERS[kind]].name, kwargs={"id": key})
        elif kind in ("visit", "check"):
            address = reverse(kind, kwargs={"id": key})
        found.append(SourceRow(label, address))
    return found


def _ledger_rows(actor: User, binding: Binding, as_of: datetime | None, part: str) -> Behind:
    question = question_of(binding.source, as_of)
    try:
        access_ledger(actor, question.ledger)
        divided = find_indicator(f"{question.ledger}.{question.indicator}")[1].denominator is not None
        ledger, ids = rows_between(question, "denominator" if part == "denominator" else "numerator")
        access_ledger(actor, ledger.ledger)
    except UserError:
        return Behind([], 0, [], shut=True)
    rows = []
    for key in ids[:MOST]:
        try:
            line = row_view(actor, ledger.ledger, key, as_of=question.moment).line
        except NotFound:
            continue  # kept by a body out of the reader's reach
        if line.pk:
            address = reverse("ledger-row", kwargs={"code": ledger.ledger, "id": line.pk})
            address += "?" + urlencode({"as_of": question.moment.isoformat()}) if question.moment else ""
        else:
            address = reverse("ledger-imported-row", kwargs={"code": ledger.ledger}) + "?" + urlencode({"row": key})
        rows.append(SourceRow(line.title, address, line.unit))
    return Behind(rows, len(ids), [], parts=part if divided else "")
