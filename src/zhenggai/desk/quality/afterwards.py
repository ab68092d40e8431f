"""Checks of what comes after: letters nobody answered, look-backs nobody held, rebounds and decisions left lying."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.desk.quality.base import Check, Hit, Scope, Severity
from zhenggai.findings.models import Stage
from zhenggai.outcomes.queries import decisions_without_follow_up
from zhenggai.oversight.models import Check as Visit
from zhenggai.oversight.models import CheckOutcome, LetterItem, LetterState


class LetterUnanswered(Check):
    """A letter that is out, whose answer is due and did not come."""

    code = "letter.unanswered"
    severity = Severity.HIGH
    sentence = _("督办函件已过回复期限，没有回复")
    remedy = _("督促受文单位回复")

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield findings of letters whose reply is overdue, with the number of the letter; one query."""
        items = LetterItem.objects.filter(
            withdrawn_at=None, letter__state=LetterState.ISSUED, letter__reply_due_on__lt=scope.today,
            finding__in=scope.findings.values("pk"),
        )  # fmt: skip
        silent = items.annotate(replies=Count("letter__recipients__replies")).filter(replies=0).order_by()
        for row in silent.values_list("finding_id", "finding__department_id", "letter__number").distinct():
            yield Hit(*row)


class LookBackOverdue(Check):
    """A look-back or spot check whose day is past."""

    code = "check.overdue"
    severity = Severity.MEDIUM
    sentence = _("回头看或抽查已到期，没有核查")
    remedy = _("开展核查并登记结果")

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield findings with a planned check whose day is past, with that day; one query."""
        late = Visit.objects.filter(
            state=Visit.State.PLANNED, due_on__lt=scope.today, finding__in=scope.findings.values("pk")
        )
        for row in late.order_by().values_list("finding_id", "finding__department_id", "due_on").distinct():
            yield Hit(*row)

    def words(self, extra: Any) -> str:
        """Return the day."""
        return _now("应于 %(day)s 核查") % {"day": extra}


class ReboundLeft(Check):
    """A check that found a rebound or a sham, and the finding still counts as closed."""

    code = "check.rebound"
    severity = Severity.HIGH
    sentence = _("核查发现反弹或虚假整改，问题仍是已销号")
    remedy = _("撤销销号，重新整改")

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield closed findings whose check found that, and was not followed by reopening; one query."""
        bad = Visit.objects.filter(
            state=Visit.State.DONE, outcome__in=(CheckOutcome.REBOUND, CheckOutcome.FAKE), reopened_at=None,
            finding__in=scope.findings.filter(stage=Stage.CLOSED).values("pk"),
        )  # fmt: skip
        for row in bad.order_by().values_list("finding_id", "finding__department_id", "done_on").distinct():
            yield Hit(*row)


class DecisionLeft(Check):
    """Something a meeting decided that nobody followed up."""

    code = "decision.left"
    severity = Severity.MEDIUM
    sentence = _("会议议定事项没有落实记录")
    remedy = _("登记落实情况，或关联到问题")

    def hits(self, scope: Scope) -> Iterable[Hit]:
        """Yield decisions left lying, with their words; one query."""
        left = decisions_without_follow_up(scope.actor, scope.today)
        for department, round_, text in left.values_list("department_id", "meeting__round_id", "text"):
            yield Hit(None, department, text[:80], round_)

    def path(self, hit: Hit) -> str:
        """Return the overview of its round, where it has one."""
        return super().path(hit) if hit.round_id is not None else "/overview/"


CHECKS: tuple[Check, ...] = (ReboundLeft(), LetterUnanswered(), LookBackOverdue(), DecisionLeft())
