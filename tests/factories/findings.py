"""Rounds, findings and measures that are valid by default, made through the room's own acts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from tests.factories.people import make_unit
from zhenggai.findings import actions
from zhenggai.findings.actions import write_aspect
from zhenggai.findings.models import Aspect, Finding, InspectionRound, Measure
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit

_numbers = count(1)


def make_round(
    unit: Unit | None = None, *, name: str = "", feedback_on: str = "2024-07-18", **values: Any
) -> InspectionRound:
    """Return a new round, of a new unit unless one is given."""
    return actions.create_round(
        actor=OPERATOR,
        unit=unit or make_unit(),
        name=name or f"第{next(_numbers)}轮巡察",
        feedback_on=feedback_on,
        **values,
    )


def make_aspect(round_: InspectionRound, title: str = "", *, no: str = "") -> Aspect:
    """Return a new aspect at the end of a round."""
    number = next(_numbers)
    return write_aspect(round_, no or str(number), title or f"第{number}方面")


def make_finding(round_: InspectionRound | None = None, title: str = "", **values: Any) -> Finding:
    """Return a new finding; *values* are field names and what a form may send."""
    round_ = round_ or make_round()
    given: Mapping[str, Any] = {"title": title or f"学习制度落实不到位之{next(_numbers)}", **values}
    return actions.create_finding(round_, given, actor=OPERATOR)


def make_measure(finding: Finding, text: str = "", **values: Any) -> Measure:
    """Return a new measure at the end of a finding's list."""
    given = {"text": text or f"修订制度并开展检查之{next(_numbers)}", **values}
    version = Finding.objects.get(pk=finding.pk).version
    return actions.add_measure(finding, given, actor=OPERATOR, version=version)
