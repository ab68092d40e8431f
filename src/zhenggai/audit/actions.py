"""The one door through which acts reach the trail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from zhenggai.audit.chain import hash_of, storable, storable_text
from zhenggai.audit.errors import HeadMissing
from zhenggai.audit.models import ChainHead, Entry


class Actor(Protocol):
    """Whoever acts: a person, or the system itself with an empty ``pk``."""

    @property
    def pk(self) -> Any:
        """Identifier, copied as text."""

    @property
    def name(self) -> str:
        """Name at the time of the act."""


_origin: ContextVar[str] = ContextVar("zhenggai_audit_origin", default="")


@contextmanager
def acting_from(origin: str) -> Iterator[None]:
    """Name where acts come from (an address, a command) for all entries recorded inside the ``with`` block."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


def record(
    *,
    actor: Actor | None,
    code: str,
    object_type: str = "",
    object_id: object = "",
    object_label: object = "",
    data: Mapping[str, Any] | None = None,
    origin: str = "",
) -> Entry:
    """Append one entry to the trail, in the transaction of the act it records.

    Args:
        actor: who acted; ``None`` is the system itself (a failed sign-in has no actor yet).
        code: dotted and for ever, declared in the room's ``codes.AUDIT_CODES``, e.g. ``findings.assigned``.
        object_type: word for the kind of thing, e.g. ``finding``.
        object_id: identifier of the thing.
        object_label: its name at the time.
        data: what changed; see :func:`zhenggai.audit.chain.storable` for what becomes of unusual values.
        origin: where the act came from; default is what :func:`acting_from` set (the sign-in address of a request).

    Raises:
        HeadMissing: the head of the chain is gone although entries stand.
    """
    with transaction.atomic():
        head = _locked_head()
        entry = Entry(
            sequence=head.last_sequence + 1,
            at=timezone.now(),
            actor_id="" if actor is None or actor.pk is None else str(actor.pk),
            actor_name="" if actor is None else storable_text(actor.name, 100),
            code=code,
            object_type=storable_text(object_type, 60),
            object_id=storable_text(str(object_id), 60),
            object_label=storable_text(str(object_label), 300),
            data=storable(dict(data or {})),
            origin=storable_text(origin or _origin.get(), 80),
            previous_hash=head.last_hash,
        )
        entry.hash = hash_of(entry)
        entry.save(force_insert=True)
        head.last_sequence, head.last_hash = entry.sequence, entry.hash
        head.save(update_fields=["last_sequence", "last_hash"])
    return entry


def _locked_head() -> ChainHead:
    head = ChainHead.objects.select_for_update().filter(pk=1).first()
    if head is not None:
        return head
    if Entry.objects.exists():
        raise HeadMissing
    ChainHead.objects.get_or_create(pk=1)
    return ChainHead.objects.select_for_update().get(pk=1)
