"""Asks the sources of a notice's figures anew and keeps what they gave; called inside acts.

Ledgers are asked before anything is locked, since a hundred indicators take a second or two; counts over the record are
asked under the lock, since they take milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from zhenggai.notices.counts import RecordCounts
from zhenggai.notices.models import Binding, Notice
from zhenggai.notices.queries import body_of
from zhenggai.notices.sources import ask_count, question_of
from zhenggai.watch.between import Answer, ask

Answers = Mapping[int, tuple[Answer, datetime]]
"""Key of a binding → what its indicator gave, and when."""


def ask_ledgers(notice: Notice, keys: frozenset[int] | None = None) -> Answers:
    """Return what the indicators give to which figures of the newest version are bound.

    Args:
        notice: the notice.
        keys: of these bindings alone.
    """
    standing = {anchor.binding for anchor in body_of(notice).anchors}
    found = notice.bindings.filter(kind=Binding.Kind.INDICATOR, pk__in=standing if keys is None else standing & keys)
    questions = {binding.pk: question_of(binding.source) for binding in found}
    if not questions:
        return {}
    now = timezone.now()
    answers = ask(questions.values())
    return {key: (answers[question], question.moment or now) for key, question in questions.items()}


def reread(notice: Notice, answers: Answers) -> None:
    """Keep what the sources of all bound figures of the newest version give.

    Args:
        notice: a locked notice.
        answers: what ledgers gave; a figure bound since then keeps what it was bound with.
    """
    standing = {anchor.binding for anchor in body_of(notice).anchors}
    record = RecordCounts(notice.round)
    now = timezone.now()
    changed = []
    for binding in notice.bindings.filter(pk__in=standing):
        if binding.kind == Binding.Kind.COUNT:
            given = ask_count(binding, record)
            binding.given, binding.unit, binding.given_at = given.value, given.unit, now
        elif binding.pk in answers:
            answer, at = answers[binding.pk]
            binding.given, binding.unit, binding.given_at = answer.value, answer.unit or binding.unit, at
        else:
            continue
        changed.append(binding)
    Binding.objects.bulk_update(changed, ["given", "unit", "given_at"], batch_size=200)
