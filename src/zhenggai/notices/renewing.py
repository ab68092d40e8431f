"""Asks the sources of a notice's figures anew and keeps what they gave; called inside acts."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from zhenggai.notices.counts import RecordCounts
from zhenggai.notices.models import Binding, Notice
from zhenggai.notices.queries import body_of
from zhenggai.notices.sources import ask_count


def reread(notice: Notice, keys: Iterable[int] | None = None) -> None:
    """Ask the sources of all bound figures of the newest version, and keep what each gives.

    Args:
        notice: a locked notice.
        keys: of these bindings alone.
    """
    standing = {anchor.binding for anchor in body_of(notice).anchors}
    asked = standing if keys is None else standing & set(keys)
    record = RecordCounts(notice.round)
    now = timezone.now()
    changed = []
    for binding in notice.bindings.filter(pk__in=asked):
        if binding.kind == Binding.Kind.COUNT:
            given = ask_count(binding, record)
            binding.given, binding.unit, binding.given_at = given.value, given.unit, now
            changed.append(binding)
    Binding.objects.bulk_update(changed, ["given", "unit", "given_at"], batch_size=200)
