"""What must hold of the loop at every moment, asked of the tables anew and not through the code under test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Prefetch

from zhenggai.audit.queries import verify_chain
from zhenggai.findings.actions.stages import STATUS_OF
from zhenggai.findings.lateness import line_on
from zhenggai.findings.models import Finding, Measure, Stage, Status
from zhenggai.findings.standing import standing_case, standing_of
from zhenggai.people.access import access_of
from zhenggai.people.models import User
from zhenggai.workflow.levels import chairs_of, decided_on, facts_of, fits, level_condition, pick_chair
from zhenggai.workflow.models import (
    CloseOut,
    Completion,
    Criterion,
    EvidenceLink,
    EvidenceVersion,
    Item,
    Opinion,
    Submission,
    WorkEntry,
)
from zhenggai.workflow.queries import doers_of, loop_of, missing_to_close, rules_by_round, to_review
from zhenggai.workflow.transitions import AT_WORK, MOVES

_ROOMS = ("findings", "workflow", "policy", "people", "notifications", "audit")
_KEPT_OUT = {"people.SignedInSession", "people.SignInFailures", "people.Unit", "findings.Source", "audit.Entry"}
"""What no act here writes; and the trail, whose rows the database itself keeps and whose head is looked at."""
SIMPLE = {(source, move.target) for move in MOVES.values() for source in move.sources if move.target is not None}
BACK = {(Stage.IN_REVIEW, stage) for stage in AT_WORK}
"""What taking a submission back may lead to."""


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the tables that acts write, by the label of the model."""
    found = {}
    with connection.cursor() as cursor:
        for room in _ROOMS:
            for model in apps.get_app_config(room).get_models(include_auto_created=True):
                if model._meta.label not in _KEPT_OUT:
                    cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY 1')
                    found[model._meta.label] = cursor.fetchall()
    return found


def doers(finding: Finding) -> set[int]:
    """Return who did the work, counted here from the tables one by one."""
    people = {finding.owner_id}
    people |= {each.owner_id for each in Measure.objects.filter(finding=finding, withdrawn_at=None)}
    people |= {each.by_id for each in WorkEntry.objects.filter(finding=finding)}
    people |= {each.by_id for each in Completion.objects.filter(measure__finding=finding)}
    for link in EvidenceLink.objects.filter(finding=finding):
        people |= {link.by_id, *(each.by_id for each in EvidenceVersion.objects.filter(evidence=link.evidence_id))}
    people |= {each.met_by_id for each in Criterion.objects.filter(finding=finding, kind="document")}
    for submission in Submission.objects.filter(finding=finding):
        people |= {submission.by_id, submission.on_behalf_of_id}
    return {key for key in people if key is not None}


def both(opinion: Opinion) -> set[int]:
    """Return who decided, and for whom."""
    return {opinion.by_id} | ({opinion.on_behalf_of_id} if opinion.on_behalf_of_id else set())


def standing_opinions(submission: Submission) -> list[Opinion]:
    """Return the passes and countersigns that count."""
    return [each for each in submission.opinions.filter(superseded_at=None) if each.verdict != "return"]


def check_all(since: int = 1) -> None:
    """Hold everything that can be told from one look at the database."""
    findings = list(Finding.objects.all())
    line = line_on()
    told = dict(Finding.objects.annotate(told=standing_case(line)).values_list("pk", "told"))
    assert {each.pk: standing_of(each, line).value for each in findings} == told
    assert sum(Counter(told.values()).values()) == len(findings)
    items = {item.finding_id: item for item in Item.objects.all()}
    counted = Prefetch("opinions", Opinion.objects.filter(superseded_at=None).exclude(verdict="return"))
    submissions = list(Submission.objects.prefetch_related(counted))
    open_ones = Counter(each.finding_id for each in submissions if each.state == "open")
    close_outs = Counter(CloseOut.objects.filter(revoked_at=None).values_list("finding_id", flat=True))
    for finding in findings:
        stage = Stage(finding.stage)
        item = items.get(finding.pk)
        assert open_ones[finding.pk] == (stage == Stage.IN_REVIEW), (finding, stage)
        assert close_outs[finding.pk] == (stage == Stage.CLOSED), (finding, stage)
        assert (finding.closed_on is not None) == (stage == Stage.CLOSED)
        assert stage == Stage.REGISTERED or item is not None
        assert bool(item and item.level) == (stage == Stage.IN_REVIEW), (finding, stage, item and item.level)
        if stage in STATUS_OF:
            assert finding.status == STATUS_OF[stage], (stage, finding.status)
    for submission in submissions:
        levels: dict[int, set[str]] = {}
        for opinion in submission.opinions.all():
            for key in both(opinion):
                levels.setdefault(key, set()).add(opinion.level)
        assert all(len(found) == 1 for found in levels.values()), levels
    done = set(Completion.objects.filter(withdrawn_at=None).values_list("measure", flat=True))
    assert not Measure.objects.filter(pk__in=done).exclude(status=Status.COMPLETED).exists()
    _check_serials()
    report = verify_chain(since)
    assert report.holds, report.breaks


