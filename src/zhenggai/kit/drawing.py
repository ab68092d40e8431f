"""Drawing some of many so that anybody can draw them again: plain values in, plain values out.

The procedure ``sha256-order/1``, published in ``docs/oversight.md``:

1. For each member take the SHA-256 of ``seed + ":" + stable id`` (UTF-8, the id in its usual form with hyphens), as
   lower-case hexadecimal text.
2. Within each stratum order the members by that text.
3. Take from each stratum as many as its quota says, from the front.  By rate: the rate of its size, rounded up.  By
   size: the method of largest remainders over the sizes of the strata; equal remainders go to the stratum whose name
   comes first.  When the size is at least the number of strata, a stratum left with none takes one from the largest
   quota (the last of them by name).
4. What was drawn is listed by the same text, over all strata.

It depends on nothing but the seed and the list, and whoever holds the list cannot choose a seed after the fact, since
the seed is kept before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

ALGORITHM = "sha256-order/1"


@dataclass(frozen=True, slots=True)
class Member:
    """One of a population."""

    stable_id: str
    """Its stable id: of a finding the UUID with hyphens, of a row its key."""
    stratum: str
    """The part of the population it belongs to; the same for all when it is not parted."""


def key_of(seed: str, stable_id: str) -> str:
    """Return the text by which a member is ordered."""
    return sha256(f"{seed}:{stable_id}".encode()).hexdigest()


def draw(
    population: Iterable[Member], *, seed: str, size: int | None = None, rate_percent: int | None = None
) -> list[str]:
    """Return the stable ids that *seed* draws, in drawn order.

    Args:
        population: every member once, in any order.
        seed: kept with the draw.
        size: how many over all strata; or
        rate_percent: what share of each stratum, 1 to 100.
    """
    strata: dict[str, list[str]] = {}
    for member in population:
        strata.setdefault(member.stratum, []).append(member.stable_id)
    sizes = {name: len(members) for name, members in strata.items()}
    quotas = by_rate(sizes, rate_percent) if rate_percent is not None else by_size(sizes, size or 0)
    drawn: list[str] = []
    for name, members in strata.items():
        drawn += sorted(members, key=lambda stable_id: key_of(seed, stable_id))[: quotas[name]]
    return sorted(drawn, key=lambda stable_id: key_of(seed, stable_id))


def by_rate(sizes: Mapping[str, int], rate_percent: int) -> dict[str, int]:
    """Return how many each stratum gives by a rate, rounded up."""
    return {name: -(-count * rate_percent // 100) for name, count in sizes.items()}


def by_size(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """Return how many each stratum gives when *size* are drawn over all, by largest remainders."""
    total = sum(sizes.values())
    size = min(size, total)
    if not total:
        return {}
    quotas = {name: count * size // total for name, count in sizes.items()}
    by_remainder = sorted(sizes, key=lambda name: (-(sizes[name] * size % total), name))
    for name in by_remainder[: size - sum(quotas.values())]:
        quotas[name] += 1
    if size >= len(sizes):
        _leave_none_out(quotas)
    return quotas


def _leave_none_out(quotas: dict[str, int]) -> None:
    for name in sorted(quotas):
        if quotas[name]:
            continue
        most = max(quotas.values())
        giver = max(other for other, quota in quotas.items() if quota == most)
        quotas[giver] -= 1
        quotas[name] += 1


def read_members(population: Sequence[Sequence[str]]) -> list[Member]:
    """Return the members of a stored population."""
    return [Member(row[0], row[1]) for row in population]
