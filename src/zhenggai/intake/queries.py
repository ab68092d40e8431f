"""What pages and commands may ask about documents on their way into the record."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.actions import FindingWrite
from zhenggai.findings.changes import compare
from zhenggai.findings.fields import FINDING_FIELDS, MEASURE_FIELDS, in_words, root_of
from zhenggai.findings.models import Finding, InspectionRound, Measure, ProgressEntry, Source
from zhenggai.findings.names import Directory
from zhenggai.findings.overview import COUNT_LABELS
from zhenggai.intake.drafts import COUNTS, FACTS, Json, counted, findings_in, problems_of
from zhenggai.intake.matching import pair_findings
from zhenggai.intake.merging import Merger
from zhenggai.intake.models import DraftChange, Import
from zhenggai.intake.rounds import full_date, proposed_round_name, round_values
from zhenggai.intake.shapes import (
    AnomalyView,
    AspectView,
    ChangeView,
    DraftView,
    FactView,
    FieldDifference,
    FindingView,
    Match,
    MatchKind,
    MeasureView,
    NoteView,
    ResponsibilityView,
    Span,
)
from zhenggai.kit.errors import NotFound
from zhenggai.people.access import Actor, reach
from zhenggai.people.models import Unit

IMPORT = "intake.import"
READING_TAKES = timedelta(minutes=5)
"""Longest step of a reading; the reader's own limits end it well before."""
WAITING_TAKES = timedelta(minutes=10)
"""Longest wait for a worker."""
_CHANGES_SHOWN = 50

FACT_LABELS: dict[str, str | Promise] = {
    "unit": _("被巡察单位"),
    "inspecting_body": _("巡察机构"),
    "inspection_start": _("巡察开始"),
    "inspection_end": _("巡察结束"),
    "feedback_date": _("反馈日期"),
    "document_date": _("落款日期"),
    "as_of": _("状态截至"),
}


def visible_imports(actor: Actor) -> QuerySet[Import]:
    """Return the imports of the units that importing reaches for *actor*, latest first."""
    reached = reach(actor, IMPORT)
    if reached.everything:
        return Import.objects.all()
    if not reached.unit_paths:
        return Import.objects.none()
    return Import.objects.filter(unit__in=Unit.objects.filter(reached.units()).order_by().values("pk"))