def _check_serials() -> None:
    by_body: dict[int, list[int]] = {}
    for close_out in CloseOut.objects.select_related("finding__round").order_by("pk"):
        number = int(close_out.no.rpartition("〕")[2].rstrip("号"))
        by_body.setdefault(close_out.finding.round.unit_id, []).append(number)
    for numbers in by_body.values():
        assert numbers == list(range(1, len(numbers) + 1)), numbers


def check_close_out(close_out: CloseOut, *, same_rules: bool) -> None:
    """Hold that a finding closed at this moment rightly is; under the same rules all along, each level was asked."""
    finding, submission = close_out.finding, close_out.submission
    policy = rules_by_round([finding.round_id])[finding.round_id].policy
    assert missing_to_close(finding, policy) == ()
    assert (submission.state, submission.outcome) == ("passed", "completed")
    said = standing_opinions(submission)
    people = {key for opinion in said for key in both(opinion)}
    assert said and not people & doers(finding), (people, doers(finding))
    for level in policy.levels:
        passes = [each for each in said if each.level == level.code and each.verdict == "pass"]
        assert passes or level.code in submission.skipped or not same_rules
        assert not level.minutes or all(each.minutes_no for each in passes)
    assert close_out.form["title"] == finding.title and close_out.no in str(close_out)


def check_moves(before: Mapping[int, Finding], after: Iterable[Finding], act: str) -> None:
    """Hold that each finding went along the table of moves, one version up, its deadline only by an act that may."""
    for finding in after:
        old = before.get(finding.pk)
        if old is None:
            continue
        pair = (Stage(old.stage), Stage(finding.stage))
        if pair[0] != pair[1]:
            allowed = pair in SIMPLE or (act == "withdraw_submission" and pair in BACK)
            assert allowed, (act, pair)
        same = all(
            getattr(old, field.attname) == getattr(finding, field.attname)
            for field in Finding._meta.concrete_fields
            if field.attname not in ("version", "changed_at", "filed_on")
        )
        assert finding.version >= old.version, (act, old.version, finding.version)
        assert same or finding.version > old.version, (act, old.version)
        if old.due_on != finding.due_on and old.stage != Stage.REGISTERED:
            assert act in ("decide_extension", "pass_level", "revoke_close_out", "reopen"), act
            assert act != "pass_level" or finding.stage in (Stage.PHASED, Stage.LONG_TERM)


def check_everybody(people: Iterable[User], pages_of: frozenset[int]) -> None:
    """Hold that SQL, Python, the page and the workbench say the same of who decides on what.

    Args:
        people: each as a new request would see them.
        pages_of: ids of those of whom the page of each finding is looked at, too.
    """
    waiting = list(
        Finding.objects.filter(stage=Stage.IN_REVIEW, withdrawn_at=None).select_related("item", "round__unit")
    )
    if not waiting:
        return
    rules = rules_by_round([finding.round_id for finding in waiting])
    submissions = {each.finding_id: each for each in Submission.objects.filter(state="open")}
    for user in people:
        posts = access_of(user).posts
        rows = {(row.finding.pk, row.cosign) for row in to_review(user)}
        for finding in waiting:
            level = rules[finding.round_id].policy.level(finding.item.level)
            assert level is not None
            facts = facts_of(finding)
            by_row = Finding.objects.filter(level_condition(level, posts), pk=finding.pk).exists()
            assert by_row == any(fits(level, post, facts) for post in posts), (user.name, level.code)
            chair = pick_chair(chairs_of(user, level, facts), doers_of(finding), decided_on(submissions[finding.pk]))
            assert ((finding.pk, False) in rows) == (chair is not None), (user.name, level.code, finding.title)
            if chair is not None:
                assert not {chair.user_id, chair.holder_id} & doers(finding)
            if user.pk in pages_of:
                may = loop_of(user, finding).may
                assert (may.decide, may.cosign) == (chair is not None, (finding.pk, True) in rows), user.name
