"""The papers, as a table: what each is for, what it asks, its names, its shipped template and its values."""

from __future__ import annotations

from zhenggai.kit.errors import NotFound
from zhenggai.reports.papers.chief import CHIEF
from zhenggai.reports.papers.letter import LETTER
from zhenggai.reports.papers.lists import LISTS, PLAN
from zhenggai.reports.papers.meetings import AGENDA, MINUTES
from zhenggai.reports.papers.paper import Paper
from zhenggai.reports.papers.progress import MONTHLY, STAGE, WEEKLY
from zhenggai.reports.papers.sheets import CLOSE_OUT, SHEETS

PAPERS: dict[str, Paper] = {
    paper.code: paper
    for paper in (LISTS, PLAN, SHEETS, CLOSE_OUT, WEEKLY, MONTHLY, STAGE, CHIEF, MINUTES, AGENDA, LETTER)
}
"""Code → paper, in the order of the page."""


def access_paper(code: str) -> Paper:
    """Return one paper.

    Raises:
        NotFound: there is none of that code.
    """
    if code not in PAPERS:
        raise NotFound
    return PAPERS[code]


__all__ = ["PAPERS", "Paper", "access_paper"]