def access_import(actor: Actor, key: int) -> Import:
    """Return one import with file, unit, round and uploader at hand.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    related = ("file", "unit", "round__unit", "uploaded_by", "source")
    found = visible_imports(actor).select_related(*related).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def earlier_import(actor: Actor, document: Import) -> Import | None:
    """Return the last import before *document* of a file with the same bytes, as far as *actor* may know of it.

    One that was given up does not count.
    """
    same = visible_imports(actor).filter(file__sha256=document.file.sha256, pk__lt=document.pk)
    return same.exclude(state=Import.State.DISCARDED).select_related("round", "uploaded_by").order_by("-pk").first()


def is_stale(document: Import) -> bool:
    """Tell whether the worker seems to have died, or none is running."""
    now = timezone.now()
    if document.state == Import.State.READING:
        return now - (document.step_at or document.uploaded_at) > READING_TAKES
    return document.state == Import.State.WAITING and now - (document.step_at or document.uploaded_at) > WAITING_TAKES


def suggested_round_name(document: Import) -> str:
    """Return a name for the new round that confirming would open."""
    return proposed_round_name(document)


def draft_view(document: Import) -> DraftView:
    """Return the draft as the check page shows it; one query, for the corrections."""
    draft: Json = document.draft
    anomalies = tuple(_anomalies(draft, document.text))
    changes = list(document.changes.select_related("by").defer("before", "after").order_by("-version")[:_CHANGES_SHOWN])
    in_force = [change for change in changes if not change.undone]
    taken_back = [change for change in changes if change.undone]
    count = counted(draft)
    return DraftView(
        version=document.draft_version,
        family=draft.get("family", ""),
        facts=tuple(_facts(draft, count)),
        aspects=tuple(_aspects(draft, anomalies)),
        anomalies=anomalies,
        notes=tuple(_notes(draft)),
        finding_count=count["findings"],
        measure_count=count["measures"],
        changes=tuple(_change(change) for change in in_force),
        undo_label=in_force[0].label if in_force else "",
        redo_label=taken_back[-1].label if taken_back else "",
        problems=tuple(problems_of(draft)),
    )


def _change(change: DraftChange) -> ChangeView:
    return ChangeView(change.version, change.label, change.by.name, change.at)


def _anomalies(draft: Json, text: str) -> Iterable[AnomalyView]:
    line_ends = [index for index, char in enumerate(text) if char == "\n"]
    for index, item in enumerate(draft.get("anomalies", ())):
        start, end = item["span"]
        line = bisect_right(line_ends, start - 1) + 1 if start else 1
        yield AnomalyView(index, item["kind"], item["text"], item["hint"], (start, end), line)


def _notes(draft: Json) -> Iterable[NoteView]:
    notes = sorted(draft.get("notes", ()), key=lambda note: not note["hint"])
    return (NoteView(note["kind"], note["text"], note["hint"]) for note in notes)


def _facts(draft: Json, count: dict[str, int]) -> Iterable[FactView]:
    for name in FACTS:
        yield FactView(name, str(FACT_LABELS[name]), str(draft.get(name) or ""), None)
    for name in COUNTS:
        value = draft["counts"].get(name)
        label = str(COUNT_LABELS[name]) if name in COUNT_LABELS else _now("完成率")
        yield FactView(f"counts.{name}", label, "" if value is None else f"{value:g}", count.get(name))


def _aspects(draft: Json, anomalies: tuple[AnomalyView, ...]) -> Iterable[AspectView]:
    for aspect in draft["aspects"]:
        findings = tuple(_finding(each, anomalies) for each in findings_in(draft, aspect["key"]))
        yield AspectView(aspect["key"], aspect["no"], aspect["title"], _span(aspect), findings)
    loose = tuple(_finding(each, anomalies) for each in findings_in(draft, ""))
    if loose:
        yield AspectView("", "", "", None, loose)


def _finding(piece: Json, anomalies: tuple[AnomalyView, ...]) -> FindingView:
    span = _span(piece)
    who: Json = piece.get("responsibility") or {}
    return FindingView(
        key=piece["key"],
        no=piece.get("no", ""),
        title=piece["title"],
        description=piece.get("description", ""),
        aspect_key=piece["aspect"],
        parent_no=piece.get("parent_no", ""),
        parent_title=piece.get("parent_title", ""),
        status=piece.get("status", ""),
        status_text=piece.get("status_text", ""),
        deadline=piece.get("deadline", ""),
        target=piece.get("target", ""),
        responsibility=ResponsibilityView(
            leader=who.get("leader", ""),
            department=who.get("department", ""),
            person=who.get("person", ""),
            unit=who.get("unit", ""),
            support=who.get("support", ""),
            supervisor=who.get("supervisor", ""),
        ),
        measures=tuple(_measure(each) for each in piece["measures"]),
        progress=tuple(piece["progress"]),
        span=span,
        anomalies=tuple(item.index for item in anomalies if span and span[0] <= item.span[0] < span[1]),
    )


def _measure(piece: Json) -> MeasureView:
    return MeasureView(
        key=piece["key"],
        text=piece["text"],
        leader=piece.get("leader", ""),
        department=piece.get("department", ""),
        person=piece.get("person", ""),
        deadline=piece.get("deadline", ""),
        span=_span(piece),
    )


def _span(piece: Json) -> Span | None:
    span = piece.get("span")
    return (span[0], span[1]) if span and span[1] > span[0] else None


def propose_matches(document: Import, round_: InspectionRound | None = None) -> list[Match]:
    """Return what confirming would do to each finding, and which findings of the round the document does not mention.

    Args:
        document: the import.
        round_: the round to compare with; the import's own by default. Without one there is nothing to match.
    """
    round_ = round_ or document.round
    if round_ is None:
        return []
    findings = round_findings(round_)
    merger = merger_for(document, round_, findings)
    pairs = pair_findings(document.draft, findings)
    matches = [_match(pair.piece, pair.finding, pair.score, pair.chosen, pair.skip, merger) for pair in pairs]
    mentioned = {pair.finding.pk for pair in pairs if pair.finding is not None}
    for finding in findings:
        if finding.pk not in mentioned:
            matches.append(Match(MatchKind.MISSING, "", "", finding.pk, finding.title, finding.no, 0, False, ()))
    return matches


def round_findings(round_: InspectionRound) -> list[Finding]:
    """Return the findings of a round that stand on the ledger, with what a comparison needs at hand."""
    related = ("round", "aspect", "unit", "leader", "department", "owner")
    found = Finding.objects.filter(round=round_, withdrawn_at__isnull=True).select_related(*related)
    return list(found.order_by("order", "pk"))


def merger_for(document: Import, round_: InspectionRound | None, findings: Iterable[Finding]) -> Merger:
    """Return what laying the draft over *findings* needs; a fixed number of queries."""
    draft: Json = document.draft
    keys = [finding.pk for finding in findings]
    measures: dict[int, list[Measure]] = {}
    rows = Measure.objects.filter(finding_id__in=keys, withdrawn_at__isnull=True).order_by("order", "pk")
    for measure in rows.select_related("source", "leader", "department", "owner").defer("source__text"):
        measures.setdefault(measure.finding_id, []).append(measure)
    progress: dict[int, list[ProgressEntry]] = {}
    for entry in ProgressEntry.objects.filter(finding_id__in=keys):
        progress.setdefault(entry.finding_id, []).append(entry)
    assist: dict[int, list[Unit]] = {}
    for link in Finding.assist_departments.through.objects.filter(finding_id__in=keys).select_related("unit"):
        assist.setdefault(link.finding_id, []).append(link.unit)
    families = dict(Source.objects.filter(round=round_).values_list("pk", "family")) if round_ is not None else {}
    unit = round_.unit if round_ is not None else document.unit
    said_on = full_date(draft.get("as_of")) or full_date(draft.get("document_date"))
    known_to = round_.status_as_of if round_ is not None else None
    feedback_on = (round_.feedback_on if round_ is not None else None) or round_values(draft).get("feedback_on")
    return Merger(
        family=draft.get("family", "other"),
        text=document.text,
        families=families,
        directory=Directory(root_of(unit)),
        unit=unit,
        feedback_on=feedback_on,
        status_counts=known_to is None or said_on is None or said_on >= known_to,
        measures=measures,
        progress=progress,
        assist=assist,
    )


def _match(piece: Json, finding: Finding | None, score: int, chosen: bool, skip: bool, merger: Merger) -> Match:
    if skip or finding is None:
        kind = MatchKind.SKIP if skip else MatchKind.NEW
        return Match(kind, piece["key"], piece["title"], None, "", "", score, chosen, ())
    write = merger.write_for(piece, finding)
    differences = tuple(_differences(write, finding, merger))
    kind = MatchKind.UPDATE if differences else MatchKind.UNCHANGED
    differences += tuple(
        FieldDifference(item.name, _now("%(label)s（保留台账文字）") % {"label": item.label}, before, told, False)
        for item, before, told in merger.kept_words(piece, finding)
    )
    return Match(kind, piece["key"], piece["title"], finding.pk, finding.title, finding.no, score, chosen, differences)


def _differences(write: FindingWrite, finding: Finding, merger: Merger) -> Iterable[FieldDifference]:
    changes = compare(finding, write.reads, list(merger.assist.get(finding.pk, ())))
    for name, (before, after) in changes.items():
        item = FINDING_FIELDS[name]
        yield FieldDifference(name, str(item.label), in_words(item, before), in_words(item, after))
    text = MEASURE_FIELDS["text"]
    for each in write.measures:
        if each.measure is None:
            yield FieldDifference("measures", _now("新增措施"), "", str(each.reads[text]))
            continue
        for name, (before, after) in compare(each.measure, each.reads).items():
            item = MEASURE_FIELDS[name]
            label = _now("更新措施") if item == text else _now("更新措施：%(label)s") % {"label": item.label}
            yield FieldDifference("measures_changed", label, in_words(item, before), in_words(item, after))
    for measure in write.retired:
        yield FieldDifference("measures_retired", _now("原措施转为整改进展"), measure.text, measure.text)
    for entry in write.progress:
        yield FieldDifference("progress_entries", _now("新增整改进展"), "", entry.text)
