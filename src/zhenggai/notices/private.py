"""What of the record may stand in no notice: names of those concerned, words of restricted entries; and the scan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhenggai.notices.blocks import Block, BlockKind
from zhenggai.notices.masking import Hit, find_personal
from zhenggai.notices.models import Masking, Notice
from zhenggai.outcomes.models import Accountability
from zhenggai.people.models import Unit
from zhenggai.referrals.models import Clue, Petition

_SHORTEST_SECRET = 6
_SHORTEST_NAME = 2
_LONGEST_NAME = 4
_OFFICE = frozenset({Masking.Kind.PHONE, Masking.Kind.EMAIL})
"""What the contact block may say: it is the office's own."""


@dataclass(frozen=True, slots=True)
class Private:
    """What may stand nowhere."""

    names: tuple[str, ...]
    """Names of persons held to account, or complained of, or concerned by a clue."""
    secrets: tuple[str, ...]
    """Words of petitions and clues, and their numbers."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something found in a block, with what was decided about it."""

    block: Block
    """The block."""
    hit: Hit
    """What was found there."""
    kept: Masking | None
    """By whose word it may stay; None while it is open."""


def private_of(unit: Unit) -> Private:
    """Return what of the record of a body may stand in no notice.  Nothing of it is ever shown as such."""
    below = {"unit__path__startswith": unit.path}
    held = Accountability.objects.filter(**below, subject=Accountability.Subject.PERSON)
    names = set(held.values_list("name", flat=True))
    secrets: set[str] = set()
    for no, target, content in _restricted(below):
        secrets |= {no, *_pieces(content)}
        if _SHORTEST_NAME <= len(target) <= _LONGEST_NAME and "某" not in target:
            names.add(target)
    shown = (name for name in names if _SHORTEST_NAME <= len(name) <= _LONGEST_NAME)
    told = (secret for secret in secrets if len(secret) >= _SHORTEST_SECRET)
    return Private(tuple(sorted(shown)), tuple(sorted(told, key=len, reverse=True)))


def _restricted(below: dict[str, str]) -> Iterable[tuple[str, str, str]]:
    for model in (Clue, Petition):
        yield from model._default_manager.filter(**below).values_list("no", "target", "content")


def _pieces(content: str) -> Iterable[str]:
    """Yield the sentences of a restricted text that are long enough to be nobody else's words."""
    for line in content.replace("。", "\n").replace("；", "\n").split("\n"):
        if len(line.strip()) >= 12:
            yield line.strip()


def scan(blocks: Sequence[Block], private: Private, kept: Iterable[Masking] = ()) -> list[Found]:
    """Return what of *blocks* the public may not read, with what was decided about each."""
    decisions = {(each.kind, each.quote): each for each in kept}
    found = []
    for block in blocks:
        office = block.kind is BlockKind.CONTACT
        for hit in find_personal(block.text, names=private.names, secrets=private.secrets):
            if office and hit.kind in _OFFICE:
                continue
            found.append(Found(block, hit, decisions.get((hit.kind.value, hit.quote))))
    return found


def kept_of(notice: Notice) -> list[Masking]:
    """Return what of a notice somebody said may be public."""
    return list(notice.maskings.filter(decision=Masking.Decision.KEPT).select_related("by"))
