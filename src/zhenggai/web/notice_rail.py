"""What stands beside the text of a notice: its figures by state, what the checker says, what is missing until it goes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhenggai.figures import KINDS, Claim, Verdict
from zhenggai.notices.blocks import Block
from zhenggai.notices.display import Segment, block_segments
from zhenggai.notices.figures_of import Figure, FigureState
from zhenggai.notices.gate import LABELS, Examined, Issue
from zhenggai.notices.models import Step
from zhenggai.notices.private import Found

MOST = 60
"""Figures of a state that are listed at once."""


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """A claim with the place where it stands."""

    claim: Claim
    """The claim."""
    kind: str
    """Its relation in words."""
    block: str
    """Id of the block; empty where the style speaks."""


@dataclass(frozen=True, slots=True)
class Rail:
    """The rail."""

    groups: dict[str, list[Figure]]
    """State → figures, in order."""
    contexts: dict[tuple[int, int], tuple[str, str]]
    """Span of a figure → what stands before and behind it."""
    wrong: list[ShownClaim]
    """Contradictory and truncated claims."""
    right: list[ShownClaim]
    """Consistent ones."""
    unsure: list[ShownClaim]
    """Those that cannot be checked."""
    issues: list[tuple[str, list[Issue]]]
    """What is missing, by kind in words."""
    passed: list[tuple[Issue, Step]]
    """What somebody let pass."""
    masks: list[Found]
    """What may not be public and is undecided."""
    segments: dict[str, list[Segment]]
    """Id of a block → its text with marks."""

    @property
    def open(self) -> int:
        """How many issues stand open."""
        return sum(len(some) for _label, some in self.issues)

    @property
    def may_pass(self) -> bool:
        """Whether a named person may let some of them pass."""
        return any(issue.may_pass for _label, some in self.issues for issue in some)


def build_rail(seen: Examined) -> Rail:
    """Return what stands beside a version."""
    groups: dict[str, list[Figure]] = {state.value: [] for state in FigureState}
    for figure in seen.looked.figures:
        groups[figure.state.value].append(figure)
    shown = [_claim(seen, claim) for claim in seen.looked.report.claims]
    issues: dict[str, list[Issue]] = {}
    for issue in seen.open:
        issues.setdefault(str(LABELS[issue.code]), []).append(issue)
    return Rail(
        groups,
        {figure.span: _context(seen.looked.layout.text, figure) for figure in seen.looked.figures},
        [each for each in shown if each.claim.verdict in (Verdict.CONTRADICTORY, Verdict.TRUNCATED)],
        [each for each in shown if each.claim.verdict is Verdict.CONSISTENT],
        [each for each in shown if each.claim.verdict is Verdict.UNCHECKABLE],
        list(issues.items()),
        [(issue, seen.passed[issue.key]) for issue in seen.issues if issue.key in seen.passed],
        _apart([each for each in seen.masks if each.kept is None]),
        block_segments(seen.body.blocks, seen.looked, seen.masks),
    )


def numbers_of(seen: Examined) -> dict[str, str]:
    """Return id of a block → the number and label that the style writes in front of it."""
    found: dict[str, str] = {}
    for line in seen.looked.layout.lines:
        at = 0
        for part in line.parts:
            found.setdefault(part.block, line.text[at : part.at].strip("\t").lstrip("。；”’的问题"))
            at = part.at + part.length
    return found


def outline_of(blocks: Sequence[Block], numbers: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return kind, id and words of the headings."""
    wanted = ("section", "aspect", "problem")
    return [
        (
            block.kind.value,
            block.id,
            f"{numbers.get(block.id, '').removesuffix('关于“').removesuffix('针对“')}{block.text}",
        )
        for block in blocks
        if block.kind.value in wanted and block.id in numbers
    ]


def _claim(seen: Examined, claim: Claim) -> ShownClaim:
    place = seen.looked.layout.block_at(*(claim.operands[0] if claim.operands else claim.span))
    return ShownClaim(claim, KINDS.get(claim.kind, claim.kind), place[0] if place else "")


def _context(text: str, figure: Figure) -> tuple[str, str]:
    start, end = figure.span
    before = text[max(0, start - 14) : start].split("\n")[-1]
    return before, text[end : end + 8].split("\n")[0]


def _apart(masks: list[Found]) -> list[Found]:
    """Return each kind and quote once: what is decided of one is decided of all."""
    return list({(each.hit.kind, each.hit.quote): each for each in masks}.values())
