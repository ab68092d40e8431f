"""Acts on the files beside a row."""

from __future__ import annotations

from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from zhenggai.audit.actions import record
from zhenggai.docparse.errors import clean_name
from zhenggai.files.actions import store_file
from zhenggai.kit.errors import NotFound
from zhenggai.ledgers import codes
from zhenggai.ledgers.access import KEEP, access_row
from zhenggai.ledgers.errors import IsWithdrawn
from zhenggai.ledgers.listening import tell_on_commit
from zhenggai.ledgers.models import Attachment, Row
from zhenggai.ledgers.values import clean
from zhenggai.people.access import Actor
from zhenggai.people.models import User


def attach_file(row: Row, *, actor: User, source: BinaryIO, name: str, note: str = "") -> Attachment:
    """Put a file beside a row.

    Args:
        row: which one.
        actor: who attaches it.
        source: readable binary stream.
        name: file name as it came.
        note: what it shows.

    Raises:
        NotFound, NotAllowed, IsWithdrawn: the row is out of reach or off the ledger.
        BadFile: the file cannot be taken; see :func:`~zhenggai.files.actions.store_file`.
    """
    _accessible(row, actor)  # before a single byte is read
    stored = store_file(actor=actor, source=source, name=name)
    with transaction.atomic():
        found = _locked(row, actor)
        attachment = Attachment.objects.create(
            row=found, file=stored, name=clean_name(name) or stored.name, note=clean(note)[:300], attached_by=actor
        )
        tell_on_commit(found.ledger)
        _tell(actor, codes.FILE_ATTACHED, found, name=attachment.name, sha256=stored.sha256, note=attachment.note)
    return attachment


def withdraw_attachment(attachment: Attachment, *, actor: Actor) -> Attachment:
    """Take an attached file away from its row; the bytes and the entry in the trail stay.

    Raises:
        NotFound: it is out of reach, or was withdrawn already.
        NotAllowed, IsWithdrawn: the row may not be changed.
    """
    with transaction.atomic():
        found = _locked(attachment.row, actor)
        mine = found.attachments.select_for_update().filter(pk=attachment.pk, withdrawn_at__isnull=True).first()
        if mine is None:
            raise NotFound
        mine.withdrawn_at = timezone.now()
        mine.save(update_fields=["withdrawn_at"])
        tell_on_commit(found.ledger)
        _tell(actor, codes.ATTACHMENT_WITHDRAWN, found, name=mine.name)
    return mine


def _accessible(row: Row, actor: Actor) -> Row:
    found = access_row(actor, row.ledger, row.pk, KEEP)
    if found.withdrawn_at is not None:
        raise IsWithdrawn(title=found.title)
    return found


def _locked(row: Row, actor: Actor) -> Row:
    Row.objects.select_for_update(no_key=True).filter(pk=row.pk).first()
    return _accessible(row, actor)


def _tell(actor: Actor, code: str, row: Row, **data: str) -> None:
    about = {"ledger": row.ledger, **data}
    record(actor=actor, code=code, object_type="ledger_row", object_id=row.pk, object_label=row.title, data=about)
