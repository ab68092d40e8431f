"""The draft becomes the record: everything in one transaction, or nothing."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from zhenggai.findings.actions import (
    DraftWrite,
    create_round,
    lock_round_findings,
    update_round,
    write_aspect,
    write_draft,
)
from zhenggai.findings.fields import FINDING_FIELDS
from zhenggai.findings.models import Aspect, InspectionRound
from zhenggai.intake import codes
from zhenggai.intake.actions.core import lock_import, tell_trail
from zhenggai.intake.drafts import Json, problems_of
from zhenggai.intake.errors import DraftIncomplete, MatchGone
from zhenggai.intake.matching import lost_links, pair_aspects, pair_findings
from zhenggai.intake.models import Import
from zhenggai.intake.queries import merger_for
from zhenggai.intake.rounds import full_date, proposed_round_name, round_values, unit_of
from zhenggai.intake.shapes import ConfirmResult
from zhenggai.people.access import require
from zhenggai.people.models import Unit, User

_PROBLEMS_NAMED = 8


def confirm_import(document: Import, *, actor: User, version: int, round_name: str = "") -> ConfirmResult:
    """Write the draft into the record: round, aspects, findings, measures, progress, and the source with its file.

    Args:
        document: the import.
        actor: who confirms.
        version: the ``draft_version`` the person saw.
        round_name: name of the new round, when none is chosen; composed from the facts by default.

    Raises:
        NotFound, NotAllowed: the import or the round is out of reach.
        AlreadyConfirmed, NotReady, DraftChanged: its state does not permit it.
        DraftIncomplete: pieces lack what the record needs; the error lists them.
        MatchGone: a person linked a finding that is gone, or one twice.
        RoundNameTaken, BadValue: the new round's name cannot be used.
    """
    with transaction.atomic():
        found = lock_import(document, actor=actor, states=(Import.State.READ,), version=version)
        draft: Json = found.draft
        problems = list(problems_of(draft))
        if problems:
            words = ";".join(problems[:_PROBLEMS_NAMED]) + ("……" if len(problems) > _PROBLEMS_NAMED else "")
            raise DraftIncomplete(name=found.name, problems=words)
        round_ = _round(found, round_name, actor)
        findings = lock_round_findings(round_)
        lost = lost_links(draft, findings)
        if lost:
            raise MatchGone(title=lost[0]["title"], key=lost[0]["key"])
        aspects = _aspects(draft, round_)
        merger = merger_for(found, round_, findings)
        writes = []
        skipped = 0
        for pair in pair_findings(draft, findings):
            if pair.skip:
                skipped += 1
                continue
            write = merger.write_for(pair.piece, pair.finding)
            aspect = aspects.get(pair.piece["aspect"])
            if aspect is not None and (pair.finding is None or pair.finding.aspect_id is None):
                write.reads[FINDING_FIELDS["aspect"]] = aspect
            writes.append(write)
        written = write_draft(
            DraftWrite(
                round=round_,
                file=found.file,
                name=found.name,
                family=draft.get("family", ""),
                document_on=full_date(draft.get("document_date")),
                text=found.text,
                findings=writes,
            ),
            actor=actor,
        )
        found.state, found.round, found.source = Import.State.CONFIRMED, round_, written.source
        found.finished_at = timezone.now()
        found.save(update_fields=["state", "round", "source", "finished_at"])
        counts = {"created": written.created, "updated": written.updated, "unchanged": written.unchanged}
        tell_trail(actor, codes.CONFIRMED, found, round=round_.name, skipped=skipped, version=version, **counts)
    return ConfirmResult(
        round_id=round_.pk,
        source_id=written.source.pk,
        skipped=skipped,
        measures=written.measures,
        unmatched=tuple(merger.unmatched),
        **counts,
    )


def _round(document: Import, name: str, actor: User) -> InspectionRound:
    """Return the round to write into, locked: the chosen one with its empty facts filled, or a new one."""
    draft: Json = document.draft
    said = round_values(draft)
    if document.round is None:
        unit = unit_of(document, list(Unit.objects.filter(path__startswith=document.unit.path)))
        require(actor, "findings.edit", unit)
        round_ = create_round(actor=actor, unit=unit, name=name or proposed_round_name(document), **said)
    else:
        missing = {field: value for field, value in said.items() if not getattr(document.round, field)}
        round_ = update_round(document.round, missing, actor=actor)
    round_ = (
        InspectionRound.objects.select_for_update(of=("self",), no_key=True).select_related("unit").get(pk=round_.pk)
    )
    _take_counts(round_, draft)
    return round_


def _take_counts(round_: InspectionRound, draft: Json) -> None:
    """Keep what the document declares, unless the round already knows a later state."""
    said_on = full_date(draft.get("as_of"))
    known: date | None = round_.status_as_of
    if known is not None and said_on is not None and said_on < known:
        return
    if draft["counts"]:
        round_.declared_counts = {**round_.declared_counts, **draft["counts"]}
    if said_on is not None:
        round_.status_as_of = said_on
    round_.save(update_fields=["declared_counts", "status_as_of"])


def _aspects(draft: Json, round_: InspectionRound) -> dict[str, Aspect]:
    """Return the round's aspect for each aspect of the draft that has findings, adding those it lacks."""
    known = list(Aspect.objects.filter(round=round_).order_by("order"))
    used = {finding["aspect"] for finding in draft["findings"] if finding.get("match") != "skip"}
    pieces = [piece for piece in draft["aspects"] if piece["key"] in used]
    places = pair_aspects([piece["title"] for piece in pieces], [aspect.title for aspect in known])
    return {
        piece["key"]: write_aspect(round_, piece["no"], piece["title"]) if place is None else known[place]
        for piece, place in zip(pieces, places, strict=True)
    }
