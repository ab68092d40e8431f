"""Acts that say what a figure of a draft rests on, and that bring figures up to what their sources give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.docparse.errors import clean_name
from zhenggai.files.actions import store_file
from zhenggai.kit.errors import NotFound
from zhenggai.ledgers.access import access_ledger
from zhenggai.notices import codes
from zhenggai.notices.actions.core import (
    check_permission,
    check_version,
    lock,
    needed,
    save_anchors,
    save_version,
    tell,
    user_of,
)
from zhenggai.notices.blocks import Anchor, Block, BlockKind
from zhenggai.notices.counts import RecordCounts
from zhenggai.notices.errors import EvidenceMissing, FigureMoved
from zhenggai.notices.figures_of import Figure, FigureState
from zhenggai.notices.gate import examine
from zhenggai.notices.models import Binding, Notice, NoticeVersion
from zhenggai.notices.queries import Body, body_of
from zhenggai.notices.renewing import ask_ledgers, reread
from zhenggai.notices.sources import CountSource, Place, question_label, stored_question
from zhenggai.people.access import Actor, current_posts
from zhenggai.people.models import User
from zhenggai.watch.between import Question, ask
from zhenggai.watch.queries import seen_bodies
from zhenggai.workflow.queries import visible_evidence

Kind = Binding.Kind


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that is handed in to prove a statement."""

    source: BinaryIO
    """Readable binary stream."""
    name: str
    """Name it came with."""


def bind_count(notice: Notice, place: Place, source: CountSource, *, actor: Actor) -> Binding:
    """Bind a figure to a count over the record.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not edit the notice, or not now.
        FigureMoved: it does not stand there.
        NoSuchSource: there is no such count.
    """

    def make(found: Notice) -> Binding:
        counted = source.ask(RecordCounts(found.round, found.as_of))
        return Binding(
            kind=Kind.COUNT,
            source=source.stored(),
            label=source.label(),
            unit=counted.unit,
            given=counted.value,
            given_at=timezone.now(),
        )

    return _bind(notice, place, make, actor)


def bind_indicator(notice: Notice, place: Place, question: Question, *, actor: Actor) -> Binding:
    """Bind a figure to an indicator of a ledger that the actor sees.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not edit the notice, or not now; or does not see the ledger.
        FigureMoved: it does not stand there.
        UnknownIndicator, BadValue: there is no such indicator, or it cannot be asked so.
    """
    return bind_indicators(notice, [(place, question)], actor=actor)[0]


def bind_indicators(notice: Notice, wanted: Sequence[tuple[Place, Question]], *, actor: Actor) -> list[Binding]:
    """Bind many figures to indicators, asking each ledger once.

    Raises:
        NotFound, NotAllowed, BadMove, FigureMoved, UnknownIndicator, BadValue: as for :func:`bind_indicator`.
    """
    labels = {question: question_label(question) for _place, question in wanted}
    for question in labels:
        if question.body not in {body.pk for body in seen_bodies(actor, access_ledger(actor, question.ledger))}:
            raise NotFound
    now = timezone.now()
    answers = ask(labels)

    def make(question: Question) -> Binding:
        answer = answers[question]
        return Binding(
            kind=Kind.INDICATOR,
            source=stored_question(question),
            label=labels[question][:300],
            unit=answer.unit,
            given=answer.value,
            given_at=question.moment or now,
        )

    with transaction.atomic():
        found = lock(notice, actor, "edit")
        return _bind_locked(found, [(place, make(question)) for place, question in wanted], actor)


def bind_statement(
    notice: Notice,
    place: Place,
    statement: str,
    *,
    actor: Actor,
    voucher: User,
    evidence: Iterable[int] = (),
    paper: Paper | None = None,
) -> Binding:
    """Bind a figure to a statement that somebody vouches for with evidence.

    Args:
        notice: the notice.
        place: where the figure stands.
        statement: what is vouched for.
        actor: who binds it.
        voucher: who vouches.
        evidence: keys of pieces of evidence the actor sees.
        paper: a file handed in with it.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not edit the notice, or not now; does not see the evidence; or the
            voucher holds no post here.
        FigureMoved: it does not stand there.
        TextMissing, EvidenceMissing: nothing is stated, or nothing proves it.
        BadFile: the file cannot be taken.
    """
    words = needed(statement, _now("陈述内容"))
    shown = check_permission(notice, actor, "edit")
    if not current_posts().filter(user=voucher, unit__path__startswith=shown.unit.path).exists():
        raise NotFound
    keys = set(evidence)
    proofs = list(visible_evidence(actor).filter(pk__in=keys, withdrawn_at=None))
    if len(proofs) != len(keys):
        raise NotFound
    if not proofs and paper is None:
        raise EvidenceMissing

    def make(_found: Notice) -> Binding:
        made = Binding(
            kind=Kind.STATEMENT,
            label=_now("%(who)s 提供佐证") % {"who": voucher.name},
            statement=words,
            vouched_by=voucher,
            given_at=timezone.now(),
        )
        if paper is not None:
            made.file = store_file(actor=actor, source=paper.source, name=paper.name)
            made.file_name = clean_name(paper.name) or made.file.name
        return made

    with transaction.atomic():
        bound = _bind(notice, place, make, actor)
        bound.evidence.set(proofs)
    return bound


def say_not_a_figure(notice: Notice, place: Place, *, actor: Actor, why: str) -> Binding:
    """Say that a number counts nothing: a name, an order, a quotation.

    Raises:
        NotFound, NotAllowed, BadMove, FigureMoved: as for :func:`bind_count`.
        TextMissing: no reason was given.
    """
    words = needed(why, _now("说明"))
    return _bind(
        notice,
        place,
        lambda _found: Binding(kind=Kind.NOT_A_FIGURE, label=words[:300], statement=words, given_at=timezone.now()),
        actor,
    )


