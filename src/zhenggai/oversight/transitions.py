"""The moves of a letter, as data: from which states to which, and the permission each needs.

A move that is not listed is refused; a move without a permission is open to no one.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenggai.oversight.errors import LetterNotOpen
from zhenggai.oversight.models import Letter, LetterKind, LetterState

MANAGE = "oversight.manage"
SIGN = "oversight.sign"
HANDLE = "watch.handle"
"""Instead of :data:`MANAGE` for letters that packs declare: whoever handles alerts writes them."""
RECIPIENT = "recipient"
"""Not a permission: the move belongs to those to whom the letter went."""


@dataclass(frozen=True, slots=True)
class Move:
    """One move."""

    code: str
    """Name of the move."""
    label: Promise
    """The verb on the button."""
    sources: frozenset[LetterState]
    """States it may start from."""
    target: LetterState
    """State it leads to."""
    permission: str
    """What it needs; empty is open to no one."""


_DRAFT, _TO_SIGN = LetterState.DRAFT, LetterState.TO_SIGN
_ISSUED, _CLOSED, _WITHDRAWN = LetterState.ISSUED, LetterState.CLOSED, LetterState.WITHDRAWN
_DECLARED = (
    Move("edit", _("修改"), frozenset({_DRAFT}), _DRAFT, MANAGE),
    Move("submit", _("送签"), frozenset({_DRAFT}), _TO_SIGN, MANAGE),
    Move("send_back", _("退回修改"), frozenset({_TO_SIGN}), _DRAFT, SIGN),
    Move("recall", _("撤回送签"), frozenset({_TO_SIGN}), _DRAFT, MANAGE),
    Move("sign", _("签发"), frozenset({_TO_SIGN}), _ISSUED, SIGN),
    Move("withdraw", _("撤回函件"), frozenset({_DRAFT, _TO_SIGN}), _WITHDRAWN, MANAGE),
    Move("receive", _("签收"), frozenset({_ISSUED}), _ISSUED, RECIPIENT),
    Move("reply", _("回复"), frozenset({_ISSUED}), _ISSUED, RECIPIENT),
    Move("record_reply", _("登记回复"), frozenset({_ISSUED}), _ISSUED, MANAGE),
    Move("return_reply", _("退回回复"), frozenset({_ISSUED}), _ISSUED, MANAGE),
    Move("close", _("办结"), frozenset({_ISSUED}), _CLOSED, MANAGE),
)
MOVES: dict[str, Move] = {move.code: move for move in _DECLARED}


def check_move(code: str, letter: Letter) -> Move:
    """Return the move *code* when *letter* may make it.

    Raises:
        LetterNotOpen: it is not listed for the letter's state.
    """
    move = MOVES[code]
    state = LetterState(letter.state)
    if state not in move.sources or not move.permission:
        raise LetterNotOpen(title=letter.title, state=state.label, move=move.label)
    return move


def permission_of(move: Move, letter: Letter) -> str:
    """Return what *move* needs for *letter*: those who handle alerts write the letters about them."""
    if move.permission == MANAGE and letter.kind == LetterKind.DECLARED:
        return HANDLE
    return move.permission


def diagram() -> str:
    """Return the table as a Mermaid state diagram, for the manual."""
    lines = ["stateDiagram-v2"]
    for move in _DECLARED:
        lines += [f"    {source.value} --> {move.target.value}: {move.code}" for source in sorted(move.sources)]
    return "\n".join(lines) + "\n"
