"""The moves of a finding through the loop, as data: from which stages to which, and the permission each needs.

A move that is not listed is refused; a move without a permission is open to no one.  The diagram in the manual is
drawn from the same table (:func:`diagram`).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenggai.findings.models import Stage
from zhenggai.workflow.errors import MoveNotAllowed

_AT_WORK = frozenset({Stage.WORKING, Stage.RETURNED, Stage.REOPENED, Stage.PHASED, Stage.LONG_TERM})
AT_WORK = _AT_WORK
"""Stages in which work is done: progress, measures and evidence are taken."""


@dataclass(frozen=True, slots=True)
class Move:
    """One move."""

    code: str
    """Stored in the trail, for ever."""
    label: Promise
    """The verb on the button."""
    sources: frozenset[Stage]
    """Stages it may start from."""
    target: Stage | None
    """Stage it leads to; None for back to where the submission came from."""
    permission: str
    """What it needs; empty is open to no one."""


_DECLARED = (
    Move("start", _("按方案启动整改"), frozenset({Stage.REGISTERED}), Stage.WORKING, "workflow.approve_plan"),
    Move("submit", _("提交审核"), _AT_WORK, Stage.IN_REVIEW, "workflow.work"),
    Move("withdraw", _("撤回提交"), frozenset({Stage.IN_REVIEW}), None, "workflow.work"),
    Move("pass", _("同意，送下一级"), frozenset({Stage.IN_REVIEW}), Stage.IN_REVIEW, "workflow.review"),
    Move("step_back", _("退回下级复核"), frozenset({Stage.IN_REVIEW}), Stage.IN_REVIEW, "workflow.review"),
    Move("return", _("退回补正"), frozenset({Stage.IN_REVIEW}), Stage.RETURNED, "workflow.review"),
    Move("close", _("同意销号"), frozenset({Stage.IN_REVIEW}), Stage.CLOSED, "workflow.review"),
    Move("phase", _("确认阶段性完成"), frozenset({Stage.IN_REVIEW}), Stage.PHASED, "workflow.review"),
    Move("stand", _("转入长期坚持"), frozenset({Stage.IN_REVIEW}), Stage.LONG_TERM, "workflow.review"),
    Move("revoke", _("撤销销号"), frozenset({Stage.CLOSED}), Stage.REOPENED, "workflow.reopen"),
    Move("reopen", _("重新整改"), frozenset({Stage.PHASED, Stage.LONG_TERM}), Stage.REOPENED, "workflow.reopen"),
)
MOVES: dict[str, Move] = {move.code: move for move in _DECLARED}


def check_move(code: str, stage: str, title: str) -> Move:
    """Return the move *code* when a finding at *stage* may make it.

    Raises:
        MoveNotAllowed: it is not listed for that stage.
    """
    move = MOVES[code]
    if Stage(stage) not in move.sources or not move.permission:
        raise MoveNotAllowed(title=title, move=move.label, stage=Stage(stage).label)
    return move


def moves_from(stage: str) -> tuple[Move, ...]:
    """Return the moves that start from *stage*, in declared order."""
    return tuple(move for move in _DECLARED if Stage(stage) in move.sources)


def diagram() -> str:
    """Return the table as a Mermaid state diagram, for the manual."""
    lines = ["stateDiagram-v2"]
    for move in _DECLARED:
        for source in sorted(move.sources):
            targets = sorted(_AT_WORK) if move.target is None else [move.target]
            lines += [f"    {source.value} --> {target.value}: {move.code}" for target in targets]
    return "\n".join(lines) + "\n"