def unbind(notice: Notice, binding: Binding, *, actor: Actor) -> None:
    """Take away what a figure rests on; the binding stays in the record and in earlier versions.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not edit the notice, or not now.
    """
    with transaction.atomic():
        found = lock(notice, actor, "edit")
        body = body_of(found)
        kept = [anchor for anchor in body.anchors if anchor.binding != binding.pk]
        if len(kept) != len(body.anchors):
            save_anchors(body.version, kept)
            tell(actor, codes.UNBOUND, found, binding=binding.pk, label=binding.label)


def reread_figures(notice: Notice, *, actor: Actor) -> None:
    """Ask the sources of all bound figures anew; the text stays as it is, and what changed shows as stale.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not edit the notice, or not now.
    """
    answers = ask_ledgers(check_permission(notice, actor, "edit"))
    with transaction.atomic():
        reread(lock(notice, actor, "edit"), answers)


def renew_figures(
    notice: Notice, *, actor: Actor, version: int, bindings: Iterable[int] | None = None
) -> NoticeVersion:
    """Write what their sources give now in the place of stale figures, and of the statuses of problems.

    Args:
        notice: the notice.
        actor: who does it.
        version: the version the person saw.
        bindings: of these alone; of all, and the statuses, by default.

    Raises:
        NotFound, NotAllowed, BadMove, ChangedMeanwhile: as for saving.
    """
    answers = ask_ledgers(check_permission(notice, actor, "edit"))
    with transaction.atomic():
        found = lock(notice, actor, "edit")
        check_version(found, version)
        reread(found, answers)
        seen = examine(found, approval=False)
        keys = None if bindings is None else set(bindings)
        stale = [
            figure
            for figure in seen.looked.figures
            if figure.state is FigureState.STALE
            and figure.wanted
            and figure.binding is not None
            and (keys is None or figure.binding.pk in keys)
        ]
        blocks, anchors = _renewed(seen.body, stale)
        if keys is None:
            groups = {row.id: row.group for row in RecordCounts(found.round, found.as_of).findings}
            blocks = [_with_status(block, groups) for block in blocks]
        if tuple(blocks) == seen.body.blocks:
            return seen.body.version
        saved = save_version(
            found,
            actor=actor,
            cause=NoticeVersion.Cause.RENEWED,
            style=seen.body.version.style,
            blocks=blocks,
            anchors=anchors,
        )
        tell(actor, codes.RENEWED, found, figures=[f"{each.quote}→{each.wanted}" for each in stale][:50])
    return saved


def _bind(notice: Notice, place: Place, make: Callable[[Notice], Binding], actor: Actor) -> Binding:
    with transaction.atomic():
        found = lock(notice, actor, "edit")
        _check_place(found, body_of(found), place)
        return _bind_locked(found, [(place, make(found))], actor)[0]


def _bind_locked(notice: Notice, wanted: Sequence[tuple[Place, Binding]], actor: Actor) -> list[Binding]:
    body = body_of(notice)
    for place, made in wanted:
        _check_place(notice, body, place)
        made.notice, made.by = notice, user_of(actor)
    bound = Binding.objects.bulk_create(made for _place, made in wanted)
    new = [
        Anchor(made.pk, place.block, place.start, place.end, place.quote)
        for made, (place, _made) in zip(bound, wanted, strict=True)
    ]
    kept = [each for each in body.anchors if not any(_overlap(each, anchor) for anchor in new)]
    save_anchors(body.version, [*kept, *new])
    figures = [{"quote": place.quote, "kind": made.kind, "label": made.label} for place, made in wanted]
    tell(actor, codes.BOUND, notice, figures=figures)
    return bound


def _check_place(notice: Notice, body: Body, place: Place) -> None:
    block = next((each for each in body.blocks if each.id == place.block), None)
    if block is None or not place.quote or block.text[place.start : place.end] != place.quote:
        raise FigureMoved(title=notice.title, quote=place.quote[:40])


def _overlap(one: Anchor, other: Anchor) -> bool:
    return one.block == other.block and one.start < other.end and other.start < one.end


def _renewed(body: Body, stale: Sequence[Figure]) -> tuple[list[Block], list[Anchor]]:
    """Return the blocks with figures replaced from the last to the first, and all anchors moved along."""
    texts = {block.id: block.text for block in body.blocks}
    anchors = list(body.anchors)
    for figure in sorted(stale, key=lambda each: each.start, reverse=True):
        text = texts[figure.block]
        texts[figure.block] = text[: figure.start] + figure.wanted + text[figure.end :]
        shift = len(figure.wanted) - (figure.end - figure.start)
        anchors = [_shifted(anchor, figure, shift) for anchor in anchors]
    return [replace(block, text=texts[block.id]) for block in body.blocks], anchors


def _shifted(anchor: Anchor, figure: Figure, shift: int) -> Anchor:
    if anchor.block != figure.block or anchor.end <= figure.start:
        return anchor
    if anchor.start >= figure.end:
        return replace(anchor, start=anchor.start + shift, end=anchor.end + shift)
    return replace(anchor, start=figure.start, end=figure.start + len(figure.wanted), quote=figure.wanted)


def _with_status(block: Block, groups: dict[int, str]) -> Block:
    if block.kind is not BlockKind.PROBLEM or block.about_id not in groups:
        return block
    return replace(block, status=groups[block.about_id])
