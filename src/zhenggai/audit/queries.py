"""Reading the trail: verify the chain, export it, look up what happened to a thing."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.apps import apps
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenggai.audit import guards
from zhenggai.audit.chain import canonical, hash_of, payload
from zhenggai.audit.models import ChainHead, Entry

MOST_BREAKS = 50


class BreakKind(StrEnum):
    """In what way the chain is broken."""

    ALTERED = "altered"
    REMOVED = "removed"
    REORDERED = "reordered"
    REPLACED = "replaced"
    HEAD = "head"
    ANCHOR = "anchor"
    UNGUARDED = "unguarded"


BREAK_WORDS: dict[BreakKind, Promise] = {
    BreakKind.ALTERED: _("第 %(sequence)s 条的内容与其哈希不符：该条被改动过。"),
    BreakKind.REMOVED: _("第 %(sequence)s 条至第 %(last)s 条缺失：被删除。"),
    BreakKind.REORDERED: _("第 %(sequence)s 条原为第 %(original)s 条：次序被调换。"),
    BreakKind.REPLACED: _("第 %(sequence)s 条没有接在第 %(previous)s 条之后：第 %(previous)s 条被整条替换。"),
    BreakKind.HEAD: _(
        "链头记为第 %(expected)s 条，实际末条为第 %(sequence)s 条，或末条哈希不符：末尾被删除、添加或替换。"
    ),
    BreakKind.ANCHOR: _("第 %(sequence)s 条的哈希与抄录的锚点不符：此条或此前的日志被整段重写。"),
    BreakKind.UNGUARDED: _("数据库缺少防改动触发器：%(names)s。"),
}


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the chain does not hold."""

    kind: BreakKind
    """In what way."""
    sequence: int
    """The entry where it shows; 0 when it is not about one entry."""
    slots: dict[str, object]
    """Values for the sentence."""

    def in_words(self) -> str:
        """Return the finding as a sentence in the current language."""
        return str(BREAK_WORDS[self.kind]) % ({"sequence": self.sequence} | self.slots)


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a verification found."""

    checked: int
    """Entries looked at."""
    breaks: tuple[Break, ...]
    """Places where the chain does not hold, at most ``MOST_BREAKS``; empty when it holds."""
    head_sequence: int
    """Number of the last entry according to the head."""
    head_hash: str
    """Hash of the last entry according to the head: copy it down, it is the next anchor."""

    @property
    def holds(self) -> bool:
        """Whether nothing is broken."""
        return not self.breaks


def verify_chain(
    start: int | None = None, end: int | None = None, *, anchor: tuple[int, str] | None = None
) -> ChainReport:
    """Recompute the chain and say where it breaks and how.

    Args:
        start: first entry to look at; default the very first.
        end: last entry to look at; default the last, and then the head is compared too.
        anchor: number and hash of an entry, copied down after an earlier verification.
    """
    first = start or 1
    breaks: list[Break] = []
    head = ChainHead.objects.filter(pk=1).first() or ChainHead()
    entries = Entry.objects.filter(sequence__gte=first).order_by("sequence")
    if end is not None:
        entries = entries.filter(sequence__lte=end)
    before = Entry.objects.filter(sequence=first - 1).first()
    last_sequence, last_hash = first - 1, before.hash if before else ""
    linked = before is not None or first == 1
    checked = 0
    for entry in entries.iterator(chunk_size=2000):
        checked += 1
        if entry.sequence != last_sequence + 1:
            breaks.append(Break(BreakKind.REMOVED, last_sequence + 1, {"last": entry.sequence - 1}))
            linked = False
        if hash_of(entry) != entry.hash:
            breaks.append(_altered_or_moved(entry))
        elif linked and entry.previous_hash != last_hash:
            breaks.append(Break(BreakKind.REPLACED, entry.sequence, {"previous": entry.sequence - 1}))
        if anchor and entry.sequence == anchor[0] and entry.hash != anchor[1]:
            breaks.append(Break(BreakKind.ANCHOR, entry.sequence, {}))
        last_sequence, last_hash, linked = entry.sequence, entry.hash, True
        if len(breaks) >= MOST_BREAKS:
            break
    else:
        if end is None and (last_sequence, last_hash) != (head.last_sequence, head.last_hash):
            breaks.append(Break(BreakKind.HEAD, last_sequence, {"expected": head.last_sequence}))
        if anchor and anchor[0] > last_sequence:
            breaks.append(Break(BreakKind.ANCHOR, anchor[0], {}))
    unguarded = guards.missing(connection)
    if unguarded:
        breaks.append(Break(BreakKind.UNGUARDED, 0, {"names": "、".join(sorted(unguarded))}))
    return ChainReport(checked, tuple(breaks), head.last_sequence, head.last_hash)


def _altered_or_moved(entry: Entry) -> Break:
    """Tell a changed entry from one that was moved: a moved one fits the number its own link points behind."""
    follows = Entry.objects.filter(hash=entry.previous_hash).values_list("sequence", flat=True).first()
    candidates = {1 if not entry.previous_hash else (follows or 0) + 1}
    # When neighbours were swapped, the entry it followed moved too.
    candidates |= {number for near in candidates for number in range(max(1, near - 3), near + 4)}
    for number in sorted(candidates - {entry.sequence}):
        if hash_of(entry, sequence=number) == entry.hash:
            return Break(BreakKind.REORDERED, entry.sequence, {"original": number})
    return Break(BreakKind.ALTERED, entry.sequence, {})


def export_lines(start: int | None = None, end: int | None = None) -> Iterator[bytes]:
    """Yield the trail as JSON Lines: the hashed fields of each entry, and its ``hash``."""
    entries = Entry.objects.order_by("sequence")
    if start is not None:
        entries = entries.filter(sequence__gte=start)
    if end is not None:
        entries = entries.filter(sequence__lte=end)
    for entry in entries.iterator(chunk_size=2000):
        yield canonical(payload(entry) | {"hash": entry.hash}) + b"\n"


def entries_about(object_type: str, object_id: object) -> list[Entry]:
    """Return what happened to one thing, oldest first."""
    return list(Entry.objects.filter(object_type=object_type, object_id=str(object_id)).order_by("sequence"))


@cache
@cache
def audit_codes() -> dict[str, str | Promise]:
    """Return every declared code with its words: the ``AUDIT_CODES`` of each installed room's ``codes`` module."""
    found: dict[str, str | Promise] = {}
    for app in apps.get_app_configs():
        if not app.name.startswith("zhenggai."):
            continue
        name = f"{app.name}.codes"
        if importlib.util.find_spec(name) is not None:
            found.update(getattr(importlib.import_module(name), "AUDIT_CODES", {}))
    return found


def label_of(code: str) -> str:
    """Return the words for an audit code in the current language; an unknown code is its own word."""
    return str(audit_codes().get(code, code))
