"""Acts on evidence: hand it in, replace it by a new version, let it stand for more, take it away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import BinaryIO

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.files.actions import store_file
from zhenggai.files.models import StoredFile
from zhenggai.findings.access import visible_findings
from zhenggai.findings.changes import save_changed
from zhenggai.findings.fields import clean_text
from zhenggai.findings.models import Finding, Measure, Stage
from zhenggai.kit.errors import NotFound
from zhenggai.people.access import Actor
from zhenggai.workflow import codes
from zhenggai.workflow.actions.core import Held, chosen, needed, person, trail
from zhenggai.workflow.actions.work import WORK, check_at_work, hold_at_work, lock_measure
from zhenggai.workflow.errors import EvidenceMissing, EvidenceOfOthers
from zhenggai.workflow.evidence import access_evidence, handed_in_by, may_take_away
from zhenggai.workflow.models import Evidence, EvidenceLink, EvidenceVersion

_FROZEN = (Stage.IN_REVIEW, Stage.CLOSED)


def add_evidence(
    finding: Finding,
    *,
    actor: Actor,
    source: BinaryIO,
    file_name: str,
    name: str = "",
    kind: str = Evidence.Kind.DOCUMENT,
    note: str = "",
    expires_on: date | None = None,
    measures: Iterable[Measure] = (),
) -> Evidence:
    """Hand in a file as evidence for a finding, or for some of its measures.

    Raises:
        NotFound, NotAllowed, IsWithdrawn, MoveNotAllowed: no work is taken from the actor here and now.
        BadFile: the file cannot be kept.
    """
    by = person(actor)
    asked = chosen(Evidence.Kind, kind, _now("佐证类别"))
    check_at_work(finding.pk, actor=actor, verb=_now("提交佐证"))  # before a single byte is read
    stored = store_file(actor=actor, source=source, name=file_name)
    with transaction.atomic():
        held = hold_at_work(finding.pk, actor=actor, verb=_now("提交佐证"))
        evidence = Evidence.objects.create(
            unit=held.finding.round.unit,
            name=clean_text(name)[:200] or clean_text(file_name)[:200],
            kind=asked,
            note=clean_text(note)[:500],
            expires_on=expires_on,
            created_by=by,
        )
        version = EvidenceVersion.objects.create(
            evidence=evidence, no=1, file=stored, name=clean_text(file_name)[:200], by=by
        )
        _link(evidence, held, list(measures), by.pk)
        _tell_trail(actor, codes.EVIDENCE_ADDED, held, evidence, sha256=version.file.sha256)
    return evidence


def add_kept_evidence(
    finding: Finding,
    *,
    actor: Actor,
    file: StoredFile,
    file_name: str,
    name: str,
    note: str = "",
    measures: Iterable[Measure] = (),
) -> Evidence:
    """Let a file that the platform keeps already, as the paper of something else, stand as evidence for a finding.

    The caller has seen to it that the actor may read the file.  Where it is evidence of the body already, that is linked.

    Raises:
        NotFound, NotAllowed, IsWithdrawn, MoveNotAllowed: no work is taken from the actor here and now.
    """
    by = person(actor)
    with transaction.atomic():
        held = hold_at_work(finding.pk, actor=actor, verb=_now("引用佐证"))
        body = held.finding.round.unit
        versions = EvidenceVersion.objects.filter(file=file, evidence__unit=body, evidence__withdrawn_at=None)
        newest = Evidence.objects.filter(pk=OuterRef("evidence")).annotate(last=Max("versions__no")).values("last")
        there = versions.filter(no=Subquery(newest)).select_related("evidence").order_by("pk").first()
        if there is not None:
            evidence = Evidence.objects.select_for_update().get(pk=there.evidence_id)
            code = codes.EVIDENCE_LINKED
        else:
            told = {"name": clean_text(name)[:200], "note": clean_text(note)[:500]}
            evidence = Evidence.objects.create(unit=body, kind=Evidence.Kind.DOCUMENT, created_by=by, **told)
            EvidenceVersion.objects.create(
                evidence=evidence, no=1, file=file, name=clean_text(file_name)[:200] or evidence.name, by=by
            )
            code = codes.EVIDENCE_ADDED
        if _link(evidence, held, list(measures), by.pk) or there is None:
            _tell_trail(actor, code, held, evidence, sha256=file.sha256)
    return evidence


def replace_evidence(
    evidence: Evidence, *, actor: Actor, source: BinaryIO, file_name: str, note: str = ""
) -> EvidenceVersion:
    """Hand in the next version of a piece of evidence; the earlier ones stay.

    Raises:
        NotFound, NotAllowed: it is out of reach.
        EvidenceMissing: it was withdrawn, or a finding it stands for is under review.
        BadFile: the file cannot be kept.
    """
    by = person(actor)
    access_evidence(actor, evidence.pk)  # before a single byte is read
    stored = store_file(actor=actor, source=source, name=file_name)
    with transaction.atomic():
        mine = _lock(evidence, actor)
        holders = _holders(mine, actor, frozen=(Stage.IN_REVIEW,))
        last = mine.versions.aggregate(last=Max("no"))["last"] or 0
        version = EvidenceVersion.objects.create(
            evidence=mine,
            no=last + 1,
            file=stored,
            name=clean_text(file_name)[:200],
            note=clean_text(note)[:300],
            by=by,
        )
        for held in holders:
            _tell_trail(actor, codes.EVIDENCE_REPLACED, held, mine, version=version.no, sha256=stored.sha256)
    return version


def link_evidence(evidence: Evidence, finding: Finding, *, actor: Actor, measures: Iterable[Measure] = ()) -> Evidence:
    """Let a piece of evidence stand for one more finding, or for some of its measures.

    Raises:
        NotFound, NotAllowed, MoveNotAllowed: either is out of reach, or no work is taken there.
        EvidenceMissing: it was withdrawn or belongs to another body.
    """
    by = person(actor)
    with transaction.atomic():
        mine = _lock(evidence, actor)
        held = hold_at_work(finding.pk, actor=actor, verb=_now("引用佐证"))
        if held.finding.round.unit_id != mine.unit_id:
            raise EvidenceMissing(name=mine.name, reason=_now("属于其他单位"))
        if _link(mine, held, list(measures), by.pk):
            _tell_trail(actor, codes.EVIDENCE_LINKED, held, mine)
    return mine


def unlink_evidence(link: EvidenceLink, *, actor: Actor) -> EvidenceLink:
    """Let a piece of evidence no longer stand for a finding or measure.

    Raises:
        NotFound, NotAllowed, MoveNotAllowed: it is out of reach, or no work is taken there.
        EvidenceOfOthers: somebody else, who is not below the actor, handed it in and linked it.
    """
    with transaction.atomic():
        held = hold_at_work(link.finding_id, actor=actor, verb=_now("取消引用"))
        mine = EvidenceLink.objects.select_for_update().filter(pk=link.pk, withdrawn_at=None).first()
        if mine is None:
            raise NotFound
        _check_whose(mine.evidence, {mine.by_id, mine.evidence.created_by_id}, actor)
        mine.withdrawn_at = timezone.now()
        mine.save(update_fields=["withdrawn_at"])
        _tell_trail(actor, codes.EVIDENCE_UNLINKED, held, mine.evidence, measure_id=mine.measure_id)
    return mine


def withdraw_evidence(evidence: Evidence, *, actor: Actor, why: str) -> Evidence:
    """Take a piece of evidence away altogether; its versions are kept.

    Raises:
        NotFound, NotAllowed: it is out of reach.
        EvidenceMissing: a finding it stands for is under review or closed.
        EvidenceOfOthers: somebody else, who is not below the actor, handed it in.
        TextMissing: there is no reason.
    """
    words = needed(why, _now("撤下理由"))
    with transaction.atomic():
        mine = _lock(evidence, actor)
        holders = _holders(mine, actor, frozen=_FROZEN)
        _check_whose(mine, handed_in_by(mine), actor)
        mine.withdrawn_at, mine.withdrawn_why = timezone.now(), words[:300]
        mine.save(update_fields=["withdrawn_at", "withdrawn_why"])
        for held in holders:
            _tell_trail(actor, codes.EVIDENCE_WITHDRAWN, held, mine, why=words[:300])
    return mine


def _check_whose(evidence: Evidence, people: set[int], actor: Actor) -> None:
    if not may_take_away(actor, people):
        raise EvidenceOfOthers(name=evidence.name, who=evidence.created_by.name)


def _lock(evidence: Evidence, actor: Actor) -> Evidence:
    shown = access_evidence(actor, evidence.pk)
    mine = Evidence.objects.select_for_update().get(pk=shown.pk)
    if mine.withdrawn_at is not None:
        raise EvidenceMissing(name=mine.name, reason=_now("已撤下"))
    return mine


def _holders(evidence: Evidence, actor: Actor, frozen: tuple[Stage, ...]) -> list[Held]:
    """Lock the findings the evidence stands for that are at work and within the actor's reach.

    Raises:
        EvidenceMissing: one of all it stands for is frozen, or none is at work.
    """
    keys = set(evidence.links.filter(withdrawn_at=None).values_list("finding_id", flat=True))
    # All of them are locked, also those out of the actor's reach: none may be handed in meanwhile.
    rows = Finding.objects.filter(pk__in=keys).order_by("pk").select_for_update()
    stages = dict(rows.values_list("pk", "stage"))
    if any(stage in frozen for stage in stages.values()):
        labels = "、".join(str(stage.label) for stage in frozen)
        raise EvidenceMissing(name=evidence.name, reason=_now("所佐证的问题%(stages)s") % {"stages": labels})
    mine = visible_findings(actor, WORK).filter(pk__in=keys).order_by("pk").values_list("pk", flat=True)
    open_ones = [key for key in mine if stages[key] != Stage.CLOSED]
    if not open_ones:
        raise EvidenceMissing(name=evidence.name, reason=_now("所佐证的问题不在办理中"))
    return [hold_at_work(key, actor=actor, verb=_now("更新佐证")) for key in open_ones]


def _link(evidence: Evidence, held: Held, measures: list[Measure], by_id: int) -> int:
    """Link to the finding, or to measures of it; return how many links are new."""
    chosen: list[Measure | None] = [lock_measure(measure, held.finding) for measure in measures]
    there = set(evidence.links.filter(finding=held.finding, withdrawn_at=None).values_list("measure_id", flat=True))
    fresh = [each for each in chosen or [None] if (each.pk if each else None) not in there]
    EvidenceLink.objects.bulk_create(
        EvidenceLink(evidence=evidence, finding=held.finding, measure=each, by_id=by_id) for each in fresh
    )
    return len(fresh)


def _tell_trail(actor: Actor, code: str, held: Held, evidence: Evidence, **data: object) -> None:
    save_changed(held.finding)
    trail(actor, code, held.finding, evidence=evidence.name, evidence_id=evidence.pk, **data)
