"""What pages, reports and other rooms may ask about what was handed over."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from zhenggai.findings.access import visible_findings
from zhenggai.findings.lateness import line_on
from zhenggai.findings.models import Finding, InspectionRound, Measure, Status
from zhenggai.findings.standing import Standing, standing_of
from zhenggai.likeness import pairs
from zhenggai.people.access import Actor, reach
from zhenggai.people.models import Unit
from zhenggai.referrals.access import (
    CLUES,
    clue_holders,
    may_do_fix,
    may_read_petition,
    standing_readers,
    visible_carried_over,
    visible_clues,
    visible_commons,
    visible_fixes,
    visible_petitions,
)
from zhenggai.referrals.models import CarriedOver, Clue, Common, Petition, Share
from zhenggai.referrals.similar import Similar, similar_earlier
from zhenggai.registers.queries import in_bodies

__all__ = [
    "Progress",
    "Proposal",
    "Similar",
    "Tally",
    "clue_holders",
    "common_progress",
    "earlier_of",
    "hidden_clues",
    "may_do_fix",
    "may_read_petition",
    "ownerless_clues",
    "propose_commons",
    "similar_earlier",
    "standing_readers",
    "tally",
    "units_without",
    "visible_carried_over",
    "visible_clues",
    "visible_commons",
    "visible_fixes",
    "visible_petitions",
]

LEAST_UNITS = 3
"""Units in which the same problem must stand before it is proposed as common."""
SAME_LABEL = 0.6
"""Score from which two titles are taken for the same problem."""


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """How one unit is getting on with a common problem."""

    share: Share
    """Its part, with unit and finding at hand."""
    standing: Standing
    """How its finding stands."""
    measures: int
    """Measures it has."""
    done: int
    """Measures it carried out."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How a common problem is getting on as a whole."""

    units: tuple[UnitProgress, ...]
    """Unit by unit, of those the actor sees."""
    standings: tuple[tuple[Standing, int], ...]
    """Standing → units, in the order people list them; they sum up to the units."""
    measures: int
    """Measures of all units."""
    done: int
    """Measures carried out."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A problem that stands in several units and may be common."""

    title: str
    """The shortest of the titles."""
    findings: tuple[Finding, ...]
    """The findings, with unit at hand."""
    units: int
    """In how many units."""


def common_progress(actor: Actor, common: Common, today: date | None = None) -> Progress:
    """Return how the units the actor sees are getting on with *common*; two queries."""
    line = line_on(today)
    seen = visible_findings(actor).order_by().values("pk")
    shares = list(
        common.shares.filter(finding__in=seen).select_related("unit", "finding").order_by("unit__order", "pk")
    )
    counts = Measure.objects.filter(finding__in=[share.finding_id for share in shares], withdrawn_at__isnull=True)
    measured = {
        row["finding_id"]: (row["told"], row["done"])
        for row in counts.order_by()
        .values("finding_id")
        .annotate(told=Count("pk"), done=Count("pk", filter=Q(status=Status.COMPLETED)))
    }
    units = tuple(
        UnitProgress(share, standing_of(share.finding, line), *measured.get(share.finding_id, (0, 0)))
        for share in shares
    )
    tallied = Counter(each.standing for each in units)
    return Progress(
        units,
        tuple((standing, tallied[standing]) for standing in Standing if tallied[standing]),
        sum(each.measures for each in units),
        sum(each.done for each in units),
    )


def units_without(common: Common) -> list[Unit]:
    """Return the open grass-roots units below the body to which *common* was not handed down."""
    held = common.shares.values("unit_id")
    below = Unit.objects.filter(path__startswith=common.unit.path, kind=Unit.Kind.GRASSROOTS, closed_on__isnull=True)
    return list(below.exclude(pk__in=held).exclude(pk=common.unit_id).order_by("order", "id"))


def propose_commons(actor: Actor, round_: InspectionRound, *, least: int = LEAST_UNITS) -> list[Proposal]:
    """Return the problems of a round that stand in at least *least* units under like titles; one query."""
    seen = visible_findings(actor).filter(round=round_, share__isnull=True).select_related("unit")
    findings = {finding.pk: finding for finding in seen.order_by("order").defer("description")}
    kin: dict[int, int] = {key: key for key in findings}

    def head(key: int) -> int:
        while kin[key] != key:
            kin[key] = kin[kin[key]]
            key = kin[key]
        return key

    for pair in pairs({key: finding.title for key, finding in findings.items()}, SAME_LABEL):
        kin[head(pair.right)] = head(pair.left)
    groups: defaultdict[int, list[Finding]] = defaultdict(list)
    for key, finding in findings.items():
        groups[head(key)].append(finding)
    found = []
    for members in groups.values():
        units = len({finding.unit_id for finding in members})
        if units >= least:
            found.append(Proposal(min((f.title for f in members), key=len), tuple(members), units))
    found.sort(key=lambda proposal: -proposal.units)
    return found


def earlier_of(actor: Actor, finding: Finding) -> list[CarriedOver]:
    """Return the links of *finding* to what it was before."""
    return list(visible_carried_over(actor).filter(finding=finding).select_related("earlier__round", "earlier__unit"))


def ownerless_clues(actor: Actor) -> list[Clue]:
    """Return the clues within reach that nobody can read any more; only their numbers are to be shown."""
    if not reach(actor, CLUES):
        return []
    within = Clue.objects.filter(in_bodies(actor, CLUES), withdrawn_at__isnull=True).select_related("unit")
    return [clue for clue in within.only("no", "unit", "received_on") if not standing_readers(clue)]


def hidden_clues(actor: Actor) -> int:
    """Return how many clues within reach the actor is not named for."""
    within = Clue.objects.filter(in_bodies(actor, CLUES), withdrawn_at__isnull=True)
    return within.count() - visible_clues(actor).count()


@dataclass(frozen=True, slots=True)
class Tally:
    """The referrals of a round in figures."""

    fixes: int
    """Immediate fixes."""
    fixes_done: int
    """Of them done."""
    petitions: int
    """Petitions."""
    petitions_closed: int
    """Of them closed."""
    results: tuple[tuple[str, int], ...]
    """Words of a result → petitions."""
    commons: int
    """Common problems."""
    shares: int
    """Findings they were handed down as."""
    carried_over: int
    """Findings that were found before."""


def tally(actor: Actor, *, round_id: int = 0) -> Tally:
    """Return the referrals the actor sees, in figures; clues are never counted."""

    def of(found: QuerySet[Any]) -> QuerySet[Any]:
        return (found.filter(round_id=round_id) if round_id else found).order_by()

    petitions = of(visible_petitions(actor))
    results = dict(petitions.values_list("result").annotate(told=Count("pk")))
    fixes = of(visible_fixes(actor)).aggregate(told=Count("pk"), done=Count("done_on"))
    closed = petitions.aggregate(told=Count("pk"), done=Count("closed_on"))
    commons = of(visible_commons(actor))
    return Tally(
        fixes["told"],
        fixes["done"],
        closed["told"],
        closed["done"],
        _worded(Petition.Result.choices, results),
        commons.count(),
        Share.objects.filter(common__in=commons.values("pk")).count(),
        of(visible_carried_over(actor)).values("finding_id").distinct().count(),
    )


def _worded(choices: Iterable[tuple[str, Any]], counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple((str(words), counts[code]) for code, words in choices if counts.get(code))
