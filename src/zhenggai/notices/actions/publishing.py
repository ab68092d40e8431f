"""Acts that make a notice public, now or at a set time, and that take it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext as _now

from zhenggai.files.actions import store_file
from zhenggai.files.models import StoredFile
from zhenggai.kit.errors import ZhenggaiError
from zhenggai.notices import codes
from zhenggai.notices.access import access_publication
from zhenggai.notices.actions.core import check_permission, inform, lock, move_to, needed, step, tell, user_of
from zhenggai.notices.actions.deciding import check_ready
from zhenggai.notices.errors import BadMove, BadValue, NotPublished, NotReady
from zhenggai.notices.gate import Examined, examine
from zhenggai.notices.layout import lay_out
from zhenggai.notices.models import Notice, Publication, PublishedFigure, Step
from zhenggai.notices.outputs import Output, render_files, render_notice
from zhenggai.notices.queries import body_of, settings_of
from zhenggai.notices.renewing import ask_ledgers, reread
from zhenggai.notices.transitions import APPROVE, MOVES, PUBLISH
from zhenggai.notices.wording import style_of
from zhenggai.oversight.posts import holders_of
from zhenggai.people.access import OPERATOR, Actor

State = Notice.State
_FURTHEST = timedelta(days=366)


def publish_notice(notice: Notice, *, actor: Actor) -> Publication:
    """Make an approved notice public.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not, or not now.
        NotReady: an issue stands open.
    """
    prepared = _prepare(check_permission(notice, actor, "publish"))
    answers = ask_ledgers(notice)
    with transaction.atomic():
        found = lock(notice, actor, "publish")
        reread(found, answers)
        seen = examine(found)
        check_ready(seen, "publish")
        text = seen.looked.layout.text
        made = _publish(seen, actor, prepared.get(text) or render_files(seen.looked.layout))
        found.publish_at, found.held_why = None, ""
        move_to(found, State.PUBLISHED, "publish_at", "held_why")
        step(found, Step.Act.PUBLISHED, actor, data={"publication": made.pk, "slug": made.slug})
        tell(actor, codes.PUBLISHED, found, slug=made.slug, digest=made.digest)
        title = _now("通报已发布：%(title)s") % {"title": found.title[:60]}
        people = [version.by for version in found.versions.select_related("by")]
        inform(found, [*people, *holders_of(APPROVE, found.unit)], actor, codes.PUBLISHED, title)
    return made


def schedule_notice(notice: Notice, at: datetime, *, actor: Actor) -> Notice:
    """Let an approved notice be published at a set time.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not, or not now.
        NotReady: an issue stands open.
        BadValue: the time is past, or more than a year away.
    """
    now = timezone.now()
    if not now < at <= now + _FURTHEST:
        shown = f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
        raise BadValue(label=_now("发布时间"), value=shown, reason=_now("应晚于现在，且在一年以内"))
    with transaction.atomic():
        found = lock(notice, actor, "schedule")
        check_ready(examine(found), "schedule")
        found.publish_at, found.held_why = at, ""
        move_to(found, State.SCHEDULED, "publish_at", "held_why")
        step(found, Step.Act.SCHEDULED, actor, data={"at": at.isoformat()})
        tell(actor, codes.SCHEDULED, found, at=at.isoformat())
    return found


def unschedule_notice(notice: Notice, *, actor: Actor) -> Notice:
    """Take back the set time.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not, or not now.
    """
    with transaction.atomic():
        found = lock(notice, actor, "unschedule")
        found.publish_at = None
        move_to(found, State.APPROVED, "publish_at")
        step(found, Step.Act.UNSCHEDULED, actor)
        tell(actor, codes.UNSCHEDULED, found)
    return found


def withdraw_notice(publication: Publication, *, actor: Actor, reason: str) -> Publication:
    """Take a publication back, for a reason that its page tells instead; its address stays.

    Raises:
        NotFound, NotAllowed, BadMove: the actor may not, or it is not public.
        NotPublished: it is withdrawn already.
        TextMissing: there is no reason.
    """
    words = needed(reason, _now("撤回原因"), 500)
    shown = access_publication(actor, publication.pk)
    if shown.notice is None:
        raise NotPublished(title=shown.title)
    with transaction.atomic():
        found = lock(shown.notice, actor, "withdraw")
        mine = Publication.objects.select_for_update(of=("self",)).get(pk=shown.pk)
        if mine.withdrawn_at is not None:
            raise NotPublished(title=mine.title)
        mine.withdrawn_at, mine.withdrawn_why = timezone.now(), words
        mine.save(update_fields=["withdrawn_at", "withdrawn_why"])
        move_to(found, State.WITHDRAWN)
        step(found, Step.Act.WITHDRAWN, actor, words=words, data={"publication": mine.pk})
        tell(actor, codes.WITHDRAWN, found, slug=mine.slug, reason=words)
        title = _now("通报已撤回公开：%(words)s") % {"words": words[:60]}
        inform(found, holders_of(APPROVE, found.unit), actor, codes.WITHDRAWN, title)
    return mine


def publish_due(now: datetime | None = None, *, actor: Actor = OPERATOR) -> dict[str, int]:
    """Publish what was to be published by now; what cannot be is held back, and those who see to it are told why."""
    published = held = 0
    due = Notice.objects.filter(state=State.SCHEDULED, publish_at__lte=now or timezone.now())
    for notice in due.select_related("unit", "round__unit").order_by("publish_at", "pk"):
        try:
            publish_notice(notice, actor=actor)
            published += 1
        except NotReady as error:
            held += _hold(notice, str(error.slots["issues"]), actor)
        except BadMove:  # somebody published or recalled it meanwhile
            continue
        except ZhenggaiError as error:  # one that cannot be set in type must not keep the others back
            held += _hold(notice, error.describe(gettext).what, actor)
    return {"published": published, "held": held}


def _hold(notice: Notice, issues: str, actor: Actor) -> int:
    with transaction.atomic():
        found = Notice.objects.select_for_update(of=("self",)).select_related("unit", "round__unit").get(pk=notice.pk)
        if found.state != State.SCHEDULED:
            return 0
        found.publish_at, found.held_why = None, issues
        move_to(found, State.APPROVED, "publish_at", "held_why")
        step(found, Step.Act.HELD, actor, words=issues)
        tell(actor, codes.HELD, found, issues=issues)
        title = _now("通报到时未能发布：%(title)s") % {"title": found.title[:60]}
        inform(found, holders_of(PUBLISH, found.unit), actor, codes.HELD, title, body=issues[:300])
    return 1


def _prepare(notice: Notice) -> dict[str, tuple[bytes, bytes]]:
    """Return text → its files, set before anything is locked: setting a long notice takes a while."""
    body = body_of(notice)
    layout = lay_out(body.blocks, style_of(body.version.style))
    return {layout.text: render_files(layout)} if notice.state in MOVES["publish"].sources else {}


def _publish(seen: Examined, actor: Actor, files: tuple[bytes, bytes]) -> Publication:
    notice, body = seen.notice, seen.body
    output = render_notice(body, seen.looked.layout, notice.as_of)
    docx, pdf = (
        store_file(actor=actor, source=BytesIO(content), name=f"{output.title[:80]}.{ending}")
        for content, ending in zip(files, ("docx", "pdf"), strict=True)
    )
    made = _row(seen, output, actor, docx, pdf)
    PublishedFigure.objects.bulk_create(
        PublishedFigure(
            publication=made, order=order, start=figure.span[0], end=figure.span[1], quote=figure.quote[:120],
            binding=figure.binding, given=figure.given.value if figure.given else None,
            as_of=figure.given.at if figure.given else None,
            rows=[[row.kind, row.key, row.label] for row in figure.given.rows] if figure.given else [],
        )
        for order, figure in enumerate(seen.looked.figures, start=1)
    )  # fmt: skip
    return made


def _row(seen: Examined, output: Output, actor: Actor, docx: StoredFile, pdf: StoredFile) -> Publication:
    notice, today = seen.notice, timezone.localdate()
    days = settings_of(notice.unit).answer_days
    earlier = None
    if notice.corrects_id is not None:
        earlier = Publication.objects.filter(notice_id=notice.corrects_id).order_by("-pk").first()
    return Publication.objects.create(
        notice=notice, version=seen.body.version.no, round=notice.round, unit=notice.unit,
        slug=f"{output.signed_on.year}-{notice.pk}",
        title=output.title[:300], signed_by=output.signed_by[:200], signed_on=output.signed_on, summary=output.summary,
        html=output.html, text=output.text, data=output.data, digest=output.digest,
        docx=docx, pdf=pdf,
        answers_until=today + timedelta(days=days) if days is not None else None,
        published_at=timezone.now(), published_by=user_of(actor), replaces=earlier,
    )  # fmt: skip
