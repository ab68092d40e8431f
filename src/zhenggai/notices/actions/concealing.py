"""Acts on what the public may not read: mask it everywhere in a notice, or answer for its being public."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _now

from zhenggai.notices import codes
from zhenggai.notices.actions.core import check_version, lock, needed, save_version, tell, user_of
from zhenggai.notices.anchors import follow
from zhenggai.notices.errors import BadValue
from zhenggai.notices.masking import mask
from zhenggai.notices.models import Masking, Notice, NoticeVersion
from zhenggai.notices.private import Found, kept_of, private_of, scan
from zhenggai.notices.queries import body_of
from zhenggai.people.access import Actor


def mask_found(
    notice: Notice, *, actor: Actor, version: int, quotes: list[tuple[str, str]] | None = None
) -> NoticeVersion:
    """Mask what the public may not read, wherever it stands in a notice.

    Args:
        notice: the notice.
        actor: who does it.
        version: the version the person saw.
        quotes: kind and characters of what is to be masked; everything that is open by default.

    Raises:
        NotFound, NotAllowed, BadMove, ChangedMeanwhile: as for saving.
        BadValue: none of it stands there.
    """
    with transaction.atomic():
        found = lock(notice, actor, "edit")
        check_version(found, version)
        body = body_of(found)
        wanted = None if quotes is None else set(quotes)
        hits = [
            each
            for each in scan(body.blocks, private_of(found.unit), kept_of(found))
            if each.kept is None and (wanted is None or (each.hit.kind.value, each.hit.quote) in wanted)
        ]
        if not hits:
            raise BadValue(label=_now("遮蔽"), value="", reason=_now("正文中没有这样的内容"))
        blocks = [
            replace(block, text=mask(block.text, [each.hit for each in hits if each.block.id == block.id]))
            for block in body.blocks
        ]
        anchors, _lost = follow(body.blocks, blocks, body.anchors)
        saved = save_version(
            found,
            actor=actor,
            cause=NoticeVersion.Cause.MASKED,
            style=body.version.style,
            blocks=blocks,
            anchors=anchors,
        )
        Masking.objects.bulk_create(_row(found, saved.no, each, actor) for each in hits)
        # The trail tells how much of what was masked, never what it was.
        kinds = [each.hit.kind.value for each in hits]
        tell(actor, codes.MASKED, found, kinds={kind: kinds.count(kind) for kind in sorted(set(kinds))})
    return saved


def keep_found(notice: Notice, kind: str, quote: str, *, actor: Actor, reason: str) -> Masking:
    """Answer for it that something found in a notice is public, wherever it stands there.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not edit it, or not now.
        TextMissing: no reason was given.
        BadValue: nothing of the kind stands there, or it is restricted and may be public by nobody's word.
    """
    words = needed(reason, _now("准予公开的理由"), 300)
    with transaction.atomic():
        found = lock(notice, actor, "edit")
        body = body_of(found)
        hits = scan(body.blocks, private_of(found.unit), kept_of(found))
        mine = next((each for each in hits if (each.hit.kind.value, each.hit.quote) == (kind, quote)), None)
        if mine is None or mine.kept is not None:
            raise BadValue(label=_now("准予公开"), value=quote[:20], reason=_now("正文中没有这样的内容"))
        if mine.hit.kind is Masking.Kind.RESTRICTED:
            raise BadValue(label=_now("准予公开"), value="", reason=_now("限制知悉的内容不得公开"))
        made = _row(found, found.version, mine, actor)
        made.decision, made.replacement, made.reason = Masking.Decision.KEPT, "", words
        made.save()
        tell(actor, codes.KEPT, found, kind=kind, reason=words)
    return made


def _row(notice: Notice, version: int, found: Found, actor: Actor) -> Masking:
    return Masking(
        notice=notice,
        version=version,
        kind=found.hit.kind,
        quote=found.hit.quote[:200],
        replacement=found.hit.replacement,
        block=found.block.id,
        decision=Masking.Decision.MASKED,
        by=user_of(actor),
    )
