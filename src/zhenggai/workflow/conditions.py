"""A criterion on a ledger: what must be seen there, as data, and what was seen the last time it was looked at.

This room does not look at ledgers itself.  Whoever does (the room ``watch``) reads :class:`Condition` from a criterion
and writes what was found through :func:`zhenggai.workflow.actions.record_conditions`; the gate of the close-out reads
only that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zhenggai.policy.profile import Policy
from zhenggai.workflow.errors import BadCondition
from zhenggai.workflow.models import Criterion

COMPARISONS: Mapping[str, str] = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "eq": "="}
"""How the value of an indicator may be compared with what is wanted: code → sign."""
PERIODS = ("month", "quarter", "half", "year", "all")
"""Of which period the value is taken: the last one that ended, or everything so far."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a ledger must show: a rule that is silent, or an indicator at its value."""

    ledger: str
    """Code of the ledger."""
    rule: str = ""
    """Code of the rule that must have no open alert; empty when an indicator is asked for."""
    indicator: str = ""
    """Code of the indicator; empty when a rule is asked for."""
    comparison: str = ""
    """Of an indicator: how it is compared, see :data:`COMPARISONS`."""
    value: float | None = None
    """Of an indicator: with what."""
    period: str = ""
    """Of an indicator: of which period, see :data:`PERIODS`."""
    body: int | None = None
    """Id of the body whose rows are looked at."""
    unit: int | None = None
    """Id of the unit or department whose rows alone are looked at; all of the body's when None."""

    @property
    def aim(self) -> str:
        """Code of the rule or indicator."""
        return self.rule or self.indicator


def check_condition(condition: Condition) -> Condition:
    """Return *condition* when it says everything that is needed.

    Raises:
        BadCondition: it does not.
    """
    label = condition.aim or condition.ledger
    if not condition.ledger or bool(condition.rule) == bool(condition.indicator):
        raise BadCondition(label=label, reason=_("须指明台账，以及一条规则或一个指标"))
    if condition.indicator and condition.comparison not in COMPARISONS:
        raise BadCondition(label=label, reason=_("须指明怎样比较"))
    if condition.indicator and condition.value is None:
        raise BadCondition(label=label, reason=_("须填写目标值"))
    if condition.indicator and condition.period not in PERIODS:
        raise BadCondition(label=label, reason=_("须指明期间"))
    if condition.body is None:
        raise BadCondition(label=label, reason=_("须指明单位"))
    return condition


def store_condition(condition: Condition) -> dict[str, Any]:
    """Return *condition* as plain values, without what it does not say."""
    return {name: value for name, value in asdict(condition).items() if value not in ("", None)}


def condition_of(criterion: Criterion) -> Condition:
    """Return what *criterion* asks of a ledger."""
    known = Condition.__dataclass_fields__
    return Condition(**{"ledger": "", **{name: told for name, told in criterion.condition.items() if name in known}})


def missing_of_condition(criterion: Criterion, policy: Policy) -> Iterable[str]:
    """Yield what keeps a condition from counting: nothing was seen yet, it does not hold, or the look is too old."""
    slots = {"text": criterion.text, "seen": criterion.state_text, "days": policy.condition_days}
    if criterion.state_as_of is None:
        yield _("台账条件“%(text)s”还没有核验，请先运行规则") % slots
    elif criterion.state == Criterion.State.LAPSED:
        yield _("台账条件“%(text)s”未达到：%(seen)s") % slots
    elif criterion.state != Criterion.State.HOLDS:
        yield _("台账条件“%(text)s”无法判断：%(seen)s") % slots
    elif (timezone.now() - criterion.state_as_of).days >= policy.condition_days:
        slots["day"] = f"{timezone.localtime(criterion.state_as_of):%Y-%m-%d}"
        yield _("台账条件“%(text)s”是 %(day)s 核验的，已超过 %(days)s 天，请重新运行规则") % slots
