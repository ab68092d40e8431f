"""An import into a ledger that is kept by hand: each row read like a form, told from those known by its key.

Trying and writing walk the same path, so that what was tried is what is written; between them somebody may have changed the
ledger, and writing, which holds its lock, decides anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _now

from zhenggai.ledgers.forms import Data, Form
from zhenggai.ledgers.importing.shapes import CellProblem, Tally
from zhenggai.ledgers.importing.staged import StagedRow, data_rows
from zhenggai.ledgers.masks import STARS, refusal
from zhenggai.ledgers.models import Row, UniqueValue
from zhenggai.ledgers.values import clean
from zhenggai.ledgers.versions import Next, Writing, data_of
from zhenggai.packs.declarations import FieldType
from zhenggai.packs.heads import BLANKS
from zhenggai.people.models import Unit


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person chose for an import."""

    mapping: Mapping[int, str]
    """Column → field code."""
    after: int
    """Last row of the heads."""
    known: str
    """Rows whose key is known: ``update``, ``skip`` or ``refuse``."""
    blanks: str
    """An empty cell of a known row: ``leave`` what the ledger says, or ``clear`` it."""


@dataclass(slots=True)
class Taken:
    """A row of the source that can be taken."""

    n: int
    """Its number."""
    data: Data
    """All that the row says from now on."""
    known: int | None
    """The row of the ledger that it changes; None for a new one."""


@dataclass(slots=True)
class RowImport:
    """One walk through the rows of a source."""

    form: Form
    """The ledger's fields."""
    body: Unit
    """Who keeps the rows."""
    choices: Choices
    """What was chosen."""
    problem: Callable[[CellProblem], None]
    """Where problems go."""
    tally: Tally = field(default_factory=Tally)
    """What was found."""
    _keys: dict[str, int] = field(default_factory=dict)
    _held: dict[str, dict[str, int]] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)
    _unique_seen: dict[str, dict[str, int]] = field(default_factory=dict)

    def walk(self, path: Path) -> Iterator[list[Taken]]:
        """Return the rows that are new or changed, in pieces; problems and numbers are told on the way."""
        code = self.form.ledger.ledger
        there = Row.objects.filter(ledger=code, body=self.body, withdrawn_at__isnull=True).exclude(key="")
        self._keys = dict(there.values_list("key", "pk"))
        held = UniqueValue.objects.filter(ledger=code, body=self.body).values_list("field", "value", "row_id")
        for name, value, row in held:
            self._held.setdefault(name, {})[value] = row
        for piece in data_rows(path, self.choices.after, self.tally.leave_out):
            yield self._piece(piece)

    def _piece(self, rows: Sequence[StagedRow]) -> list[Taken]:
        raws = [self._raw(row) for row in rows]
        self._learn(raws)
        keyed = [self._key(raw) for raw in raws]
        before = data_of(Row.objects.filter(pk__in=sorted({known for key in keyed if (known := self._keys.get(key))})))
        taken = []
        for row, raw, key in zip(rows, raws, keyed, strict=True):
            self.tally.rows += 1
            one = self._row(row, raw, key, before)
            if one is not None:
                taken.append(one)
        return taken

    def _raw(self, row: StagedRow) -> dict[str, object]:
        return {
            code: "" if (cell := clean(row.cells[column] or "")) in BLANKS else cell
            for column, code in self.choices.mapping.items()
            if column < len(row.cells)
        }

    def _learn(self, raws: Sequence[Mapping[str, object]]) -> None:
        """Look up the rows of other ledgers that this piece names, all at once."""
        for each in self.form.kept.values():
            if each.type == FieldType.REFERENCE and each.ledger:
                self.form.names.learn_rows(each.ledger, {str(raw[each.code]) for raw in raws if raw.get(each.code)})

    def _key(self, raw: Mapping[str, object]) -> str:
        if not self.form.ledger.key:
            return ""
        named = {code: raw[code] for code in self.form.ledger.key if code in raw}
        data, problems = self.form.try_read(named, {})
        return "" if problems else self.form.key_of(data)

    def _row(self, row: StagedRow, raw: dict[str, object], key: str, before: Mapping[int, Data]) -> Taken | None:
        known = self._keys.get(key) if key else None
        given = raw
        if known is not None and self.choices.blanks == "leave":
            given = {code: value for code, value in raw.items() if value != ""}
        elif known is None:
            given = {
                code: value for code, value in raw.items() if value != "" or self.form.fields[code].default is None
            }
        if known is not None:
            given = self._without_masks(given, before[known])
        data, problems = self.form.try_read(given, before[known] if known is not None else None)
        problems = {**problems, **self._masked(given), **self._repeated(row.n, key, known, data)}
        if problems:
            self._refuse(row.n, raw, problems)
            return None
        self._remember(row.n, key, data)
        if known is None:
            self.tally.added += 1
            return Taken(row.n, data, None)
        if data == before[known]:
            self.tally.same += 1
            return None
        if self.choices.known == "skip":
            self.tally.passed_over += 1
            return None
        self.tally.changed += 1
        return Taken(row.n, data, known)

    def _without_masks(self, given: dict[str, object], before: Data) -> dict[str, object]:
        """Leave out cells that say what the ledger shows in place of personal data: they came out of it masked."""
        personal = {code for code in given if self.form.fields[code].personal}
        return {
            code: text for code, text in given.items() if code not in personal or text != self.form.show(code, before)
        }

    def _masked(self, given: Mapping[str, object]) -> dict[str, str]:
        return {
            code: refusal() for code, text in given.items() if self.form.fields[code].personal and STARS in str(text)
        }

    def _repeated(self, n: int, key: str, known: int | None, data: Data) -> dict[str, str]:
        problems: dict[str, str] = {}
        first = self.form.ledger.key[0] if self.form.ledger.key else ""
        if key and key in self._seen:
            problems[first] = _now("与第 %(n)s 行的主键重复") % {"n": self._seen[key]}
        elif known is not None and self.choices.known == "refuse":
            problems[first] = _now("台账里已有“%(key)s”") % {"key": key}
        for code, value in self.form.unique_values(data).items():
            holder = self._held.get(code, {}).get(value)
            earlier = self._unique_seen.get(code, {}).get(value)
            if earlier is not None:
                problems.setdefault(code, _now("与第 %(n)s 行重复，该字段不能重复") % {"n": earlier})
            elif holder is not None and holder != known:
                problems.setdefault(code, _now("已用于台账里的另一条记录，该字段不能重复"))
        return problems

    def _refuse(self, n: int, raw: Mapping[str, Any], problems: Mapping[str, str]) -> None:
        self.tally.bad += 1
        for code, message in problems.items():
            self.tally.problems += 1
            self.tally.fields[code] = self.tally.fields.get(code, 0) + 1
            self.problem(CellProblem(n, code, str(raw.get(code, ""))[:200], message))

    def _remember(self, n: int, key: str, data: Data) -> None:
        if key:
            self._seen[key] = n
        for code, value in self.form.unique_values(data).items():
            self._unique_seen.setdefault(code, {})[value] = n


def write(writing: Writing, body: Unit, taken: Sequence[Taken]) -> int:
    """Write a piece of what :meth:`RowImport.walk` found, within the act that holds the ledger's lock; return how many rows."""
    new = [each.data for each in taken if each.known is None]
    if new:
        writing.create(body, new)
    changed = {each.known: each.data for each in taken if each.known is not None}
    if changed:
        rows = Row.objects.filter(pk__in=list(changed)).order_by("pk")
        writing.put([Next(row, changed[row.pk]) for row in rows])
    return len(taken)
