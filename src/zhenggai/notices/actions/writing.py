"""Acts on the text of a notice: write it from the record, edit it, number it anew, restore, give up, correct."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.findings.models import InspectionRound
from zhenggai.findings.queries import access_round
from zhenggai.notices import codes
from zhenggai.notices.actions.core import (
    check_permission,
    check_version,
    clean,
    lock,
    lock_round,
    move_to,
    save_version,
    step,
    tell,
    user_of,
)
from zhenggai.notices.anchors import follow
from zhenggai.notices.blocks import Anchor, Block, BlockKind, anchors_from_json, blocks_from_json, new_id, split_lines
from zhenggai.notices.composing import Composed, compose
from zhenggai.notices.counts import RecordCounts
from zhenggai.notices.errors import BadValue, NoSuchStyle, NothingToReport, NoticeOpen
from zhenggai.notices.masking import mask
from zhenggai.notices.models import Binding, Masking, Notice, NoticeVersion, Step
from zhenggai.notices.private import private_of, scan
from zhenggai.notices.queries import body_of, settings_of
from zhenggai.notices.sources import CountSource
from zhenggai.notices.supporting import support
from zhenggai.notices.transitions import OPEN, WRITE
from zhenggai.notices.wording import shipped_wording, styles
from zhenggai.people.access import Actor, require

MOST_BLOCKS = 4000
LONGEST_BLOCK = 20_000
LONGEST = 600_000
_KINDS = frozenset(kind.value for kind in BlockKind)


@dataclass(frozen=True, slots=True)
class Typed:
    """A block as a form sends it."""

    id: str
    """Its id; empty for a new one."""
    kind: str
    """What it is; of a block that was there before, what it was stays."""
    text: str
    """What was typed."""


def start_notice(round_: InspectionRound, *, actor: Actor, as_of: date | None = None, style: str = "") -> Notice:
    """Write the first draft of a round's notice from the record.

    Args:
        round_: the round.
        actor: who writes it.
        as_of: the day to which its status speaks; today by default.
        style: numbering style; that of the body's settings by default.

    Raises:
        NotFound, NotAllowed: the round is out of reach, or the actor writes no notices there.
        NoticeOpen: the round has a notice that is not public yet.
        NothingToReport: the round has no problem.
        NoSuchStyle, BadValue: style or day cannot be taken.
    """
    shown = access_round(actor, round_.pk)
    require(actor, WRITE, shown.unit)
    with transaction.atomic():
        locked = lock_round(shown)
        there = Notice.objects.filter(round=locked, state__in=OPEN).first()
        if there is not None:
            raise NoticeOpen(round=locked.name, state=Notice.State(there.state).label, title=there.title)
        return _begin(locked, actor, as_of or timezone.localdate(), style)


def correct_notice(notice: Notice, *, actor: Actor) -> Notice:
    """Begin a correction of a published notice, from its text; once published it replaces that one.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not, or the notice is not public.
        NoticeOpen: the round has a notice that is not public yet.
    """
    check_permission(notice, actor, "correct")
    with transaction.atomic():
        lock_round(notice.round)
        found = lock(notice, actor, "correct")
        there = Notice.objects.filter(round=found.round, state__in=OPEN).first()
        if there is not None:
            raise NoticeOpen(round=found.round.name, state=Notice.State(there.state).label, title=there.title)
        body = body_of(found)
        made = Notice.objects.create(
            round=found.round, unit=found.unit, title=found.title, as_of=found.as_of, wording=found.wording,
            corrects=found, created_by=user_of(actor),
        )  # fmt: skip
        anchors = _copied_bindings(found, made, body.anchors)
        for each in found.maskings.all():
            each.pk, each.notice, each.version = None, made, 1
            each.save(force_insert=True)
        save_version(
            made, actor=actor, cause=NoticeVersion.Cause.COMPOSED, style=body.version.style, blocks=body.blocks,
            anchors=anchors,
        )  # fmt: skip
        tell(actor, codes.COMPOSED, made, corrects=found.pk)
    return made


def save_notice(notice: Notice, typed: Sequence[Typed], *, actor: Actor, version: int) -> NoticeVersion:
    """Save the text of a notice as its next version; nothing is written when nothing changed.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not edit it, or not now.
        ChangedMeanwhile: somebody else saved it since.
        BadValue: there is too much text, or a block of no known kind.
    """
    with transaction.atomic():
        found = lock(notice, actor, "edit")
        check_version(found, version)
        body = body_of(found)
        blocks = read_typed(typed, body.blocks)
        if blocks == body.blocks:
            return body.version
        anchors, lost = follow(body.blocks, blocks, body.anchors)
        saved = save_version(
            found,
            actor=actor,
            cause=NoticeVersion.Cause.EDITED,
            style=body.version.style,
            blocks=blocks,
            anchors=anchors,
        )
        tell(actor, codes.SAVED, found, lost=[each.quote for each in lost][:50])
    return saved


def restyle_notice(notice: Notice, style: str, *, actor: Actor, version: int) -> NoticeVersion:
    """Give a notice another numbering style; no word of it changes.

    Raises:
        NotFound, NotAllowed, BadMove, ChangedMeanwhile: as for :func:`save_notice`.
        NoSuchStyle: there is none of that name.
    """
    check_style(style)
    with transaction.atomic():
        found = lock(notice, actor, "edit")
        check_version(found, version)
        body = body_of(found)
        if body.version.style == style:
            return body.version
        saved = save_version(
            found, actor=actor, cause=NoticeVersion.Cause.STYLED, style=style, blocks=body.blocks, anchors=body.anchors
        )
        tell(actor, codes.SAVED, found, style=style)
    return saved


def recompose_notice(notice: Notice, *, actor: Actor, version: int, as_of: date | None = None) -> NoticeVersion:
    """Write a notice anew from the record; what people wrote stays in the versions before.

    Raises:
        NotFound, NotAllowed, BadMove, ChangedMeanwhile: as for :func:`save_notice`.
        BadValue: the day lies ahead.
    """
    with transaction.atomic():
        found = lock(notice, actor, "edit")
        check_version(found, version)
        found.as_of = _past(as_of or timezone.localdate())
        found.save(update_fields=["as_of"])
        style = body_of(found).version.style
        return _write(found, actor, style)


def restore_version(notice: Notice, no: int, *, actor: Actor, version: int) -> NoticeVersion:
    """Let an earlier version be the newest again, with what its figures were bound to.

    Raises:
        NotFound, NotAllowed, BadMove, ChangedMeanwhile: as for :func:`save_notice`.
        BadValue: there is no such version.
    """
    with transaction.atomic():
        found = lock(notice, actor, "edit")
        check_version(found, version)
        old = NoticeVersion.objects.filter(notice=found, no=no).first()
        if old is None:
            raise BadValue(label=_now("版本"), value=no, reason=_now("没有这一版"))
        saved = save_version(
            found, actor=actor, cause=NoticeVersion.Cause.RESTORED, style=old.style,
            blocks=blocks_from_json(old.blocks), anchors=anchors_from_json(old.anchors),
            note=_now("恢复自第 %(no)s 版") % {"no": no},
        )  # fmt: skip
        tell(actor, codes.RESTORED, found, restored=no)
    return saved


def discard_notice(notice: Notice, *, actor: Actor) -> Notice:
    """Give up a draft; it stays in the record.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not, or it is no draft.
    """
    with transaction.atomic():
        found = lock(notice, actor, "discard")
        move_to(found, Notice.State.DISCARDED)
        step(found, Step.Act.DISCARDED, actor)
        tell(actor, codes.DISCARDED, found)
    return found


def check_style(style: str) -> None:
    """Go on only when there is a numbering style of that name.

    Raises:
        NoSuchStyle: there is none.
    """
    if style not in styles():
        raise NoSuchStyle(style=style[:40])


def read_typed(typed: Iterable[Typed], before: Sequence[Block]) -> tuple[Block, ...]:
    """Return blocks as a form sent them: cleaned, each line a block of its own, empty ones gone.

    Raises:
        BadValue: there is too much text, or a block of no known kind.
    """
    known = {block.id: block for block in before}
    found: list[Block] = []
    total = 0
    for each in typed:
        text = clean(each.text)
        total += len(text)
        if len(text) > LONGEST_BLOCK or total > LONGEST or len(found) >= MOST_BLOCKS:
            raise BadValue(label=_now("正文"), value=text[:20] + "…", reason=_now("文字太长"))
        old = known.pop(each.id, None)
        if old is not None:
            # Blanks around a text are no change, and would shift what is anchored in it.
            found.append(old if text == old.text.strip() else replace(old, text=text))
        elif each.kind in _KINDS:
            found.append(Block(new_id(), BlockKind(each.kind), text))
        else:
            raise BadValue(label=_now("段落"), value=each.kind[:20], reason=_now("没有这一种段落"))
    return split_lines(found)


def _begin(round_: InspectionRound, actor: Actor, as_of: date, style: str) -> Notice:
    settings = settings_of(round_.unit)
    style = style or settings.style
    check_style(style)
    made = Notice.objects.create(
        round=round_, unit=round_.unit, title=round_.name, as_of=_past(as_of), wording=shipped_wording().version,
        created_by=user_of(actor),
    )  # fmt: skip
    _write(made, actor, style)
    return made


def _write(notice: Notice, actor: Actor, style: str) -> NoticeVersion:
    """Write a locked notice from the record: text, masks, bindings."""
    record = RecordCounts(notice.round, notice.as_of)
    composed = compose(notice.round, notice.as_of, settings_of(notice.unit), record)
    if not record.findings:
        raise NothingToReport(round=notice.round.name)
    blocks, anchors = _masked(notice, composed, _bound(notice, composed))
    supported = support(notice, blocks, anchors, composed.evidenced, style)
    saved = save_version(
        notice, actor=actor, cause=NoticeVersion.Cause.COMPOSED, style=style, blocks=blocks,
        anchors=[*anchors, *supported],
    )  # fmt: skip
    Masking.objects.filter(notice=notice, by=None, version=0).update(version=saved.no)
    tell(actor, codes.COMPOSED, notice, style=style, bound=len(anchors) + len(supported))
    return saved


def _bound(notice: Notice, composed: Composed) -> list[Anchor]:
    now = timezone.now()
    made = Binding.objects.bulk_create(
        Binding(
            notice=notice, kind=Binding.Kind.COUNT, source=CountSource(each.count).stored(),
            label=CountSource(each.count).label(), unit=each.unit, given=each.given, given_at=now,
        )
        for each in composed.figures
    )  # fmt: skip
    return [
        Anchor(binding.pk, each.block, each.start, each.end, each.quote)
        for binding, each in zip(made, composed.figures, strict=True)
    ]


def _masked(notice: Notice, composed: Composed, anchors: list[Anchor]) -> tuple[list[Block], list[Anchor]]:
    """Mask what the public may not read, and keep what was masked."""
    hits: dict[str, list[Masking]] = {}
    found = scan(composed.blocks, private_of(notice.unit))
    blocks = []
    for block in composed.blocks:
        mine = [each.hit for each in found if each.block.id == block.id]
        blocks.append(replace(block, text=mask(block.text, mine)) if mine else block)
        hits[block.id] = [
            Masking(
                notice=notice, version=0, kind=hit.kind, quote=hit.quote[:200], replacement=hit.replacement,
                block=block.id, decision=Masking.Decision.MASKED,
            )
            for hit in mine
        ]  # fmt: skip
    Masking.objects.bulk_create(each for some in hits.values() for each in some)
    if not found:
        return blocks, anchors
    kept, _lost = follow(composed.blocks, blocks, anchors)
    return blocks, kept


def _copied_bindings(old: Notice, new: Notice, anchors: Iterable[Anchor]) -> list[Anchor]:
    bindings = {each.pk: each for each in old.bindings.prefetch_related("evidence")}
    copies: list[Anchor] = []
    for anchor in anchors:
        binding = bindings[anchor.binding]
        evidence = list(binding.evidence.all())
        binding.pk, binding.notice = None, new
        binding.save(force_insert=True)
        binding.evidence.set(evidence)
        copies.append(replace(anchor, binding=binding.pk))
    return copies


def _past(day: date) -> date:
    if day > timezone.localdate():
        raise BadValue(label=_now("截至日期"), value=day, reason=_now("晚于今天"))
    return day
