"""Writing versions: the one way by which rows come into being and change, one at a time or by the thousand.

A :class:`Writing` holds the lock of its ledger (:class:`~zhenggai.ledgers.models.LedgerState`) until the act's transaction
ends, so what it finds free stays free, and the ids of versions follow the order of commits.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from zhenggai.ledgers.declared import fingerprint_of, shape_of
from zhenggai.ledgers.errors import KeyTaken, NotKeptByHand, ValueTaken
from zhenggai.ledgers.forms import Data, Form, Known
from zhenggai.ledgers.listening import tell_on_commit
from zhenggai.ledgers.models import Batch, LedgerState, Origin, Row, RowVersion, UniqueValue
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit, User

_AT_ONCE = 500


def lock_ledger(ledger: Ledger) -> LedgerState:
    """Lock a ledger for writing, in the caller's transaction; those who follow it are told after the commit."""
    tell_on_commit(ledger.ledger)
    LedgerState.objects.get_or_create(ledger=ledger.ledger)
    return LedgerState.objects.select_for_update().get(ledger=ledger.ledger)


@dataclass(slots=True)
class Next:
    """What a row shall say from now on."""

    row: Row
    """The row, locked with its ledger."""
    data: Data
    """All that it says."""
    withdrawn: bool = False
    """Whether it is off the ledger."""


@dataclass(slots=True)
class Writing:
    """One act's writing into one ledger."""

    form: Form
    """The ledger's fields."""
    state: LedgerState
    """Its lock."""
    actor: Actor
    """Who acts."""
    origin: Origin
    """By what way."""
    batch: Batch | None = None
    """What the versions are taken back with."""
    reason: str = ""
    """Why, kept with each version."""
    act: uuid.UUID = field(default_factory=uuid.uuid4)
    """Of this act alone."""
    at: datetime = field(default_factory=timezone.now)
    """From when on what is written holds."""

    @property
    def ledger(self) -> str:
        """Code of the ledger."""
        return self.form.ledger.ledger

    def create(self, body: Unit, datas: Sequence[Data]) -> list[Row]:
        """Add rows that *body* keeps.

        Raises:
            KeyTaken, ValueTaken: another row, or two of these, share what must be unique.
        """
        knowns = [self.form.known(data) for data in datas]
        self._check_keys(body.pk, [(known.key, None) for known in knowns])
        self._check_unique(body.pk, [(data, None) for data in datas])
        rows = Row.objects.bulk_create(
            [
                Row(
                    ledger=self.ledger, body=body, unit_id=known.unit_id or body.pk, key=known.key, title=known.title,
                    search=known.search, search_personal=known.search_personal, created_at=self.at,
                )
                for known in knowns
            ],
            batch_size=_AT_ONCE,
        )  # fmt: skip
        self._insert(Next(row, data) for row, data in zip(rows, datas, strict=True))
        self._hold_unique((row, data) for row, data in zip(rows, datas, strict=True))
        return rows

    def put(self, nexts: Sequence[Next]) -> None:
        """Let rows say something else from now on; they are of this ledger and their present state was looked at.

        Raises:
            KeyTaken, ValueTaken: another row, or two of these, share what must be unique.
        """
        knowns = [self.form.known(each.data) for each in nexts]
        bodies = sorted({each.row.body_id for each in nexts})
        for body in bodies:
            mine = [
                (each, known)
                for each, known in zip(nexts, knowns, strict=True)
                if each.row.body_id == body and not each.withdrawn
            ]
            self._check_keys(body, [(known.key, each.row.pk) for each, known in mine if known.key])
            self._check_unique(body, [(each.data, each.row.pk) for each, _known in mine])
        keys = [each.row.pk for each in nexts]
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            RowVersion.objects.filter(row_id__in=part, valid_to__isnull=True).update(valid_to=self.at)
            UniqueValue.objects.filter(row_id__in=part).delete()
        for each, known in zip(nexts, knowns, strict=True):
            _take_over(each, known, self.at)
        changed = ["unit", "key", "title", "search", "search_personal", "revision", "withdrawn_at"]
        # Two rows may change keys between them: every key is freed first.
        if len(nexts) > 1:
            for start in range(0, len(keys), _AT_ONCE):
                Row.objects.filter(pk__in=keys[start : start + _AT_ONCE]).update(key="")
        Row.objects.bulk_update([each.row for each in nexts], changed, batch_size=100)
        self._insert(nexts)
        self._hold_unique((each.row, each.data) for each in nexts if not each.withdrawn)

    def _insert(self, nexts: Iterable[Next]) -> None:
        actor = self.actor if isinstance(self.actor, User) else None
        print_ = fingerprint_of(shape_of(self.form.ledger))
        RowVersion.objects.bulk_create(
            [
                RowVersion(
                    row=each.row, ledger=self.ledger, revision=each.row.revision, data=each.data,
                    withdrawn=each.withdrawn, valid_from=self.at, actor=actor, origin=self.origin, batch=self.batch,
                    act=self.act, fingerprint=print_, reason=self.reason[:300],
                )
                for each in nexts
            ],
            batch_size=_AT_ONCE,
        )  # fmt: skip

    def _check_keys(self, body: int, keys: Sequence[tuple[str, int | None]]) -> None:
        label = "、".join(self.form.fields[code].label for code in self.form.ledger.key)
        wanted: dict[str, int | None] = {}
        for key, row in keys:
            if key and key in wanted:
                raise KeyTaken(ledger=self.form.ledger.label, key=key, label=label)
            wanted[key] = row
        own = {row for row in wanted.values() if row is not None}
        texts = [key for key in wanted if key]
        for start in range(0, len(texts), _AT_ONCE):
            taken = Row.objects.filter(
                ledger=self.ledger, body_id=body, key__in=texts[start : start + _AT_ONCE], withdrawn_at__isnull=True
            )
            for pk, key in taken.order_by().values_list("pk", "key"):  # any order, so that the index by key serves
                if pk not in own:
                    raise KeyTaken(ledger=self.form.ledger.label, key=key, label=label)

    def _check_unique(self, body: int, datas: Sequence[tuple[Data, int | None]]) -> None:
        own = {row for _data, row in datas if row is not None}
        for code in (each.code for each in self.form.kept.values() if each.unique):
            values = [value for data, _row in datas if (value := self.form.unique_values(data).get(code))]
            twice = _first_twice(values) or self._taken(body, code, values, own)
            if twice is not None:
                raise ValueTaken(label=self.form.fields[code].label, value=twice)

    def _taken(self, body: int, code: str, values: Sequence[str], own: set[int]) -> str | None:
        for start in range(0, len(values), _AT_ONCE):
            part = values[start : start + _AT_ONCE]
            held = UniqueValue.objects.filter(ledger=self.ledger, body_id=body, field=code, value__in=part)
            for row, value in held.values_list("row_id", "value"):
                if row not in own:
                    return str(value)
        return None

    def _hold_unique(self, rows: Iterable[tuple[Row, Mapping[str, Any]]]) -> None:
        held = [
            UniqueValue(ledger=self.ledger, body_id=row.body_id, field=code, value=value, row=row)
            for row, data in rows
            for code, value in self.form.unique_values(data).items()
        ]
        UniqueValue.objects.bulk_create(held, batch_size=_AT_ONCE)


