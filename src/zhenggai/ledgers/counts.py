"""How much stands in each ledger, as far as a person sees it: for the list of ledgers, a few queries for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from zhenggai.ledgers.access import VIEW, current_readers, is_named
from zhenggai.ledgers.models import Row, RowVersion, Snapshot
from zhenggai.packs.declarations import Ledger
from zhenggai.people.access import EVERYWHERE, Actor, Operator, Reach, reach


@dataclass(frozen=True, slots=True)
class LedgerCount:
    """What a person sees of a ledger at a glance."""

    rows: int
    """Rows on the ledger."""
    changed_at: datetime | None
    """When one of them last changed."""


def ledger_counts(actor: Actor, ledgers: Sequence[Ledger]) -> dict[str, LedgerCount]:
    """Return for each of *ledgers*, which the actor may open, how many rows they see; five queries at most."""
    reaches = reaches_of(actor, ledgers)
    rows = Row.objects.filter(_within(reaches, ""), withdrawn_at__isnull=True).order_by()
    counted = dict(rows.values("ledger").annotate(count=Count("pk")).values_list("ledger", "count"))
    versions = RowVersion.objects.filter(_within(reaches, "row__"), valid_to__isnull=True).order_by()
    changed = dict(versions.values("ledger").annotate(last=Max("valid_from")).values_list("ledger", "last"))
    whole = {each.ledger: reaches[each.ledger] for each in ledgers if each.store == "snapshots"}
    if whole:
        for ledger, count, last in _snapshots(whole):
            counted[ledger] = counted.get(ledger, 0) + count
            changed[ledger] = max(changed.get(ledger, last), last)
    return {each.ledger: LedgerCount(counted.get(each.ledger, 0), changed.get(each.ledger)) for each in ledgers}


def reaches_of(actor: Actor, ledgers: Sequence[Ledger]) -> dict[str, Reach]:
    """Return what the actor sees of each of *ledgers*, in one query for all that are closed to others."""
    if isinstance(actor, Operator):
        return {each.ledger: EVERYWHERE for each in ledgers}
    paths: dict[str, list[str]] = {}
    if any(is_named(each) for each in ledgers):
        named = current_readers().filter(user=actor).order_by()
        for ledger, path in named.values_list("ledger", "body__path"):
            paths.setdefault(ledger, []).append(path)
    general = reach(actor, VIEW)
    return {
        each.ledger: Reach(unit_paths=tuple(paths.get(each.ledger, ()))) if is_named(each) else general
        for each in ledgers
    }


def _within(reaches: dict[str, Reach], prefix: str, about: bool = True) -> Q:
    alike: list[tuple[Reach, list[str]]] = []
    for ledger, reached in reaches.items():
        held = next((codes for other, codes in alike if other == reached), None)
        if held is None:
            alike.append((reached, [ledger]))
        else:
            held.append(ledger)
    condition = Q(pk__in=[])
    for reached, codes in alike:
        mine = Q(**{f"{prefix}ledger__in": codes})
        if not reached.everything:
            seen = reached.units(f"{prefix}body__path")
            mine &= seen | reached.units(f"{prefix}unit__path") if about else seen
        condition |= mine
    return condition


def _snapshots(reaches: dict[str, Reach]) -> list[tuple[str, int, datetime]]:
    found = Snapshot.objects.filter(_within(reaches, "", about=False), undone_at__isnull=True).order_by()
    newest = found.values("ledger", "body").annotate(newest=Max("id")).values("newest")
    return list(Snapshot.objects.filter(pk__in=newest).order_by().values_list("ledger", "rows", "created_at"))
