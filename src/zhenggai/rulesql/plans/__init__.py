"""Rules and figures over ledgers, as data that an engine runs.

Row rules, groups, absences, comparisons and measures; each kind writes its SQL for both dialects and reads the answer.
"""

from zhenggai.rulesql.plans.absences import Absence, AbsenceRule, Expected
from zhenggai.rulesql.plans.base import Reading, Run
from zhenggai.rulesql.plans.comparisons import ComparisonResult, ComparisonRule, Find
from zhenggai.rulesql.plans.groups import Counted, Group, GroupResult, GroupRule
from zhenggai.rulesql.plans.measures import Figures, Kind, Measure, MeasurePlan, MeasureResult, Ratio, Share
from zhenggai.rulesql.plans.periods import Grain, Period, period_of, periods
from zhenggai.rulesql.plans.rows import RowResult, RowRule

__all__ = [
    "Absence",
    "AbsenceRule",
    "ComparisonResult",
    "ComparisonRule",
    "Counted",
    "Expected",
    "Figures",
    "Find",
    "Grain",
    "Group",
    "GroupResult",
    "GroupRule",
    "Kind",
    "Measure",
    "MeasurePlan",
    "MeasureResult",
    "Period",
    "Ratio",
    "Reading",
    "RowResult",
    "RowRule",
    "Run",
    "Share",
    "period_of",
    "periods",
]
