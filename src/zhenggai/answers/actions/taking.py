"""What the public does: answer a notice, and add to an answer. Small acts: the rest is done by a worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.answers import codes
from zhenggai.answers.access import PUBLIC, doers
from zhenggai.answers.actions.petitions import take_in
from zhenggai.answers.errors import Ended, FormUsed, NotOpen
from zhenggai.answers.forms import Form, kept_code
from zhenggai.answers.limits import limits_of
from zhenggai.answers.models import Answer, PublicFile, Word
from zhenggai.answers.sealing import seal
from zhenggai.answers.values import Said, Sent, check_files, checked, fingerprint_of, words
from zhenggai.audit.actions import record
from zhenggai.docparse.errors import clean_name
from zhenggai.files.actions import store_file
from zhenggai.kit.workdays import add_months
from zhenggai.notices.models import Publication
from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind as Told
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit
from zhenggai.policy.queries import latest_profile, policy_of, work_calendar

MOST_SUPPLEMENTS = 20


def submit_answer(
    publication: Publication,
    said: Said,
    *,
    form: Form,
    origin: str = "",
    received_at: datetime | None = None,
    actor: Actor = PUBLIC,
) -> Answer:
    """Take an answer to a notice; a form that comes again with the same words gives the same answer.

    Args:
        publication: the notice.
        said: what is said.
        form: the form it came with, looked at before.
        origin: a mark of where it came from.
        received_at: when it came, where it came another way and is entered later; now, if nothing is said.
        actor: nobody in particular.

    Raises:
        NotOpen: the notice takes no answers, or no more.
        BadAnswer, FileNotTaken: something cannot be taken.
        FormUsed: the form was sent before with other words.
    """
    said = checked(said, limits_of(publication.unit))
    fingerprint = fingerprint_of(said.body)
    now = timezone.now()
    came = min(received_at or now, now)
    try:
        with transaction.atomic():
            # A withdrawal at the same moment comes before or after, never in between.
            found = (
                Publication.objects.select_for_update(no_key=True, of=("self",))
                .select_related("unit", "round")
                .get(pk=publication.pk)
            )
            earlier = Answer.objects.filter(form=form.kept).first()
            if earlier is not None:
                return _again(earlier, fingerprint)
            today = timezone.localdate()
            if found.withdrawn_at is not None or (found.answers_until is not None and found.answers_until < today):
                raise NotOpen
            tell_by, answer_by = clocks(found.unit, timezone.localdate(came))
            answer = Answer.objects.create(
                publication=found,
                unit=found.unit,
                kind=said.kind,
                about=said.about,
                body=said.body,
                received_at=came,
                tell_by=tell_by,
                answer_by=answer_by,
                receipt=kept_code(form.code),
                form=form.kept,
                fingerprint=fingerprint,
                contact=seal(said.contact, form=form.kept),
                origin=origin,
            )
            _keep_files(answer, said.files, actor)
            record(
                actor=actor,
                code=codes.RECEIVED,
                object_type="answer",
                object_id=answer.pk,
                object_label=str(answer),
                data={
                    "publication": found.slug,
                    "kind": said.kind,
                    "files": len(said.files),
                    "contact": bool(said.contact),
                },
            )
            transaction.on_commit(partial(take_in.enqueue, answer.pk))
    except IntegrityError:
        # The same form at the same moment: the other one was faster.
        return _again(Answer.objects.get(form=form.kept), fingerprint)
    return answer


def add_supplement(answer: Answer, text: str, files: Sequence[Sent] = (), *, actor: Actor = PUBLIC) -> Word:
    """Add to an answer that is still dealt with; whoever holds its receipt code may.

    Raises:
        Ended: it was answered or set aside, or was added to often enough.
        BadAnswer, FileNotTaken: something cannot be taken.
    """
    limits = limits_of(answer.unit)
    text, files = words(_("补充内容"), text, limits.words), check_files(files, limits)
    with transaction.atomic():
        found = (
            Answer.objects.select_for_update(of=("self",))
            .select_related("unit", "department", "handler")
            .get(pk=answer.pk)
        )
        said = found.words.filter(kind=Word.Kind.SUPPLEMENT)
        if found.ended_at is not None or said.count() >= MOST_SUPPLEMENTS:
            raise Ended
        word = Word.objects.create(answer=found, kind=Word.Kind.SUPPLEMENT, text=text, at=timezone.now())
        _keep_files(found, files, actor)
        record(
            actor=actor,
            code=codes.SUPPLEMENTED,
            object_type="answer",
            object_id=found.pk,
            object_label=str(found),
            data={"files": len(files)},
        )
        notify(
            doers(found),
            actor=actor,
            kind=Told.ANSWER,
            title=_("公众意见有补充"),
            path=f"/answers/{found.pk}/",
            key=f"answer-{found.pk}-supplement",
        )
    return word


def clocks(unit: Unit, received_on: date) -> tuple[date, date]:
    """Return until when an answer that came on a day is to be acknowledged, and answered, by the rules of a body."""
    policy = policy_of(latest_profile(unit))
    calendar = work_calendar(received_on)
    tell_by = received_on + timedelta(days=policy.answer_tell_days)
    if policy.answer_tell_workdays:
        tell_by = calendar.add_workdays(received_on, policy.answer_tell_days)
    answer_by = add_months(received_on, policy.answer_months)
    if policy.roll_over_holidays:
        tell_by, answer_by = calendar.on_or_after(tell_by), calendar.on_or_after(answer_by)
    return tell_by, answer_by


def _again(earlier: Answer, fingerprint: str) -> Answer:
    if earlier.fingerprint != fingerprint:
        raise FormUsed
    return earlier


def _keep_files(answer: Answer, files: Sequence[Sent], actor: Actor) -> None:
    for file in files:
        stored = store_file(actor=actor, source=file.source, name=file.name)
        PublicFile.objects.create(
            answer=answer, file=stored, name=clean_name(file.name) or stored.name, at=timezone.now()
        )
