"""Look-backs, spot checks and draws: what is due, one check with all that it needs, rates, and drawing again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from zhenggai.findings.models import Finding, InspectionRound, Stage
from zhenggai.kit.drawing import ALGORITHM, draw, key_of, read_members
from zhenggai.kit.errors import NotAllowed, NotFound
from zhenggai.oversight.models import (
    SENT_LETTERS,
    Check,
    CheckContact,
    CheckEvidence,
    CheckItem,
    CheckOutcome,
    Draw,
    LetterItem,
    Strata,
)
from zhenggai.oversight.posts import acted_for
from zhenggai.oversight.queries.letters import VIEW, bodies_of
from zhenggai.oversight.sheets import mask_name, sheet_lines
from zhenggai.people.access import Actor, Reach, may, reach
from zhenggai.workflow.models import EvidenceVersion, Submission
from zhenggai.workflow.queries import doers_of

INSPECT = "oversight.inspect"
REOPEN = "workflow.reopen"
CHECKED_AGAIN = (Stage.CLOSED, Stage.PHASED, Stage.LONG_TERM)
"""Stages from which a population may be taken."""


def _visible(reached: Reach) -> Q:
    return bodies_of(reached, "finding__round__unit")


def visible_checks(actor: Actor, permission: str = VIEW) -> QuerySet[Check]:
    """Return the checks of findings of the bodies the actor oversees."""
    return Check.objects.filter(_visible(reach(actor, permission)))


def access_check(actor: Actor, key: int, permission: str = VIEW) -> Check:
    """Return one check with finding, close-out and people at hand.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        NotAllowed: the actor may see it, but not this.
    """
    related = (
        "finding__round__unit", "finding__unit", "finding__department", "finding__leader", "finding__owner",
        "close_out", "draw", "checker", "done_by", "reopened_by",
    )  # fmt: skip
    found = visible_checks(actor).select_related(*related).filter(pk=key).first()
    if found is None:
        raise NotFound
    if permission != VIEW and not may(actor, permission, found.finding.round.unit):
        raise NotAllowed(permission=permission)
    return found


def visible_draws(actor: Actor) -> QuerySet[Draw]:
    """Return the draws of the bodies the actor oversees."""
    return Draw.objects.filter(bodies_of(reach(actor, VIEW), "body"))


def access_draw(actor: Actor, key: int) -> Draw:
    """Return one draw.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    found = visible_draws(actor).select_related("body", "round", "drawn_by").filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who was asked, as the reader may see them."""

    name: str
    """Name; masked for those who do not inspect."""
    relation: str
    """How the person stands to the matter."""
    how: str
    """How the person was reached; empty where masked."""
    answer: str
    """What they said, as a code."""
    answer_label: str
    """In words."""
    note: str
    """More of it; empty where masked."""


@dataclass(frozen=True, slots=True)
class CheckPage:
    """All that the page of a check shows."""

    check: Check
    """The check."""
    lines: tuple[str, ...]
    """Lines of the empty sheet, while it is to be done."""
    items: tuple[CheckItem, ...]
    """Lines as they were judged."""
    evidence: tuple[EvidenceVersion, ...]
    """The newest version of each piece of evidence that stands for the finding."""
    seen: tuple[CheckEvidence, ...]
    """What the checker looked at."""
    contacts: tuple[Contact, ...]
    """Who was asked."""
    is_masked: bool
    """Whether names are masked for the reader."""
    is_doer: bool
    """Whether the reader took part in the work, and so may not check it."""
    may_check: bool
    """Whether the reader may write the sheet."""
    may_reopen: bool
    """Whether the reader may reopen the finding on what was found."""
    may_cancel: bool
    """Whether the reader may cancel it."""
    letters: int
    """Letters that went out about the finding."""
    others: tuple[Check, ...]
    """Other checks of the same finding."""


def check_page(actor: Actor, check: Check) -> CheckPage:
    """Return all that the page of a check shows; a fixed number of queries."""
    unit = check.finding.round.unit
    inspects = may(actor, INSPECT, unit)
    is_doer = bool(acted_for(actor) & doers_of(check.finding))
    planned = check.state == Check.State.PLANNED
    contacts = tuple(_contact(each, inspects) for each in check.contacts.all())
    return CheckPage(
        check=check,
        lines=sheet_lines(check.kind) if planned else (),
        items=tuple(check.items.all()),
        evidence=newest_evidence(check.finding),
        seen=tuple(check.evidence_seen.select_related("version__evidence")),
        contacts=contacts,
        is_masked=not inspects and bool(contacts),
        is_doer=is_doer,
        may_check=planned and inspects and not is_doer,
        may_reopen=gives_ground(check) and may(actor, REOPEN, unit),
        may_cancel=planned and inspects,
        letters=LetterItem.objects.filter(finding=check.finding, letter__state__in=SENT_LETTERS).count(),
        others=tuple(check.finding.checks.exclude(pk=check.pk).order_by("due_on")),
    )


def gives_ground(check: Check) -> bool:
    """Tell whether what a check found gives ground to reopen its finding, and the finding stands where it may be."""
    found = check.state == Check.State.DONE and check.outcome in (CheckOutcome.REBOUND, CheckOutcome.FAKE)
    return found and check.reopened_at is None and check.finding.stage in CHECKED_AGAIN


def newest_evidence(finding: Finding) -> tuple[EvidenceVersion, ...]:
    """Return the newest version of each piece of evidence that stands for *finding* now; one query."""
    rows = (
        EvidenceVersion.objects.filter(
            evidence__links__finding=finding,
            evidence__links__withdrawn_at__isnull=True,
            evidence__withdrawn_at__isnull=True,
        )
        .select_related("evidence", "file", "by")
        .order_by("evidence_id", "-no")
    )
    newest: dict[int, EvidenceVersion] = {}
    for row in rows:
        newest.setdefault(row.evidence_id, row)
    return tuple(newest.values())


def last_claim(finding: Finding) -> str:
    """Return what was said to be done when *finding* last passed its review; empty when it never did."""
    passed = (
        finding.submissions.filter(state=Submission.State.PASSED).order_by("-no").values_list("statement", flat=True)
    )
    return passed.first() or ""


def _contact(contact: CheckContact, inspects: bool) -> Contact:
    return Contact(
        contact.name if inspects else mask_name(contact.name),
        contact.relation,
        contact.how if inspects else "",
        contact.answer,
        str(contact.get_answer_display()),
        contact.note if inspects else "",
    )


@dataclass(frozen=True, slots=True)
class Rates:
    """What checks came to."""

    spot_done: int
    """Spot checks done."""
    spot_good: int
    """Those that found the rectification consolidated."""
    all_done: int
    """Look-backs and spot checks done."""
    rebound: int
    """Those that found a rebound."""
    fake: int
    """Those that found a fake."""
    planned: int
    """Checks still to be done."""
    late: int
    """Those of them past their day."""

    @property
    def pass_percent(self) -> float | None:
        """Share of spot checks that passed 抽查合格率; None when none was done."""
        return round(100 * self.spot_good / self.spot_done, 1) if self.spot_done else None

    @property
    def rebound_percent(self) -> float | None:
        """Share of checks that found a rebound 反弹率, fakes left apart; None when none was done."""
        return round(100 * self.rebound / self.all_done, 1) if self.all_done else None


def rates(actor: Actor, today: date, round_: InspectionRound | None = None) -> Rates:
    """Return what the checks the actor sees came to; one query."""
    found = visible_checks(actor)
    if round_ is not None:
        found = found.filter(finding__round=round_)
    done, spot = Q(state=Check.State.DONE), Q(kind=Check.Kind.SPOT_CHECK)
    planned = Q(state=Check.State.PLANNED)
    counted = found.aggregate(
        spot_done=Count("pk", done & spot),
        spot_good=Count("pk", done & spot & Q(outcome=CheckOutcome.CONSOLIDATED)),
        all_done=Count("pk", done),
        rebound=Count("pk", done & Q(outcome=CheckOutcome.REBOUND)),
        fake=Count("pk", done & Q(outcome=CheckOutcome.FAKE)),
        planned=Count("pk", planned),
        late=Count("pk", planned & Q(due_on__lt=today)),
    )
    return Rates(**counted)


def list_checks(
    actor: Actor, kind: str, *, state: str = "", outcome: str = "", round_: InspectionRound | None = None
) -> QuerySet[Check]:
    """Return checks of a kind: those to be done by their day, those done newest first."""
    found = visible_checks(actor).filter(kind=kind)
    if state:
        found = found.filter(state=state)
    if outcome:
        found = found.filter(outcome=outcome)
    if round_ is not None:
        found = found.filter(finding__round=round_)
    related = ("finding", "finding__department", "finding__unit", "close_out", "checker", "done_by")
    order = ("-done_on", "-pk") if state == Check.State.DONE else ("due_on", "pk")
    return found.select_related(*related).order_by(*order)


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A draw done again."""

    is_same: bool
    """Whether the same findings come out in the same order."""
    ids: tuple[str, ...]
    """Stable ids that come out now."""


