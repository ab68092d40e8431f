"""One finding of a draft laid over one of the record, or over none: what would be written. Reads only.

See ``docs/intake.md`` for the rules.

A paper that commits (plan, ledger, environment plan) says who answers, until when, and which measures there are. A
paper that reports (progress notice, audit report …) says what was done and where things stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhenggai.findings.actions import FindingWrite, MeasureWrite, ProgressWrite
from zhenggai.findings.changes import is_governed
from zhenggai.findings.deadlines import MAX_TEXT, resolve_deadline
from zhenggai.findings.fields import FINDING_FIELDS, GOVERNED, MEASURE_FIELDS, Due, Field, clean_text, stored_value
from zhenggai.findings.models import Finding, Measure, ProgressEntry
from zhenggai.findings.names import Directory, split_names
from zhenggai.intake.drafts import Json
from zhenggai.intake.matching import pair_texts
from zhenggai.kit.text import comparison_key
from zhenggai.people.models import Unit

COMMITTING = frozenset({"plan", "ledger", "environment_plan"})
"""Families that say who answers, until when, and which measures there are."""
_F, _M = FINDING_FIELDS, MEASURE_FIELDS
Reads = dict[Field, Any]


@dataclass(slots=True)
class Merger:
    """What laying a draft over a round needs, read once."""

    family: str
    """Kind of paper."""
    text: str
    """The paper's text, which spans refer to."""
    directory: Directory
    """Names in the round's tree."""
    unit: Unit
    """The inspected unit, in which department names are looked up first."""
    feedback_on: date | None
    """Day 0 of relative deadlines."""
    status_counts: bool = True
    """False when the round already holds statuses of a later day than this paper's."""
    families: Mapping[int, str] = field(default_factory=dict)
    """Kinds of the papers the round was read from, by their key."""
    measures: Mapping[int, Sequence[Measure]] = field(default_factory=dict)
    """Measures on the record by finding, withdrawn ones left out."""
    progress: Mapping[int, Sequence[ProgressEntry]] = field(default_factory=dict)
    """Statements of progress on the record by finding."""
    assist: Mapping[int, Sequence[Unit]] = field(default_factory=dict)
    """Assisting departments on the record by finding."""
    unmatched: dict[str, None] = field(default_factory=dict)
    """Names that nobody answers to, collected on the way."""

    @property
    def commits(self) -> bool:
        """True for a paper that commits."""
        return self.family in COMMITTING

    def write_for(self, piece: Json, finding: Finding | None) -> FindingWrite:
        """Return what writing the draft's finding would do.

        Args:
            piece: the finding in the draft.
            finding: the finding on the record it is matched to; None adds one.
        """
        span = _span(piece)
        said = self._said(piece)
        if finding is None:
            measures = [MeasureWrite(self._measure_reads(each), _span(each)) for each in piece["measures"]]
            return FindingWrite(said, None, span, measures, [], list(self._told(piece)))
        write = FindingWrite(dict(self._over(said, finding)), finding, span)
        self._lay_measures(piece, finding, write)
        return write

    def _said(self, piece: Json) -> Reads:
        """Return everything the document says about a finding, as stored values."""
        who: Json = piece.get("responsibility") or {}
        reads: Reads = {}
        for name, text in (
            ("no", piece.get("no", "")),
            ("title", piece["title"]),
            ("description", piece.get("description", "")),
            ("parent_no", piece.get("parent_no", "")),
            ("parent_title", piece.get("parent_title", "")),
            ("status_text", piece.get("status_text", "")),
            ("supervisor_text", who.get("supervisor", "")),
            ("completion_criteria", piece.get("target", "")),
        ):
            _put_text(reads, _F[name], text)
        if piece.get("status"):
            reads[_F["status"]] = piece["status"]
        leader = who.get("leader") or _agreed(piece["measures"], "leader")
        department = who.get("department") or who.get("unit") or _agreed(piece["measures"], "department")
        person = who.get("person") or _agreed(piece["measures"], "person")
        self._people_said(reads, _F, leader, person)
        units = self._departments_said(reads, _F, department)
        support: str = who.get("support") or ""
        _put_text(reads, _F["assist_text"], support)
        assisting = self._units(support) + units[1:]
        if assisting:
            lead = reads.get(_F["department"])
            reads[_F["assist"]] = [unit for unit in dict.fromkeys(assisting) if unit != lead]
        due = self._due(piece.get("deadline", "")) or self._last_due(piece["measures"])
        if due is not None:
            reads[_F["due"]] = due
        return reads

    def _measure_reads(self, piece: Json) -> Reads:
        reads: Reads = {_M["text"]: clean_text(piece["text"], lines=True)}
        self._people_said(reads, _M, piece.get("leader", ""), piece.get("person", ""))
        self._departments_said(reads, _M, piece.get("department", ""))
        due = self._due(piece.get("deadline", ""))
        if due is not None:
            reads[_M["due"]] = due
        return reads

    def _people_said(self, reads: Reads, table: Mapping[str, Field], leader: str, person: str) -> None:
        for name, text in (("leader", leader), ("owner", person)):
            _put_text(reads, table[f"{name}_text"], text)
            found = self.directory.people(text) if text else []
            if found:
                reads[table[name]] = found[0]
            elif text:
                self.unmatched[clean_text(text)] = None

    def _departments_said(self, reads: Reads, table: Mapping[str, Field], text: str) -> list[Unit]:
        _put_text(reads, table["department_text"], text)
        units = self._units(text)
        if units:
            reads[table["department"]] = units[0]
        return units

    def _units(self, text: str) -> list[Unit]:
        if not text:
            return []
        found = self.directory.units(text, self.unit)
        for name in split_names(text):
            if not self.directory.units(name, self.unit) and self.directory.unit(text, self.unit).record is None:
                self.unmatched[clean_text(name)] = None
        return found

    def _due(self, text: str) -> Due | None:
        text = clean_text(text)[:MAX_TEXT]
        if not text:
            return None
        try:
            return Due(date.fromisoformat(text), "")
        except ValueError:
            return Due(resolve_deadline(text, feedback_on=self.feedback_on), text)

    def _last_due(self, measures: Sequence[Json]) -> Due | None:
        """Return the latest deadline of the measures when every one of them has a day."""
        dues = [self._due(each.get("deadline", "")) for each in measures]
        days = [due.on for due in dues if due is not None and due.on is not None]
        return Due(max(days), "") if days and len(days) == len(measures) else None

    def kept_words(self, piece: Json, finding: Finding) -> Iterable[tuple[Field, str, str]]:
        """Yield the wording of a matched finding that the paper has otherwise and the ledger keeps: before, told."""
        written = self.write_for(piece, finding).reads
        for item, value in self._said(piece).items():
            governed = item.name == "status" and is_governed(finding)
            old = getattr(finding, item.attribute) if item.name in _WORDING or governed else ""
            if old and item not in written and comparison_key(old) != comparison_key(value):
                yield item, old, value

    def _is_later_version(self, finding: Finding) -> bool:
        """Tell whether the paper is of the same kind as the one the finding was read from, and not older."""
        return self.status_counts and self.families.get(finding.source_id or 0) == self.family

    def _over(self, said: Reads, finding: Finding) -> Iterable[tuple[Field, Any]]:
        """Yield what of *said* is to be written over a matched finding."""
        rewords = self._is_later_version(finding)
        if is_governed(finding):
            said = {item: value for item, value in said.items() if item.name not in GOVERNED}
        for item, value in said.items():
            old = stored_value(item, finding, list(self.assist.get(finding.pk, ())))
            empty = old in (None, "", [], Due(None, "")) or (item.name == "status" and old == "unknown")
            if item.name in ("status", "status_text"):
                if empty or self.status_counts:
                    yield item, value
                continue
            reworded = rewords and item.name in _WORDING and comparison_key(old) != comparison_key(value)
            if empty or reworded or (self.commits and item.name in _COMMITTED):
                yield item, value

    def _lay_report(self, piece: Json, there: Sequence[Measure], write: FindingWrite, told: set[str]) -> None:
        """Lay what a reporting paper says was done over the measures.

        What an earlier reporting paper brought as measures is brought up to date where the new one says the same
        in other words or figures; all else is progress, or one more measure where all measures came that way.
        """
        reported = [measure for measure in there if self._from_report(measure)]
        known = {comparison_key(measure.text): measure for measure in there}
        fresh = [each for each in piece["measures"] if comparison_key(each["text"]) not in known]
        said = {comparison_key(each["text"]) for each in piece["measures"]}
        open_ones = [measure for measure in reported if comparison_key(measure.text) not in said]
        later = pair_texts([each["text"] for each in fresh], [measure.text for measure in open_ones])
        stated: list[ProgressWrite] = []
        for each, place in zip(fresh, later, strict=True):
            if place is not None:
                if self.status_counts:  # an older paper does not turn the words back
                    write.measures.append(MeasureWrite(self._measure_reads(each), _span(each), open_ones[place]))
            elif len(reported) == len(there):
                write.measures.append(MeasureWrite(self._measure_reads(each), _span(each)))
            else:
                stated.append(ProgressWrite(clean_text(each["text"], lines=True), _span(each)))
        write.progress += _fresh(stated, told, known)

    def _from_report(self, measure: Measure) -> bool:
        return measure.source_id is not None and self.families.get(measure.source_id, "plan") not in COMMITTING

    def _told(self, piece: Json) -> Iterable[ProgressWrite]:
        """Yield the statements of progress, each with its place when it stands word for word inside the finding's."""
        start, end = _span(piece) or (0, 0)
        for line in piece["progress"]:
            text = clean_text(line, lines=True)
            at = self.text.find(text, start, end) if text else -1
            if text:
                yield ProgressWrite(text, (at, at + len(text)) if at >= 0 else None)

    def _lay_measures(self, piece: Json, finding: Finding, write: FindingWrite) -> None:
        there = list(self.measures.get(finding.pk, ()))
        known = {comparison_key(measure.text): measure for measure in there}
        told = {comparison_key(entry.text) for entry in self.progress.get(finding.pk, ())}
        write.progress += _fresh(self._told(piece), told, known)
        if not there:
            write.measures += [MeasureWrite(self._measure_reads(each), _span(each)) for each in piece["measures"]]
            return
        if not self.commits:
            self._lay_report(piece, there, write, told)
            return
        reported = [measure for measure in there if _was_reported(measure)]
        for each in piece["measures"]:
            same = known.get(comparison_key(each["text"]))
            if same in reported:
                reported.remove(same)  # the plan names it too: it stays a measure
            write.measures.append(MeasureWrite(self._measure_reads(each), _span(each), same))
        if piece["measures"]:
            write.retired += reported


