"""How long is known who answered: contact data goes on schedule, and its keys can be changed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from zhenggai.answers import codes
from zhenggai.answers.errors import ContactLocked
from zhenggai.answers.models import Answer
from zhenggai.answers.sealing import add_key, drop_old_keys, reseal, unseal
from zhenggai.audit.actions import record
from zhenggai.people.access import Actor
from zhenggai.people.models import Unit
from zhenggai.policy.queries import latest_profile, policy_of

_BATCH = 500


def erase_contacts(today: date, *, actor: Actor) -> int:
    """Delete contact data and marks of origin of answers that ended long enough ago; return of how many.

    What was deleted stands in the trail, field by field, and nothing of what it said.
    """
    erased = 0
    held = Answer.objects.filter(~Q(contact="") | ~Q(origin=""), ended_at__isnull=False)
    for unit in Unit.objects.filter(pk__in=held.order_by().values("unit")):
        days = policy_of(latest_profile(unit)).answer_contact_days
        before = timezone.make_aware(datetime.combine(today - timedelta(days=days), time.min))
        for key in list(held.filter(unit=unit, ended_at__lt=before).values_list("pk", flat=True)):
            erased += _erase(key, actor, days)
    return erased


def rotate_keys(*, actor: Actor) -> tuple[int, int]:
    """Seal all contact data with a new key and drop the old ones; return how many were sealed anew, and how many could not be.

    When some could not be opened, the old keys stay.
    """
    add_key()
    done, locked = 0, 0
    keys = list(Answer.objects.exclude(contact="").order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), _BATCH):
        with transaction.atomic():
            rows = Answer.objects.select_for_update().filter(pk__in=keys[start : start + _BATCH]).exclude(contact="")
            for answer in rows.order_by("pk"):
                try:
                    answer.contact = reseal(answer.contact)
                except ContactLocked:
                    locked += 1
                    continue
                answer.save(update_fields=["contact"])
                done += 1
    with transaction.atomic():
        record(actor=actor, code=codes.KEYS_ROTATED, object_type="answer", data={"sealed": done, "locked": locked})
    if not locked:
        drop_old_keys()
    return done, locked


def _erase(key: int, actor: Actor, days: int) -> bool:
    with transaction.atomic():
        found = Answer.objects.select_for_update().filter(pk=key).first()
        if found is None or not (found.contact or found.origin):
            return False
        try:
            fields = list(unseal(found.contact, form=found.form).given)
        except ContactLocked:
            fields = ["sealed"]
        if found.origin:
            fields.append("origin")
        found.contact, found.origin, found.contact_erased_at = "", "", timezone.now()
        found.save(update_fields=["contact", "origin", "contact_erased_at"])
        record(
            actor=actor,
            code=codes.CONTACT_ERASED,
            object_type="answer",
            object_id=found.pk,
            object_label=str(found),
            data={"fields": fields, "days": days},
        )
    return True
