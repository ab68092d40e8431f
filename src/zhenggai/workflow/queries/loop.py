"""Everything the page of one finding shows of its loop, and what the reader may do there now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils import timezone

from zhenggai.findings.access import reached_findings
from zhenggai.findings.lateness import Line, line_on
from zhenggai.findings.models import Finding, Measure, Stage
from zhenggai.findings.standing import Standing, standing_of
from zhenggai.people.access import Actor, access_of, reach
from zhenggai.people.models import Unit, User
from zhenggai.policy.profile import Level
from zhenggai.workflow.cosign import missing_cosigns
from zhenggai.workflow.criteria import CriterionState, criteria_states
from zhenggai.workflow.doers import doers_of
from zhenggai.workflow.levels import chairs_of, facts_of, free_chairs, people_of, pick_chair
from zhenggai.workflow.models import (
    CloseOut,
    Completion,
    EvidenceLink,
    EvidenceVersion,
    Extension,
    Item,
    Opinion,
    Submission,
    WorkEntry,
)
from zhenggai.workflow.rules import Rules, course_of
from zhenggai.workflow.transitions import AT_WORK


@dataclass(frozen=True, slots=True)
class Proof:
    """A piece of evidence where it stands."""

    link: EvidenceLink
    """The link, with its evidence."""
    newest: EvidenceVersion
    """Its newest version, with file and person."""
    versions: int
    """How many versions there are."""
    expired: bool
    """True when it no longer proves anything."""


@dataclass(frozen=True, slots=True)
class MeasureWork:
    """One measure and the work on it."""

    measure: Measure
    """The measure."""
    completion: Completion | None
    """That it was carried out, if it was."""
    proofs: tuple[Proof, ...]
    """Evidence for it."""
    entries: tuple[WorkEntry, ...]
    """What was said about it, newest first."""
    lacking: int
    """How many pieces of evidence it still needs."""


@dataclass(frozen=True, slots=True)
class LevelStep:
    """One level of the present or last submission."""

    level: Level
    """The level."""
    state: str
    """``done``, ``skipped``, ``now`` or ``ahead``."""
    opinions: tuple[Opinion, ...]
    """What was said at it, oldest first."""
    people: tuple[User, ...]
    """Who may decide, where it waits here."""
    cosigns: tuple[Unit, ...]
    """Departments whose countersign is waited for, where it waits here."""


@dataclass(frozen=True, slots=True)
class May:
    """What the reader may do now."""

    work: bool = False
    """Write progress, complete measures, hand in evidence."""
    submit: bool = False
    """Hand in for review."""
    withdraw: bool = False
    """Take the submission back."""
    decide: bool = False
    """Pass or return at the level it waits at."""
    cosign: bool = False
    """Countersign there."""
    revoke: bool = False
    """Revoke the close-out."""
    reopen: bool = False
    """Put it back to work."""
    ask_extension: bool = False
    """Ask for more time."""
    decide_extension: bool = False
    """Decide on the open request."""
    criteria: bool = False
    """Add and take away criteria."""
    file: bool = False
    """Note the filing of the close-out."""


@dataclass(frozen=True, slots=True)
class LoopPage:
    """The loop of one finding."""

    finding: Finding
    """The finding."""
    item: Item | None
    """What the loop keeps about it."""
    rules: Rules
    """What its round runs by."""
    stage: Stage
    """Where it stands."""
    standing: Standing
    """How it counts today."""
    measures: tuple[MeasureWork, ...]
    """Measures in order."""
    entries: tuple[WorkEntry, ...]
    """What was said about the finding as a whole, newest first."""
    proofs: tuple[Proof, ...]
    """Evidence for the finding as a whole."""
    criteria: tuple[CriterionState, ...]
    """What must hold before it is closed."""
    missing: tuple[str, ...]
    """What is missing of that, in words."""
    submission: Submission | None
    """The open submission, or the last one."""
    steps: tuple[LevelStep, ...]
    """The levels of it."""
    earlier: tuple[Submission, ...]
    """Submissions before it, newest first, with their opinions."""
    close_outs: tuple[CloseOut, ...]
    """Close-outs, newest first."""
    extensions: tuple[Extension, ...]
    """Requests for extensions, newest first."""
    lower_levels: tuple[Level, ...]
    """Levels to which it may be returned from where it waits."""
    may: May
    """What the reader may do."""
    own_work: bool
    """True when the reader would decide here but for having done the work."""

    @property
    def open_extension(self) -> Extension | None:
        """The request that waits for a decision."""
        return next((each for each in self.extensions if each.state == Extension.State.OPEN), None)

    @property
    def standing_close_out(self) -> CloseOut | None:
        """The close-out in force."""
        return next((each for each in self.close_outs if each.revoked_at is None), None)

    @property
    def waits_at(self) -> LevelStep | None:
        """The level it waits at."""
        return next((step for step in self.steps if step.state == "now"), None)


def loop_of(actor: Actor, finding: Finding, line: Line | None = None) -> LoopPage:
    """Return the loop of a finding as *actor* sees it; a bounded number of queries.

    Args:
        actor: who reads.
        finding: as :func:`~zhenggai.findings.access.access_finding` gives it.
        line: what is late, where it is at hand.
    """
    rules = course_of(finding.round)
    item = Item.objects.filter(finding=finding).first()
    proofs = _proofs(finding)
    entries = list(finding.work_entries.filter(withdrawn_at=None).select_related("by").order_by("-done_on", "-pk"))
    states = criteria_states(finding, rules.policy)
    submissions = list(
        finding.submissions.select_related("by", "on_behalf_of")
        .prefetch_related(
            Prefetch("opinions", Opinion.objects.select_related("by", "on_behalf_of", "department").order_by("pk"))
        )
        .order_by("-no")
    )
    now = submissions[0] if submissions else None
    extensions = tuple(finding.extension_requests.select_related("asked_by", "decided_by").order_by("-pk"))
    close_outs = tuple(finding.close_outs.select_related("by", "revoked_by", "earlier").order_by("-pk"))
    doers = doers_of(finding) if now is not None and now.state == Submission.State.OPEN else frozenset()
    steps = tuple(_steps(finding, item, rules, now, doers))
    may, own_work = _may(actor, finding, rules, item, now, steps, extensions, close_outs, doers)
    return LoopPage(
        finding=finding,
        item=item,
        rules=rules,
        stage=Stage(finding.stage),
        standing=standing_of(finding, line or line_on()),
        measures=tuple(_measures(finding, rules, proofs, entries)),
        entries=tuple(entry for entry in entries if entry.measure_id is None),
        proofs=tuple(proofs.get(None, ())),
        criteria=states,
        missing=tuple(words for state in states for words in state.missing),
        submission=now,
        steps=steps,
        earlier=tuple(submissions[1:]),
        close_outs=close_outs,
        extensions=extensions,
        lower_levels=tuple(_lower(item, rules, now)),
        may=may,
        own_work=own_work,
    )


def _proofs(finding: Finding) -> dict[int | None, list[Proof]]:
    today = timezone.localdate()
    versions = EvidenceVersion.objects.select_related("file", "by").order_by("-no")
    links = (
        EvidenceLink.objects.filter(finding=finding, withdrawn_at=None, evidence__withdrawn_at=None)
        .select_related("evidence", "by")
        .prefetch_related(Prefetch("evidence__versions", versions))
        .order_by("pk")
    )
    found: dict[int | None, list[Proof]] = {}
    for link in links:
        all_versions = list(link.evidence.versions.all())
        ends: date | None = link.evidence.expires_on
        proof = Proof(link, all_versions[0], len(all_versions), ends is not None and ends < today)
        found.setdefault(link.measure_id, []).append(proof)
    return found


def _measures(
    finding: Finding, rules: Rules, proofs: dict[int | None, list[Proof]], entries: Sequence[WorkEntry]
) -> Iterable[MeasureWork]:
    rows = finding.measures.filter(withdrawn_at=None).select_related("leader", "department", "owner")
    standing = Completion.objects.filter(withdrawn_at=None).select_related("by")
    for measure in rows.prefetch_related(Prefetch("completions", standing)).order_by("order", "pk"):
        mine = tuple(proofs.get(measure.pk, ()))
        good = len({proof.link.evidence_id for proof in mine if not proof.expired})
        yield MeasureWork(
            measure,
            next(iter(measure.completions.all()), None),
            mine,
            tuple(entry for entry in entries if entry.measure_id == measure.pk),
            max(0, rules.policy.min_evidence_per_measure - good),
        )


def _steps(
    finding: Finding, item: Item | None, rules: Rules, now: Submission | None, doers: frozenset[int]
) -> Iterable[LevelStep]:
    if now is None:
        return
    waits = item.level if item is not None and now.state == Submission.State.OPEN else ""
    reached = False
    said = list(now.opinions.all())
    for level in rules.policy.levels:
        mine = tuple(opinion for opinion in said if opinion.level == level.code)
        people: tuple[User, ...] = ()
        cosigns: tuple[Unit, ...] = ()
        if level.code == waits:
            state, reached = "now", True
            chairs = free_chairs(level, facts_of(finding), doers, _decided(said))
            people = tuple(people_of(chairs))
            cosigns = tuple(unit for unit, _chairs in missing_cosigns(finding, level, now))
        elif level.code in now.skipped:
            state = "skipped"
        elif not reached and any(o.verdict == Opinion.Verdict.PASS and o.superseded_at is None for o in mine):
            state = "done"
        else:
            state = "ahead"
        yield LevelStep(level, state, mine, people, cosigns)


def _lower(item: Item | None, rules: Rules, now: Submission | None) -> Iterable[Level]:
    if item is None or now is None or now.state != Submission.State.OPEN:
        return
    passed = {o.level for o in now.opinions.all() if o.verdict == Opinion.Verdict.PASS and o.superseded_at is None}
    for level in rules.policy.levels:
        if level.code == item.level:
            return
        if level.code in passed:
            yield level


def _may(
    actor: Actor,
    finding: Finding,
    rules: Rules,
    item: Item | None,
    now: Submission | None,
    steps: Sequence[LevelStep],
    extensions: Sequence[Extension],
    close_outs: Sequence[CloseOut],
    doers: frozenset[int],
) -> tuple[May, bool]:
    if not isinstance(actor, User) or finding.withdrawn_at is not None:
        return May(), False
    stage = Stage(finding.stage)
    at_work = stage in AT_WORK
    principals = access_of(actor).principals
    works = _reached(actor, finding, "workflow.work")
    reviews = _reached(actor, finding, "workflow.review")
    reopens = _reached(actor, finding, "workflow.reopen")
    plans = _reached(actor, finding, "workflow.plan")
    open_request = next((each for each in extensions if each.state == Extension.State.OPEN), None)
    decide = own_work = cosigns = withdraw = False
    if stage == Stage.IN_REVIEW and now is not None and item is not None:
        level = rules.policy.level(item.level)
        if reviews and level is not None:
            chairs = chairs_of(actor, level, facts_of(finding))
            decide = pick_chair(chairs, doers, _decided(now.opinions.all())) is not None
            own_work = bool(chairs) and not decide
            waiting = missing_cosigns(finding, level, now)
            cosigns = any(chair.user_id == actor.pk for _unit, chairs in waiting for chair in chairs)
        withdraw = works and actor.pk in (now.by_id, now.on_behalf_of_id) and not now.opinions.all()
    asked_by = {open_request.asked_by_id, finding.owner_id} if open_request else set()
    may = May(
        work=works and at_work,
        submit=works and at_work,
        withdraw=withdraw,
        decide=decide,
        cosign=cosigns,
        revoke=reopens and stage == Stage.CLOSED,
        reopen=reopens and stage in (Stage.PHASED, Stage.LONG_TERM),
        ask_extension=works
        and at_work
        and stage != Stage.LONG_TERM
        and finding.due_on is not None
        and open_request is None
        and finding.extensions < rules.policy.max_extensions,
        decide_extension=open_request is not None
        and _reached(actor, finding, "workflow.extend")
        and not asked_by & {actor.pk, *principals},
        criteria=plans and at_work,
        file=plans and stage == Stage.CLOSED and any(each.filed_on is None for each in close_outs[:1]),
    )
    return may, own_work


def _decided(said: Iterable[Opinion]) -> frozenset[int]:
    """Return who decided, themselves or through a deputy, as ``decided_on`` does, from opinions at hand."""
    counted = [each for each in said if each.superseded_at is None and each.verdict != Opinion.Verdict.RETURN]
    return frozenset(key for each in counted for key in (each.by_id, each.on_behalf_of_id) if key is not None)


def _reached(actor: User, finding: Finding, permission: str) -> bool:
    """Tell whether the permission reaches the finding; asks the database only for what keys cannot tell."""
    reached = reach(actor, permission)
    if not reached:
        return False
    if reached.everything or any(finding.unit.path.startswith(path) for path in reached.unit_paths):
        return True
    if finding.department_id in reached.department_ids or reached.user_ids & {finding.leader_id, finding.owner_id}:
        return True
    return Finding.objects.filter(reached_findings(reached, finding.pk), pk=finding.pk).exists()
