"""Naming people for ledgers that are closed to all others: an act of those who assign posts, as with every other access."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.audit.actions import record
from zhenggai.ledgers import codes
from zhenggai.ledgers.access import NAMERS, access_reader, is_named
from zhenggai.ledgers.declared import access_declared
from zhenggai.ledgers.errors import AlreadyReader, ReasonMissing
from zhenggai.ledgers.models import LedgerReader
from zhenggai.ledgers.values import clean
from zhenggai.people.access import Actor, require
from zhenggai.people.models import Unit, User


def name_reader(
    code: str, *, actor: Actor, user: User, body: Unit, reason: str, may_keep: bool = False
) -> LedgerReader:
    """Let a person read a ledger that is closed to others.

    Args:
        code: the ledger.
        actor: who names them.
        user: the person.
        body: whose rows, and those of the units below.
        reason: by what decision.
        may_keep: whether they also enter and change rows.

    Raises:
        NotFound: there is no such ledger.
        NotAllowed: the actor does not assign posts.
        ReasonMissing: no reason was given.
        AlreadyReader: the ledger names nobody, the person is inactive, or named already.
    """
    require(actor, NAMERS)
    ledger, reason = access_declared(code), clean(reason)
    if not reason:
        raise ReasonMissing
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        refusal = _refusal(person, body, code) if is_named(ledger) else _now("该台账不限专人查阅")
        if refusal:
            raise AlreadyReader(name=person.name, ledger=ledger.label, reason=refusal)
        reader = LedgerReader.objects.create(
            ledger=code, body=body, user=person, may_keep=may_keep, reason=reason[:300], granted_at=timezone.now(),
            granted_by=actor if isinstance(actor, User) else None,
        )  # fmt: skip
        _tell(actor, codes.READER_NAMED, reader)
    return reader


def _refusal(person: User, body: Unit, code: str) -> str:
    if not person.is_active:
        return _now("账号已停用")
    if body.kind == Unit.Kind.DEPARTMENT:
        return _now("应选择单位而不是内设机构")
    named = LedgerReader.objects.filter(ledger=code, body=body, user=person, ended_at__isnull=True)
    return _now("已在名单中") if named.exists() else ""


def end_reader(reader: LedgerReader, *, actor: Actor) -> LedgerReader:
    """Let a person no longer read a ledger that is closed to others.

    Raises:
        NotFound: it ended already, or the actor does not name people.
    """
    with transaction.atomic():
        found = access_reader(actor, reader.pk)
        found.ended_at = timezone.now()
        found.save(update_fields=["ended_at"])
        _tell(actor, codes.READER_ENDED, found)
    return found


def _tell(actor: Actor, code: str, reader: LedgerReader) -> None:
    data = {
        "user": reader.user.username,
        "body": reader.body.name,
        "may_keep": reader.may_keep,
        "reason": reader.reason,
    }
    record(
        actor=actor, code=code, object_type="ledger", object_id=reader.ledger, object_label=reader.user.name, data=data
    )
