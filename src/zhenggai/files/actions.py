"""Keeping uploaded bytes."""

from __future__ import annotations

from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from zhenggai.audit.actions import Actor, record
from zhenggai.docparse.errors import clean_name
from zhenggai.files import store
from zhenggai.files.errors import ForbiddenType
from zhenggai.files.media import PROGRAM, media_type_of
from zhenggai.files.models import StoredFile


def store_file(*, actor: Actor, source: BinaryIO, name: str) -> StoredFile:
    """Keep the bytes of *source* once, by their hash, and return their row.

    The room that asks has checked that the actor may add a file to its record.  When the transaction around this is
    undone the row goes with it; the bytes may stay, unreferenced, until ``zhenggai files check --remove-orphans``.

    Args:
        actor: who brings the file.
        source: readable binary stream, read once from where it stands.
        name: the name it came with; folders, control and direction characters are dropped.

    Raises:
        NoBytes: nothing came.
        TooLarge: more bytes than ``ZHENGGAI_MAX_UPLOAD_MB``.
        ForbiddenType: a program.
        CannotStore: the disk refused.
    """
    shown = clean_name(name) or "未命名"
    received = store.receive(source, name=shown, most=settings.ZHENGGAI_MAX_UPLOAD_BYTES)
    try:
        media_type = media_type_of(received.path)
        if media_type == PROGRAM:
            raise ForbiddenType(name=shown)
        store.keep(received, name=shown)
    finally:
        store.drop(received.path)
    with transaction.atomic():
        stored, created = StoredFile.objects.get_or_create(
            sha256=received.sha256,
            defaults={
                "size": received.size,
                "media_type": media_type,
                "name": shown,
                "stored_by_id": "" if actor.pk is None else str(actor.pk),
            },
        )
        if created:
            record(
                actor=actor,
                code="files.stored",
                object_type="file",
                object_id=stored.pk,
                object_label=shown,
                data={"sha256": stored.sha256, "size": stored.size, "media_type": stored.media_type},
            )
    return stored
