"""An answer becomes a petition, exactly one; one that says the same as an earlier one is dealt with together with it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from zhenggai.answers import codes
from zhenggai.answers.access import access_answer, managers
from zhenggai.answers.errors import NotGrouped
from zhenggai.answers.models import Answer
from zhenggai.audit.actions import record
from zhenggai.likeness import find_alike
from zhenggai.notices.models import Publication
from zhenggai.notifications.actions import notify
from zhenggai.notifications.kinds import Kind as Told
from zhenggai.people.access import OPERATOR, Actor
from zhenggai.referrals.kinds import PETITION
from zhenggai.referrals.models import Petition
from zhenggai.registers.actions import create_entry

ALIKE = 0.85
"""From which likeness on two answers are taken to say the same."""
LEAST_ALIKE = 12
"""Shorter answers are grouped only when they are equal: two short ones are soon alike."""
_LOOKED_AT = 300
_LOOK_BACK = timedelta(days=60)


def make_petition(answer_id: int, *, actor: Actor) -> str:
    """Make the petition of an answer; return ``made``, ``grouped``, or ``settled`` when it was settled before.

    It may run any number of times and in several processes at once.
    """
    with transaction.atomic():
        answer = Answer.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=answer_id).first()
        if answer is None or answer.petition_id or answer.same_as_id or answer.ended_at is not None:
            return "settled"
        # One after the other for each notice, so that of two equal answers one surely is the first.
        Publication.objects.select_for_update(no_key=True).get(pk=answer.publication_id)
        first = _first_that_says_the_same(answer)
        if first is not None:
            answer.same_as = first
            answer.save(update_fields=["same_as"])
            _tell(answer, codes.GROUPED, actor, first=first.pk, petition=first.petition.no if first.petition else "")
            return "grouped"
        _make(answer, actor)
    return "made"


@task()
def take_in(answer_id: int) -> str:
    """Make the petition of one answer in a worker process; return what was done.

    Args:
        answer_id: key of the answer.
    """
    return make_petition(answer_id, actor=OPERATOR)


def take_in_waiting(*, actor: Actor = OPERATOR) -> int:
    """Make the petitions of answers whose task was lost; return how many were dealt with."""
    before = timezone.now() - timedelta(minutes=2)
    waiting = Answer.objects.filter(petition=None, same_as=None, ended_at=None, received_at__lt=before)
    return sum(make_petition(key, actor=actor) != "settled" for key in list(waiting.values_list("pk", flat=True)[:200]))


def separate_answer(answer: Answer, *, actor: Actor) -> Answer:
    """Deal with an answer by itself after all: it gets a petition of its own.

    Raises:
        NotFound, NotAllowed: it is not the actor's to deal with.
        NotGrouped: it is not dealt with together with another one.
    """
    access_answer(actor, answer.pk, manage=True)
    with transaction.atomic():
        found = Answer.objects.select_for_update(of=("self",)).select_related("unit").get(pk=answer.pk)
        if found.same_as_id is None:
            raise NotGrouped
        found.same_as = None
        found.version += 1
        found.save(update_fields=["same_as", "version"])
        _tell(found, codes.SEPARATED, actor, first=answer.same_as_id)
        _make(found, actor)
    return found


def _make(answer: Answer, actor: Actor) -> Petition:
    received_on = timezone.localtime(answer.received_at).date()
    # Of no round: what the public says is not what the inspectors handed over, which notices and reports count.
    with override("zh-hans"):
        kind = answer.get_kind_display()
        about = _("涉及的问题：%(about)s") % {"about": answer.about} + "\n\n" if answer.about else ""
        values: dict[str, object] = {
            "no": f"网〔{received_on.year}〕{answer.pk}号",
            "kind": Petition.Kind.ONLINE,
            "topic": _("公众意见：%(kind)s") % {"kind": kind},
            "received_on": received_on,
            "due_on": answer.answer_by,
            "content": f"{about}{answer.body}",
        }
    petition = create_entry(PETITION, answer.unit, values, actor=OPERATOR)
    answer.petition = petition
    answer.save(update_fields=["petition"])
    _tell(answer, codes.PETITION_MADE, actor, petition=petition.no)
    notify(
        managers(answer),
        actor=actor,
        kind=Told.ANSWER,
        title=_("收到公众意见，请在%(day)s前告知受理") % {"day": answer.tell_by},
        path="/answers/",
        key=f"answers-new-{answer.unit_id}",
    )
    return petition


def _first_that_says_the_same(answer: Answer) -> Answer | None:
    since = answer.received_at - _LOOK_BACK
    earlier = Answer.objects.filter(
        publication=answer.publication_id, same_as=None, ended_at=None, received_at__gte=since, petition__isnull=False
    ).exclude(pk=answer.pk)
    equal = earlier.filter(fingerprint=answer.fingerprint, kind=answer.kind).order_by("pk").first()
    if equal is not None or len(answer.body) < LEAST_ALIKE:
        return equal
    texts = dict(earlier.filter(kind=answer.kind).order_by("-pk").values_list("pk", "body")[:_LOOKED_AT])
    for match in find_alike(answer.body, texts, ALIKE, limit=1):
        return Answer.objects.select_related("petition").get(pk=match.key)
    return None


def _tell(answer: Answer, code: str, actor: Actor, **data: object) -> None:
    record(
        actor=actor,
        code=code,
        object_type="answer",
        object_id=answer.pk,
        object_label=str(answer),
        data={name: value if isinstance(value, int) else str(value) for name, value in data.items()},
    )
