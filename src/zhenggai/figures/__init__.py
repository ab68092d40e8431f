"""Chinese text → the quantities it states → the claims about them that arithmetic can judge.

Plain Python without Django. Silence is better than a wrong accusation: a claim is called contradictory only when the
text itself leaves no reading in which it is right.

    read_quantities(text) -> (Quantity, ...)     # value, unit, subject, qualifier, period, scope, span
    check(text) -> Report                        # quantities, and claims with verdict, reason and span
"""

from zhenggai.figures.checking import check
from zhenggai.figures.kinds import KINDS
from zhenggai.figures.reading import read_quantities
from zhenggai.figures.shapes import Claim, Quantity, Report, Verdict

__all__ = ["KINDS", "Claim", "Quantity", "Report", "Verdict", "check", "read_quantities"]
