"""What the notice of the demo states comes out of the declared indicators exactly, and where it is wrong that shows."""

from __future__ import annotations

from datetime import date

from zhenggai.demo.ledgers.figures import FIGURES
from zhenggai.demo.ledgers.measuring import measured

TODAY = date(2026, 3, 31)


def test_every_figure_of_the_notice_comes_out_of_an_indicator() -> None:
    found = list(measured(TODAY))
    assert len(found) == len(FIGURES) >= 90
    assert [(each.figure.words, each.figure.stated, each.shown) for each in found if not each.expected] == []
    wrong = [(each.figure.words, each.figure.stated, each.shown) for each in found if not each.agrees]
    assert wrong == [("生态环境和食药领域占比", "48.3", "48.4")], "the notice cut a number off that is to be rounded"
