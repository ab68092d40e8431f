"""What the acts on notices share: locking, saving a version, telling the trail and people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from zhenggai.audit.actions import record
from zhenggai.findings.models import InspectionRound
from zhenggai.kit.errors import NotFound
from zhenggai.kit.text import printable
from zhenggai.notices.access import access_notice
from zhenggai.notices.blocks import Anchor, Block, BlockKind, anchors_to_json, blocks_to_json, digest_of
from zhenggai.notices.errors import ChangedMeanwhile, TextMissing
from zhenggai.notices.models import Notice, NoticeVersion, Step
from zhenggai.notices.transitions import MOVES, check_move
from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind
from zhenggai.people.access import Actor
from zhenggai.people.models import User

NOTICE = "notice"
"""``object_type`` of entries about a notice."""
LONGEST_REASON = 1000


def user_of(actor: Actor) -> User | None:
    """Return the actor as a person; None for the system itself."""
    return actor if isinstance(actor, User) else None


def lock(notice: Notice, actor: Actor, move: str) -> Notice:
    """Return a notice locked, after looking that the actor may make *move* with it now.

    Raises:
        NotFound, NotAllowed: it is out of reach.
        BadMove: it is not in a state for it.
    """
    from_table = check_permission(notice, actor, move)
    found = Notice.objects.select_for_update(of=("self",)).select_related("unit", "round__unit").get(pk=from_table.pk)
    check_move(move, found)
    return found


def check_permission(notice: Notice, actor: Actor, move: str) -> Notice:
    """Return the notice when the actor may make *move* with it in some state.

    Raises:
        NotFound, NotAllowed: it is out of reach.
    """
    return access_notice(actor, notice.pk, MOVES[move].permission)


def lock_round(round_: InspectionRound) -> InspectionRound:
    """Return a round locked against a second notice being begun at the same time.

    Raises:
        NotFound: there is none.
    """
    found = (
        InspectionRound.objects.select_for_update(of=("self",), no_key=True).select_related("unit").filter(pk=round_.pk)
    )
    first = found.first()
    if first is None:
        raise NotFound
    return first


def check_version(notice: Notice, version: int) -> None:
    """Go on only when the person saw the newest version.

    Raises:
        ChangedMeanwhile: somebody saved another one since.
    """
    if notice.version == version:
        return
    newest = NoticeVersion.objects.select_related("by").get(notice=notice, no=notice.version)
    raise ChangedMeanwhile(title=notice.title, who=newest.by.name if newest.by else "系统", version=newest.no)


def save_version(
    notice: Notice,
    *,
    actor: Actor,
    cause: NoticeVersion.Cause,
    style: str,
    blocks: Sequence[Block],
    anchors: Iterable[Anchor],
    note: str = "",
) -> NoticeVersion:
    """Save the next version of a locked notice."""
    first = not NoticeVersion.objects.filter(notice=notice).exists()
    notice.version = 1 if first else notice.version + 1
    notice.title = next((block.text for block in blocks if block.kind is BlockKind.TITLE), "")[:300]
    notice.save(update_fields=["version", "title", "changed_at"])
    return NoticeVersion.objects.create(
        notice=notice,
        no=notice.version,
        cause=cause,
        style=style,
        blocks=blocks_to_json(blocks),
        anchors=anchors_to_json(anchors),
        digest=digest_of(style, blocks),
        note=note[:200],
        by=user_of(actor),
    )


def save_anchors(version: NoticeVersion, anchors: Iterable[Anchor]) -> None:
    """Write the anchors of the newest version anew: binding a figure changes no word."""
    version.anchors = anchors_to_json(sorted(anchors, key=lambda each: (each.block, each.start)))
    version.save(update_fields=["anchors"])


def move_to(notice: Notice, state: Notice.State, *more: str) -> None:
    """Save the state of a locked notice."""
    notice.state = state
    notice.save(update_fields=["state", "changed_at", *more])


def step(
    notice: Notice,
    act: Step.Act,
    actor: Actor,
    *,
    words: str = "",
    data: dict[str, Any] | None = None,
    seat: int | None = None,
) -> Step:
    """Keep a step of a notice."""
    by = user_of(actor)
    for_whom = seat if seat is not None and by is not None and seat != by.pk else None
    return Step.objects.create(
        notice=notice, act=act, version=notice.version, words=words, data=data or {}, by=by, for_whom_id=for_whom
    )


def tell(actor: Actor, code: str, notice: Notice, **data: Any) -> None:
    """Append an entry about a notice to the trail."""
    record(
        actor=actor,
        code=code,
        object_type=NOTICE,
        object_id=notice.pk,
        object_label=notice.title,
        data={"state": notice.state, "version": notice.version, **data},
    )


def inform(
    notice: Notice, people: Iterable[User | None], actor: Actor, code: str, title: str, *, body: str = ""
) -> None:
    """Tell people about an act on a notice, named by its audit code."""
    notify(
        [each for each in people if each is not None],
        actor=actor,
        kind=Kind.NOTICE,
        title=title,
        path=f"/notices/{notice.pk}/",
        body=body,
        key=f"{code}:{notice.pk}:{notice.version}",
    )


def needed(text: str, label: object, longest: int = LONGEST_REASON) -> str:
    """Return a reason, cleaned.

    Raises:
        TextMissing: nothing is left of it.
    """
    words = clean(text)[:longest]
    if not words:
        raise TextMissing(label=label)
    return words


def clean(text: str) -> str:
    """Return text without control, direction and invisible characters; lines stay lines, blanks are plain."""
    return printable(text).replace("\u3000", " ").replace("\xa0", " ").strip()
