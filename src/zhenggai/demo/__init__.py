"""The two papers of the invented 示例市人民检察院 that ``make demo`` imports.

``notice.html`` is the progress notice as a government site publishes it, with damage and contradictions left in on
purpose; ``plan.docx`` is the rectification plan of the same round.  Both are made by ``scripts/build_samples.py``.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable

NOTICE: Traversable = files(__name__) / "notice.html"
"""Progress notice: 40 problems under 4 aspects with 112 measures."""

PLAN: Traversable = files(__name__) / "plan.docx"
"""Rectification plan of the same 40 problems, with who answers for each and until when."""
