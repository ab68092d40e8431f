"""Writes the first draft of a notice from the record: blocks of text, and for each figure in them what it counts.

Reads only; what comes out is saved by :mod:`zhenggai.notices.actions`.  Clues, the names of persons and what petitions
say are never read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from zhenggai.findings.models import Finding, InspectionRound, Measure, ProgressEntry, Stage
from zhenggai.notices.blocks import Block, BlockKind, new_id
from zhenggai.notices.counts import COUNTS, RecordCounts
from zhenggai.notices.models import NoticeSettings
from zhenggai.notices.wording import Clauses, Wording, shipped_wording
from zhenggai.oversight.wording import chinese_day
from zhenggai.people.models import Unit

_SLOT = re.compile(r"\{([\w.]+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure in a block that was just written."""

    block: str
    """Id of the block."""
    start: int
    """First character."""
    end: int
    """Behind its measure word."""
    quote: str
    """The characters."""
    count: str
    """Code of the count it tells."""
    given: Decimal
    """What that gave."""
    unit: str
    """Its measure word."""


@dataclass(slots=True)
class Composed:
    """A first draft."""

    blocks: list[Block] = field(default_factory=list)
    """Its blocks."""
    figures: list[Placed] = field(default_factory=list)
    """Its figures."""
    evidenced: list[tuple[str, int]] = field(default_factory=list)
    """Id of a block and key of the measure it tells of: figures in it may rest on that measure's evidence."""


def organ_of(unit: Unit, settings: NoticeSettings | None) -> str:
    """Return the name of the inspected organisation."""
    return (settings.organ if settings else "") or f"{unit.name}党组"


def signature_of(unit: Unit, settings: NoticeSettings | None) -> str:
    """Return in whose name notices of a body are signed."""
    return (settings.signature if settings else "") or f"中共{organ_of(unit, settings)}"


def compose(
    round_: InspectionRound, as_of: date, settings: NoticeSettings | None = None, record: RecordCounts | None = None
) -> Composed:
    """Return the first draft of the notice of a round.

    Args:
        round_: the round.
        as_of: the day to which its status speaks.
        settings: what the body takes as given.
        record: the counts, where they are at hand.
    """
    writer = _Writer(round_, as_of, settings, record or RecordCounts(round_, as_of), shipped_wording())
    return writer.write()


