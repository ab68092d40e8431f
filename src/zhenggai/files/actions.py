"""Keeping uploaded bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zhenggai.audit.actions import Actor, record
from zhenggai.docparse.errors import clean_name
from zhenggai.files import store
from zhenggai.files.errors import ForbiddenType
from zhenggai.files.media import PROGRAM, media_type_of
from zhenggai.files.models import StoredFile
from zhenggai.files.queries import unreferenced_files


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


WAIT = timedelta(days=1)
"""How old an upload that nothing refers to must be before it is removed: the act that brought it may not have ended."""


def remove_unreferenced(*, actor: Actor, now: datetime | None = None) -> list[str]:
    """Remove the files that were stored a day ago or earlier and that no record refers to; return their hashes.

    Such are left by uploads that were refused after their bytes had come, or never confirmed.  The row goes first; the
    bytes go only when nobody has brought the same ones again since.
    """
    before = (now or timezone.now()) - WAIT
    removed: list[StoredFile] = []
    for key in list(unreferenced_files().filter(stored_at__lt=before).values_list("pk", flat=True)):
        with transaction.atomic():
            stored = StoredFile.objects.select_for_update().filter(pk=key).first()
            again = unreferenced_files().filter(pk=key).exists()  # asked anew, now that nobody else can refer to it
            if stored is None or not again or store.brought_since(stored.sha256, before.timestamp()):
                continue
            data = {"sha256": stored.sha256, "size": stored.size, "name": stored.name}
            record(
                actor=actor, code="files.unreferenced_removed", object_type="file", object_id=stored.pk,
                object_label=stored.name, data=data,
            )  # fmt: skip
            stored.delete()
        removed.append(stored)
    return list(_drop_bytes((stored.sha256 for stored in removed), before))


def _drop_bytes(hashes: Iterable[str], before: datetime) -> Iterable[str]:
    for sha256 in hashes:
        store.discard(sha256, before.timestamp())
        yield sha256