def _first_twice(values: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None


def _take_over(each: Next, known: Known, at: datetime) -> None:
    row = each.row
    row.unit_id = known.unit_id or row.body_id
    row.key, row.title = known.key, known.title
    row.search, row.search_personal = known.search, known.search_personal
    row.revision += 1
    row.withdrawn_at = (row.withdrawn_at or at) if each.withdrawn else None


def begin(
    ledger: Ledger,
    *,
    actor: Actor,
    origin: Origin,
    batch: Batch | None = None,
    reason: str = "",
    form: Form | None = None,
) -> Writing:
    """Lock a ledger that is kept by hand and return what writes into it, in the caller's transaction.

    Raises:
        NotKeptByHand: it is imported whole.
    """
    if ledger.store != "rows":
        raise NotKeptByHand(ledger=ledger.label)
    state = lock_ledger(ledger)
    if not state.fingerprint:
        state.fields = shape_of(ledger)
        state.fingerprint = fingerprint_of(state.fields)
        state.conformed_at = timezone.now()
        state.save(update_fields=["fields", "fingerprint", "conformed_at"])
    return Writing(form or Form(ledger), state, actor, origin, batch, reason, at=_moment(ledger.ledger))


def _moment(ledger: str) -> datetime:
    """Return now, or the moment of the last version where another server's clock is ahead: versions never go back in time."""
    last = RowVersion.objects.filter(ledger=ledger).order_by("-id").values_list("valid_from", flat=True).first()
    return max(timezone.now(), last) if last else timezone.now()


def data_of(rows: Iterable[Row]) -> dict[int, Data]:
    """Return what rows say now, by their ids."""
    keys = [row.pk for row in rows]
    found: dict[int, Data] = {}
    for start in range(0, len(keys), _AT_ONCE):
        holding = RowVersion.objects.filter(row_id__in=keys[start : start + _AT_ONCE], valid_to__isnull=True)
        found.update(holding.values_list("row_id", "data"))
    return found


def latest_id(ledger: str) -> int:
    """Return the id of the last version of a ledger; 0 when it has none."""
    last: int | None = RowVersion.objects.filter(ledger=ledger).order_by("-id").values_list("id", flat=True).first()
    return last or 0