def redraw(drawn: Draw) -> Redrawn:
    """Draw again from the frozen population and the recorded seed, and compare."""
    ids = draw(read_members(drawn.population), seed=drawn.seed, size=drawn.size, rate_percent=drawn.rate_percent)
    return Redrawn(drawn.algorithm == ALGORITHM and ids == list(drawn.drawn), tuple(ids))


@dataclass(frozen=True, slots=True)
class PopulationRow:
    """One finding of a frozen population."""

    place: int
    """Place in the order of the ledger, from 1."""
    stable_id: str
    """Its stable id."""
    stratum: str
    """Its part; empty when the population was not parted."""
    no: str
    """The number readers know it by."""
    title: str
    """The problem."""
    key: str
    """The SHA-256 it was ordered by."""
    is_drawn: bool
    """Whether it was drawn."""


def population_rows(drawn: Draw) -> list[PopulationRow]:
    """Return the frozen population of a draw."""
    chosen = set(drawn.drawn)
    return [
        PopulationRow(place, row[0], row[1], row[2], row[3], key_of(drawn.seed, row[0]), row[0] in chosen)
        for place, row in enumerate(drawn.population, start=1)
    ]


def population_of(round_: InspectionRound, stages: Iterable[str], strata: str) -> list[list[str]]:
    """Return the population of a draw as it is kept: stable id, stratum, number and title of each finding."""
    found = Finding.objects.filter(round=round_, withdrawn_at__isnull=True, stage__in=list(stages))
    rows = found.select_related("department", "aspect", "leader", "unit").order_by("order", "pk")
    return [[str(each.stable_id), _stratum(each, strata), each.no, each.title] for each in rows]


def _stratum(finding: Finding, strata: str) -> str:
    match strata:
        case Strata.DEPARTMENT:
            return str(finding.department or finding.department_text or finding.unit)
        case Strata.ASPECT:
            return finding.aspect.title if finding.aspect else "未分方面"
        case Strata.LEADER:
            return finding.leader.name if finding.leader else finding.leader_text or "未定"
    return ""
