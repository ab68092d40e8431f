"""The moves of a notice, as data: from which states to which, and the permission each needs.

A move that is not listed is refused; a move without a permission is open to no one.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenggai.notices.errors import BadMove
from zhenggai.notices.models import Notice
from zhenggai.people.roles import Permission

WRITE, APPROVE = str(Permission.WRITE_NOTICES), str(Permission.APPROVE_NOTICES)
PUBLISH, OVERRIDE = str(Permission.PUBLISH_NOTICES), str(Permission.OVERRIDE_NOTICES)
State = Notice.State


@dataclass(frozen=True, slots=True)
class Move:
    """One move."""

    code: str
    """Name of the move."""
    label: Promise
    """The verb on the button."""
    sources: frozenset[State]
    """States it may start from."""
    target: State | None
    """State it leads to; None where it stays."""
    permission: str
    """What it needs; empty is open to no one."""


_DRAFTING, _REVIEWING, _APPROVED = State.DRAFTING, State.REVIEWING, State.APPROVED
_SCHEDULED, _PUBLISHED = State.SCHEDULED, State.PUBLISHED
_DECLARED = (
    Move("edit", _("修改"), frozenset({_DRAFTING}), None, WRITE),
    Move("submit", _("提交审批"), frozenset({_DRAFTING}), _REVIEWING, WRITE),
    Move("recall", _("撤回修改"), frozenset({_REVIEWING, _APPROVED, _SCHEDULED}), _DRAFTING, WRITE),
    Move("return", _("退回修改"), frozenset({_REVIEWING, _APPROVED, _SCHEDULED}), _DRAFTING, APPROVE),
    Move("approve", _("批准"), frozenset({_REVIEWING}), _APPROVED, APPROVE),
    Move("override", _("说明理由放行"), frozenset({_REVIEWING, _APPROVED, _SCHEDULED}), None, OVERRIDE),
    Move("schedule", _("定时发布"), frozenset({_APPROVED, _SCHEDULED}), _SCHEDULED, PUBLISH),
    Move("unschedule", _("取消定时"), frozenset({_SCHEDULED}), _APPROVED, PUBLISH),
    Move("publish", _("立即发布"), frozenset({_APPROVED, _SCHEDULED}), _PUBLISHED, PUBLISH),
    Move("withdraw", _("撤回公开"), frozenset({_PUBLISHED}), State.WITHDRAWN, PUBLISH),
    Move("correct", _("更正"), frozenset({_PUBLISHED}), None, WRITE),
    Move("discard", _("作废"), frozenset({_DRAFTING}), State.DISCARDED, WRITE),
)
MOVES: dict[str, Move] = {move.code: move for move in _DECLARED}
OPEN = (State.DRAFTING, State.REVIEWING, State.APPROVED, State.SCHEDULED)
"""States of a notice that is not public yet."""


def check_move(code: str, notice: Notice) -> Move:
    """Return the move *code* when *notice* may make it.

    Raises:
        BadMove: it is not listed for the notice's state.
    """
    move = MOVES[code]
    state = State(notice.state)
    if state not in move.sources or not move.permission:
        raise BadMove(title=notice.title, state=state.label, move=move.label)
    return move


def diagram() -> str:
    """Return the table as a Mermaid state diagram, for the manual."""
    lines = ["stateDiagram-v2"]
    for move in _DECLARED:
        for source in sorted(move.sources):
            lines.append(f"    {source.value} --> {(move.target or source).value}: {move.code}")
    return "\n".join(lines) + "\n"