_COMMITTED = frozenset(
    ("leader", "leader_text", "department", "department_text", "assist", "assist_text", "owner", "owner_text", "due",
     "completion_criteria", "supervisor_text")
)  # fmt: skip


_WORDING = frozenset(("no", "title", "description", "parent_no", "parent_title"))


def _was_reported(measure: Measure) -> bool:
    """Tell whether a measure came from a paper that reports and nobody has worked on it since."""
    source = measure.source
    untouched = not measure.progress and measure.status == "unknown"
    return source is not None and source.family not in COMMITTING and untouched


def _fresh(stated: Iterable[ProgressWrite], told: set[str], known: Mapping[str, Measure]) -> Iterable[ProgressWrite]:
    for each in stated:
        key = comparison_key(each.text)
        if key not in told and key not in known:
            told.add(key)
            yield each


def _put_text(reads: Reads, item: Field, text: str) -> None:
    text = clean_text(text or "", lines=not item.longest)
    if text:
        reads[item] = text[: item.longest] if item.longest else text


def _agreed(measures: Sequence[Json], name: str) -> str:
    """Return what all measures that say it agree on; empty when they differ or none says it."""
    said = {each[name] for each in measures if each.get(name)}
    return str(said.pop()) if len(said) == 1 else ""


def _span(piece: Json) -> tuple[int, int] | None:
    span = piece.get("span")
    return (span[0], span[1]) if span and span[1] > span[0] else None
