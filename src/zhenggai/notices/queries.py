"""What pages and other rooms may ask of notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.figures import Report, check
from zhenggai.findings.models import Finding, InspectionRound
from zhenggai.findings.queries import visible_rounds
from zhenggai.notices.access import (
    access_binding,
    access_notice,
    access_publication,
    access_version,
    visible_notices,
    visible_publications,
)
from zhenggai.notices.blocks import Anchor, Block, anchors_from_json, blocks_from_json
from zhenggai.notices.counts import REPORTED, RecordCounts
from zhenggai.notices.figures_of import Figure, read_states
from zhenggai.notices.layout import Layout, lay_out
from zhenggai.notices.models import Binding, Notice, NoticeSettings, NoticeVersion, Publication, Step
from zhenggai.notices.sources import Given, ask_count
from zhenggai.notices.transitions import APPROVE, OPEN, WRITE
from zhenggai.notices.wording import style_of
from zhenggai.oversight.posts import acted_for
from zhenggai.people.access import Actor, may, reach
from zhenggai.people.models import Unit

__all__ = [
    "Body",
    "access_binding",
    "access_notice",
    "access_publication",
    "access_version",
    "body_of",
    "given_of",
    "looked_at",
    "notices_to_decide",
    "rounds_to_report",
    "settings_of",
    "visible_notices",
    "visible_publications",
]


@dataclass(frozen=True, slots=True)
class Body:
    """A version of a notice as values."""

    version: NoticeVersion
    """The version."""
    blocks: tuple[Block, ...]
    """Its blocks."""
    anchors: tuple[Anchor, ...]
    """Where its bound figures stand."""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A text of a notice, laid out and checked."""

    layout: Layout
    """Its lines."""
    report: Report
    """What was read of it, and what was checked."""
    figures: tuple[Figure, ...]
    """Its figures with their states."""


def rounds_to_report(actor: Actor) -> list[InspectionRound]:
    """Return the rounds for which the actor may begin a notice, the likeliest first.

    Left out are rounds whose feedback named no problem, such as those that carry common problems, and those with a notice
    under way.  An inspection whose notice never went out comes before one that told the public already.
    """
    problems = Finding.objects.filter(round=OuterRef("pk"), kind__in=REPORTED, withdrawn_at=None).order_by()
    under_way = Notice.objects.filter(round=OuterRef("pk"), state__in=OPEN).order_by()
    public = Publication.objects.filter(round=OuterRef("pk"), withdrawn_at=None).order_by()
    rounds = visible_rounds(actor).select_related("unit").filter(Exists(problems), ~Exists(under_way))
    found = rounds.annotate(told=Exists(public)).order_by("told", F("feedback_on").desc(nulls_last=True), "-pk")
    return [each for each in found if may(actor, WRITE, each.unit)]


def body_of(notice: Notice, no: int | None = None) -> Body:
    """Return a version of a notice, the newest by default."""
    version = NoticeVersion.objects.select_related("by").get(notice=notice, no=no or notice.version)
    return Body(version, blocks_from_json(version.blocks), anchors_from_json(version.anchors))


def notices_to_decide(actor: Actor) -> list[Notice]:
    """Return the notices that wait for the actor's approval: those that neither they nor whom they act for wrote on."""
    if not reach(actor, APPROVE):
        return []
    units = Unit.objects.filter(reach(actor, APPROVE).units()).order_by().values("pk")
    wrote = NoticeVersion.objects.filter(by__in=acted_for(actor)).order_by().values("notice_id")
    waiting = Notice.objects.filter(state=Notice.State.REVIEWING, unit__in=units).exclude(pk__in=wrote)
    handed = Step.objects.filter(act=Step.Act.SUBMITTED).select_related("by").order_by("pk")
    return list(
        waiting.exclude(created_by__in=acted_for(actor))
        .select_related("round")
        .prefetch_related(Prefetch("steps", queryset=handed, to_attr="handed_in"))
        .order_by("changed_at")
    )


def settings_of(unit: Unit) -> NoticeSettings:
    """Return what the notices of a body take as given; unsaved where nothing was set."""
    return NoticeSettings.objects.filter(unit=unit).first() or NoticeSettings(unit=unit)


def given_of(bindings: Iterable[Binding], record: RecordCounts) -> dict[int, Given]:
    """Return key → what each binding gives: counts as of now, all others as they were asked last."""
    now = timezone.now()
    found: dict[int, Given] = {}
    for binding in bindings:
        if binding.kind == Binding.Kind.COUNT:
            found[binding.pk] = ask_count(binding, record)
        elif binding.kind == Binding.Kind.INDICATOR:
            found[binding.pk] = Given(binding.given, binding.unit, at=binding.given_at)
        elif binding.kind == Binding.Kind.STATEMENT:
            found[binding.pk] = Given(None, "", why=_gone(binding), at=now)
    return found


def _gone(binding: Binding) -> str:
    """Return why a statement is no longer proved; nothing while it is."""
    proofs = list(binding.evidence.all())
    standing = [each for each in proofs if each.withdrawn_at is None]
    if proofs and not standing and binding.file_id is None:
        return _("佐证材料已撤回")
    today = timezone.localdate()
    if standing and all(each.expires_on is not None and each.expires_on < today for each in standing):
        return _("佐证材料已过有效期")
    return ""


def looked_at(
    blocks: Sequence[Block],
    anchors: Sequence[Anchor],
    style: str,
    bindings: Mapping[int, Binding],
    given: Mapping[int, Given],
) -> LookedAt:
    """Return a text laid out, checked, and its figures with their states."""
    layout = lay_out(blocks, style_of(style))
    report = check(layout.text)
    kinds = {block.id: block.kind for block in blocks}
    return LookedAt(layout, report, tuple(read_states(layout, report, anchors, bindings, given, kinds)))
