"""What those in charge do with an answer: give it to somebody, speak to the public, end it, look at contact data."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.answers import codes
from zhenggai.answers.access import access_answer, candidates, doers, may_manage
from zhenggai.answers.errors import AnswerChanged, BadAnswer, Ended
from zhenggai.answers.models import Answer, Word
from zhenggai.answers.sealing import Contact, unseal
from zhenggai.answers.values import words
from zhenggai.audit.actions import record
from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind as Told
from zhenggai.people.access import OPERATOR, Actor
from zhenggai.people.models import Unit, User
from zhenggai.referrals.actions import answer_petition
from zhenggai.referrals.kinds import PETITION
from zhenggai.referrals.models import Petition
from zhenggai.registers.actions import change_entry, withdraw_entry
from zhenggai.registers.fields import departments_of

MOST_REPLY = 4000
_RESULTS = Petition.Result.values


def assign_answer(
    answer: Answer, *, actor: Actor, department: Unit | None, handler: User | None, version: int | None = None
) -> Answer:
    """Give an answer to a department, to a person, or to both; its petition follows.

    Raises:
        NotFound, NotAllowed: it is not the actor's to give.
        AnswerChanged, Ended: its state does not permit it.
        BadAnswer: the department or person does not belong to the body.
    """
    access_answer(actor, answer.pk, manage=True)
    with transaction.atomic():
        found = _lock(answer, version)
        if department is not None and not departments_of(actor, found.unit).filter(pk=department.pk).exists():
            raise BadAnswer(label=_("承办部门"), reason=_("不在可选范围内"))
        if handler is not None and not candidates(found).filter(pk=handler.pk).exists():
            raise BadAnswer(label=_("承办人"), reason=_("不在可选范围内"))
        found.department, found.handler = department, handler
        _save(found, "department", "handler")
        petition = found.petition
        if (
            petition is not None
            and petition.withdrawn_at is None
            and petition.department_id != (department and department.pk)
        ):
            # On behalf of the office: whoever handles answers need not keep the register of petitions.
            change_entry(PETITION, petition, {"department": department}, actor=OPERATOR, version=petition.version)
        _tell(found, codes.ASSIGNED, actor, department=str(department or ""), handler=handler.name if handler else "")
        notify(
            doers(found) if department or handler else [],
            actor=actor,
            kind=Told.ANSWER,
            title=_("公众意见交您办理，%(day)s前答复") % {"day": found.answer_by},
            path=f"/answers/{found.pk}/",
            key=f"answer-{found.pk}-given",
        )
    return found


def reply(answer: Answer, kind: str, text: str, *, actor: Actor, result: str = "", version: int | None = None) -> Word:
    """Say something back, to be read under the receipt code alone; the last word ends the answer and its petition.

    Args:
        answer: to which.
        kind: ``told``, ``progress`` or ``answer``.
        text: what is said.
        actor: who says it; the public reads the body's name only.
        result: with ``answer``, what was found: one of ``Petition.Result``.
        version: the version the person saw.

    Raises:
        NotFound: it is not the actor's to deal with.
        AnswerChanged, Ended: its state does not permit it.
        BadAnswer: a value is missing or cannot be.
    """
    access_answer(actor, answer.pk)
    if kind not in (Word.Kind.TOLD, Word.Kind.PROGRESS, Word.Kind.ANSWER):
        raise BadAnswer(label=_("回复类型"), reason=_("请选择一项"))
    if kind == Word.Kind.ANSWER and result not in _RESULTS:
        raise BadAnswer(label=_("核查结论"), reason=_("请选择一项"))
    told = words(_("回复内容"), text, MOST_REPLY)
    with transaction.atomic():
        found = _lock(answer, version)
        now = timezone.now()
        said = Word.objects.create(
            answer=found, kind=kind, text=told, by=actor if isinstance(actor, User) else None, at=now
        )
        # Any word back tells that the answer was received.
        found.told_at = found.told_at or now
        if kind == Word.Kind.ANSWER:
            found.state, found.answered_at, found.ended_at = Answer.State.ANSWERED, now, now
        elif found.state == Answer.State.RECEIVED:
            found.state = Answer.State.TOLD
        _save(found, "state", "told_at", "answered_at", "ended_at")
        _end_copies(found, Answer.State.ANSWERED if kind == Word.Kind.ANSWER else "")
        if kind == Word.Kind.ANSWER:
            _close_petition(found, result, told)
        _tell(found, codes.REPLIED, actor, kind=kind, result=result)
    return said


def set_aside(answer: Answer, reason: str, *, actor: Actor, version: int | None = None) -> Answer:
    """Say that an answer is not dealt with, for a reason that is shown under its receipt code; its petition is withdrawn.

    Raises:
        NotFound, NotAllowed: it is not the actor's to decide.
        AnswerChanged, Ended: its state does not permit it.
        BadAnswer: no reason was given.
    """
    access_answer(actor, answer.pk, manage=True)
    why = words(_("原因"), reason, 300)
    with transaction.atomic():
        found = _lock(answer, version)
        found.state, found.set_aside_why, found.ended_at = Answer.State.SET_ASIDE, why, timezone.now()
        _save(found, "state", "set_aside_why", "ended_at")
        _end_copies(found, Answer.State.SET_ASIDE)
        if found.petition is not None and found.petition.withdrawn_at is None:
            withdraw_entry(PETITION, found.petition, actor=OPERATOR, reason=why)
        _tell(found, codes.SET_ASIDE, actor, reason=why)
    return found


def read_contact(answer: Answer, *, actor: Actor) -> Contact:
    """Return how the person can be reached, and say in the trail who looked.

    Raises:
        NotFound: it is not the actor's to deal with.
        ContactLocked: the key is gone.
    """
    with transaction.atomic():
        found = access_answer(actor, answer.pk)
        contact = unseal(found.contact, form=found.form)
        _tell(found, codes.CONTACT_READ, actor, fields="、".join(contact.given))
    return contact


def _lock(answer: Answer, version: int | None) -> Answer:
    rows = Answer.objects.select_for_update(of=("self",)).select_related(
        "unit", "department", "handler", "petition__unit"
    )
    found = rows.get(pk=answer.pk)
    if version is not None and found.version != version:
        raise AnswerChanged
    if found.ended_at is not None or found.same_as_id is not None:
        raise Ended
    return found


def _save(found: Answer, *fields: str) -> None:
    found.version += 1
    found.save(update_fields=[*fields, "version"])


def _end_copies(first: Answer, state: str) -> None:
    """Let those who said the same know the same; their state is that of the first."""
    copies = Answer.objects.filter(same_as=first, ended_at=None)
    if state:
        copies.update(
            state=state,
            told_at=first.told_at,
            answered_at=first.answered_at,
            ended_at=first.ended_at,
            set_aside_why=first.set_aside_why,
        )
    else:
        copies.update(state=first.state, told_at=first.told_at)


def _close_petition(found: Answer, result: str, text: str) -> None:
    petition = found.petition
    if petition is None or petition.withdrawn_at is not None or petition.closed_on is not None:
        return
    answered = answer_petition(petition, result, text, actor=OPERATOR)
    change_entry(PETITION, answered, {"closed_on": timezone.localdate()}, actor=OPERATOR, version=answered.version)


def _tell(answer: Answer, code: str, actor: Actor, **data: Any) -> None:
    record(
        actor=actor,
        code=code,
        object_type="answer",
        object_id=answer.pk,
        object_label=str(answer),
        data={name: value for name, value in data.items() if value != ""},
    )


def may_give(actor: Actor, answer: Answer) -> bool:
    """Tell whether the actor may give the answer to somebody now."""
    return answer.ended_at is None and answer.same_as_id is None and may_manage(actor, answer)
