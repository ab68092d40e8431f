"""Entries of the registers of referrals that are valid by default, made through the room's own acts."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from tests.factories.findings import make_round
from tests.factories.people import make_unit
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit, User
from zhenggai.referrals.actions import register_clue
from zhenggai.referrals.kinds import COMMON, FIX, PETITION
from zhenggai.referrals.models import Clue, Common, ImmediateFix, Petition
from zhenggai.registers.actions import create_entry

_numbers = count(1)


def make_fix(unit: Unit | None = None, **values: Any) -> ImmediateFix:
    """Return a new immediate fix."""
    given = {"issue": f"公示栏内容陈旧之{next(_numbers)}", "issued_on": "2024-04-01"}
    return create_entry(FIX, unit or make_unit(), given | values, actor=OPERATOR)


def make_petition(unit: Unit | None = None, **values: Any) -> Petition:
    """Return a new petition."""
    given = {
        "no": f"巡访〔2024〕{next(_numbers)}号",
        "kind": "letter",
        "topic": "工作作风",
        "received_on": "2024-04-01",
        "due_on": "2024-05-31",
        "target": "某部门负责人",
        "content": "反映窗口接待推诿",
    }
    return create_entry(PETITION, unit or make_unit(), given | values, actor=OPERATOR)


def make_clue(unit: Unit, readers: Iterable[User], **values: Any) -> Clue:
    """Return a new clue that *readers* may read."""
    given = {
        "no": f"线索〔2024〕{next(_numbers)}号",
        "received_on": "2024-04-01",
        "target": "被反映人甲",
        "content": "涉嫌违规兼职取酬",
    }
    return register_clue(unit, given | values, actor=OPERATOR, readers=readers)


def make_common(unit: Unit | None = None, **values: Any) -> Common:
    """Return a new common problem, handed down to nobody."""
    unit = unit or make_unit()
    given: dict[str, Any] = {"title": f"台账登记不规范之{next(_numbers)}", "measures": "逐项核对\n建立制度"}
    if "round" not in values:
        given["round"] = make_round(unit)
    return create_entry(COMMON, unit, given | values, actor=OPERATOR)
