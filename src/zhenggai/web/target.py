"""Which body a document is filed under, and whether the document itself names that body."""

from __future__ import annotations

from dataclasses import dataclass

from zhenggai.intake.models import Import
from zhenggai.kit.text import comparison_key
from zhenggai.people.models import Unit

_HEADS = ("中国共产党", "中共")
_TAILS = ("党组", "分党组", "党委", "党总支", "党支部", "党工委", "委员会", "党组织")
_SHORTEST = 4
"""Characters that a name needs before its end alone is taken for the same body."""


@dataclass(frozen=True, slots=True)
class Target:
    """The body whose ledger confirming would write to."""

    unit: Unit
    """The body."""
    said: str
    """What the document calls the inspected body; empty when it does not say."""
    is_other: bool
    """True when the document clearly names another body."""


def target_of(document: Import) -> Target:
    """Return the body of *document*'s round, or the one it was uploaded for; one query when the document names a body."""
    unit = document.round.unit if document.round is not None else document.unit
    said = str(document.draft.get("unit") or "").strip()
    key = _bare(said)
    if not key:
        return Target(unit, said, is_other=False)
    below = Unit.objects.filter(path__startswith=unit.path).order_by()
    names: set[str] = set()
    for name, short, aliases in below.values_list("name", "short_name", "aliases"):
        names |= {_bare(str(each)) for each in (name, short, *aliases)} - {""}
    return Target(unit, said, is_other=not any(_same_body(key, name) for name in names))


def _bare(name: str) -> str:
    """Return a body's name without the words for its Party organisation."""
    key = comparison_key(name)
    for head in _HEADS:
        key = key.removeprefix(head)
    for tail in _TAILS:
        key = key.removesuffix(tail)
    return key


def _same_body(said: str, name: str) -> bool:
    """Compare two bare names; one may leave out the province or city that the other begins with."""
    if said == name:
        return True
    short, long = sorted((said, name), key=len)
    return len(short) >= _SHORTEST and long.endswith(short)
