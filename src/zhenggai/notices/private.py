"""What of the record may stand in no notice: names of those concerned, words of restricted entries; and the scan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhenggai.notices.blocks import Block, BlockKind
from zhenggai.notices.masking import Hit, find_personal
from zhenggai.notices.models import Masking, Notice, Publication
from zhenggai.outcomes.models import Accountability
from zhenggai.people.models import Unit
from zhenggai.referrals.models import Clue, Petition

_PUBLICATIONS = 20
"""How many standing notices, the newest first, are asked whether a sentence is public already."""
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
    quoted: set[str] = set()
    for model, no, target, content in _restricted(below):
        secrets.add(no)
        (quoted if model is Petition else secrets).update(_pieces(content))
        if _SHORTEST_NAME <= len(target) <= _LONGEST_NAME and "某" not in target:
            names.add(target)
    secrets |= _not_public(quoted, below)
    shown = (name for name in names if _SHORTEST_NAME <= len(name) <= _LONGEST_NAME)
    told = (secret for secret in secrets if len(secret) >= _SHORTEST_SECRET)
    return Private(tuple(sorted(shown)), tuple(sorted(told, key=len, reverse=True)))


def _restricted(below: dict[str, str]) -> Iterable[tuple[type[Clue | Petition], str, str, str]]:
    for model in (Clue, Petition):
        for no, target, content in model._default_manager.filter(**below).values_list("no", "target", "content"):
            yield model, no, target, content


def _not_public(pieces: set[str], below: dict[str, str]) -> set[str]:
    """Return *pieces* without those that stand in a notice: whoever quotes it in a petition makes no secret of it."""
    if not pieces:
        return pieces
    standing = Publication.objects.filter(**below, withdrawn_at=None).order_by("-published_at", "-pk")
    texts = list(standing.values_list("text", flat=True)[:_PUBLICATIONS])
    return {piece for piece in pieces if not any(piece in text for text in texts)}


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