class _Writer:
    def __init__(
        self,
        round_: InspectionRound,
        as_of: date,
        settings: NoticeSettings | None,
        record: RecordCounts,
        wording: Wording,
    ) -> None:
        self.round, self.settings, self.record, self.words = round_, settings, record, wording
        self.done = Composed()
        self.as_of = as_of
        unit = round_.unit
        body = round_.inspecting_body
        self.facts: dict[str, str] = {
            "unit": unit.name,
            "organ": organ_of(unit, settings),
            "body": body,
            "kind": "巡视" if "巡视" in f"{body}{round_.name}" else "巡察",
            "started": _day(round_.started_on),
            "ended": _day(round_.ended_on),
            "feedback": _day(round_.feedback_on),
            "as_of": chinese_day(as_of),
            **{name: getattr(settings, name) if settings else "" for name in ("phone", "address", "postcode", "email")},
        }
        self.facts["address_only"] = "" if self.facts["postcode"] else self.facts["address"]

    def write(self) -> Composed:
        """Write all parts in order."""
        self._say(BlockKind.TITLE, self.words.title)
        self._sentences(BlockKind.PREAMBLE, self.words.preamble)
        self._say(BlockKind.SECTION, self.words.sections["organising"])
        for lead in self.words.leads:
            self._sentences(BlockKind.LEAD, lead.sentences, before=f"{lead.head}。")
        self._status()
        self._say(BlockKind.SECTION, self.words.sections["problems"])
        self._problems()
        self._say(BlockKind.SECTION, self.words.sections["follow_up"])
        for text in self.words.follow_up:
            self._say(BlockKind.FOLLOW_UP, text)
        self._contact()
        self._add(BlockKind.SIGNATURE, signature_of(self.round.unit, self.settings))
        self._add(BlockKind.DATE, self.facts["as_of"])
        return self.done

    # paragraphs of clauses

    def _add(self, kind: BlockKind, text: str, *, about: str = "", status: str = "") -> Block:
        block = Block(new_id(), kind, text, about, status)
        self.done.blocks.append(block)
        return block

    def _say(self, kind: BlockKind, pattern: str) -> None:
        filled = self._clause(pattern)
        if filled is not None:
            self._add(kind, filled[0])

    def _sentences(self, kind: BlockKind, sentences: Iterable[Clauses], *, before: str = "") -> None:
        text, figures = before, []
        for clauses in sentences:
            sentence, placed = self._sentence(clauses)
            if sentence:
                figures += [(start + len(text), end + len(text), code, given) for start, end, code, given in placed]
                text += sentence + "。"
        if text != before:
            self._put(self._add(kind, text), figures)

    def _sentence(self, clauses: Clauses, *, join: str = "，") -> tuple[str, list[tuple[int, int, str, Decimal]]]:
        """Return a sentence of the clauses that can be filled; nothing when all of its counts are zero."""
        text, figures, counts = "", [], 0
        for clause in clauses:
            filled = self._clause(clause)
            counts += len(_codes(clause))
            if filled is None:
                continue
            words, placed = filled
            text += join if text else ""
            figures += [(start + len(text), end + len(text), code, given) for start, end, code, given in placed]
            text += words
        if counts and not figures:
            return "", []
        return text, figures

    def _clause(self, pattern: str) -> tuple[str, list[tuple[int, int, str, Decimal]]] | None:
        """Return a clause filled, with its figures; None when a fact is not known or all its counts are zero.

        What stands in square brackets is left out when its own counts are zero.
        """
        pattern = _OPTIONAL.sub(lambda part: part[1] if self._counts_something(part[1]) else "", pattern)
        text, at, figures = "", 0, []
        for slot in _SLOT.finditer(pattern):
            text += pattern[at : slot.start()]
            at = slot.end()
            name = slot[1]
            if "." not in name:
                if not self.facts.get(name):
                    return None
                text += self.facts[name]
                continue
            given = self.record.count(name).value or Decimal(0)
            unit = _unit_behind(pattern[at:], self.record.count(name).unit)
            figures.append((len(text), len(text) + len(shown(given)) + len(unit), name, given))
            text += shown(given)
        if figures and not any(given for _start, _end, _code, given in figures):
            return None
        return text + pattern[at:], figures

    def _counts_something(self, part: str) -> bool:
        return any(self.record.count(code).value for code in _codes(part))

    def _put(self, block: Block, figures: Iterable[tuple[int, int, str, Decimal]]) -> None:
        for start, end, code, given in figures:
            unit = self.record.count(code).unit
            self.done.figures.append(Placed(block.id, start, end, block.text[start:end], code, given, unit))

    def _status(self) -> None:
        text, figures = self._sentence((*self.words.status_opening, *self.words.status_clauses))
        for clauses in self.words.status_beside:
            more, placed = self._sentence(clauses)
            if more:
                text += "；"
                figures += [(start + len(text), end + len(text), code, given) for start, end, code, given in placed]
                text += more
        self._put(self._add(BlockKind.STATUS, text + "。"), figures)

    def _contact(self) -> None:
        ways = [filled[0] for way in self.words.contact_ways if (filled := self._clause(way)) is not None]
        opening = self._clause(self.words.contact_opening)
        told = (opening[0] if opening else "") + ("联系方式：" + "；".join(ways) + "。" if ways else "")
        self._add(BlockKind.CONTACT, told)

    # the problems

    def _problems(self) -> None:
        findings = {row.id: row for row in self.record.findings}
        told = _Told(list(findings), {row.id for row in self.record.findings if row.group == "completed"})
        by_aspect: defaultdict[int | None, list[int]] = defaultdict(list)
        for row in self.record.findings:
            by_aspect[row.aspect].append(row.id)
        for aspect in self.record.aspects:
            self._add(BlockKind.ASPECT, aspect.label, about=f"aspect:{aspect.key}")
            for key in by_aspect[aspect.key]:
                self._problem(told, key, findings[key].group)
        if by_aspect[None]:
            if self.record.aspects:
                self._add(BlockKind.ASPECT, self.words.no_aspect)
            for key in by_aspect[None]:
                self._problem(told, key, findings[key].group)

    def _problem(self, told: _Told, key: int, group: str) -> None:
        finding = told.findings[key]
        self._add(BlockKind.PROBLEM, finding.title, about=f"finding:{key}", status=group)
        if finding.description.strip():
            self._add(BlockKind.DETAIL, _one_line(finding.description), about=f"finding:{key}")
        measures = told.measures[key]
        for measure in measures:
            block = self._add(BlockKind.MEASURE, _one_line(measure.text), about=f"measure:{measure.pk}")
            self.done.evidenced.append((block.id, measure.pk))
        if not measures:
            self._add(BlockKind.MEASURE, self.words.nothing_yet, about=f"finding:{key}")
        for text in told.outcomes[key]:
            self._add(BlockKind.OUTCOME, _one_line(text), about=f"finding:{key}")


class _Told:
    """What the record says of the problems: those carried out of their measures, and what came of them."""

    def __init__(self, keys: Sequence[int], completed: set[int]) -> None:
        self.findings: dict[int, Finding] = Finding.objects.in_bulk(keys)
        self.measures: defaultdict[int, list[Measure]] = defaultdict(list)
        self.outcomes: defaultdict[int, list[str]] = defaultdict(list)
        shown = Measure.objects.filter(finding__in=keys, withdrawn_at=None).order_by("finding", "order", "pk")
        done = set(shown.filter(completions__withdrawn_at=None, completions__isnull=False).values_list("pk", flat=True))
        for measure in shown:
            finding = self.findings[measure.finding_id]
            stated = finding.stage == Stage.REGISTERED  # no loop runs: the paper said what was done
            if stated or measure.finding_id in completed or measure.pk in done or measure.status == "completed":
                self.measures[measure.finding_id].append(measure)
        entries = ProgressEntry.objects.filter(finding__in=keys).order_by("finding", "order", "pk")
        for finding_id, text in entries.values_list("finding_id", "text"):
            self.outcomes[finding_id].append(text)
        for measure in shown:
            if measure.progress.strip() and measure in self.measures[measure.finding_id]:
                self.outcomes[measure.finding_id].append(measure.progress)


def shown(value: Decimal) -> str:
    """Return a number as a notice writes it: no needless zeros, no thousands separators."""
    text = format(value.normalize(), "f")
    return "0" if text in ("-0", "") else text


def _codes(clause: str) -> list[str]:
    return [name for name in _SLOT.findall(clause) if name in COUNTS]


def _unit_behind(rest: str, unit: str) -> str:
    return unit if rest.startswith(unit) else ""


def _day(day: date | None) -> str:
    return chinese_day(day) if day else ""


def _one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text else text.strip()
