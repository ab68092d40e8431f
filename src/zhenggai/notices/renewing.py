"""Asks the sources of a notice's figures anew and keeps what they gave; called inside acts.

Ledgers are asked before anything is locked, since a hundred indicators take a second or two; counts over the record are
asked under the lock, since they take milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from zhenggai.kit.errors import UserError
from zhenggai.notices.counts import RecordCounts
from zhenggai.notices.models import Binding, Notice
from zhenggai.notices.queries import body_of
from zhenggai.notices.sources import ask_count, question_of
from zhenggai.watch.between import Answer, ask, changed_since, ledgers_of

KEPT = timedelta(hours=1)
"""How long an answer stands while nothing changes in its ledger: declarations change seldom."""
Answers = Mapping[int, tuple[Answer, datetime]]
"""Key of a binding → what its indicator gave, and when."""


def ask_ledgers(notice: Notice) -> Answers:
    """Return what the indicators give to which figures of the newest version are bound.

    A ledger in which nothing changed since it was asked a short while ago is not asked again.
    """
    standing = {anchor.binding for anchor in body_of(notice).anchors}
    found = list(notice.bindings.filter(kind=Binding.Kind.INDICATOR, pk__in=standing))
    now = timezone.now()
    questions = {binding.pk: question_of(binding.source) for binding in _outdated(found, now)}
    if not questions:
        return {}
    answers = ask(questions.values())
    return {key: (answers[question], question.moment or now) for key, question in questions.items()}


def _outdated(bindings: Sequence[Binding], now: datetime) -> list[Binding]:
    """Return the bindings whose ledgers are to be asked again."""
    old = [each for each in bindings if each.given_at is None or each.given_at < now - KEPT]
    recent = [each for each in bindings if each not in old]
    if not recent:
        return old
    oldest = min(each.given_at for each in recent if each.given_at is not None)
    ledgers: dict[int, frozenset[str]] = {}
    for each in recent:
        try:
            ledgers[each.pk] = ledgers_of(question_of(each.source))
        except UserError:  # it is declared no longer: asking says so
            ledgers[each.pk] = frozenset()
            old.append(each)
    changed = changed_since({code for codes in ledgers.values() for code in codes}, oldest)
    return [*old, *(each for each in recent if ledgers[each.pk] & changed)]


def reread(notice: Notice, answers: Answers) -> None:
    """Keep what the sources of all bound figures of the newest version give.

    Args:
        notice: a locked notice.
        answers: what ledgers gave; a figure bound since then keeps what it was bound with.
    """
    standing = {anchor.binding for anchor in body_of(notice).anchors}
    record = RecordCounts(notice.round, notice.as_of)
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
