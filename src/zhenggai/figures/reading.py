"""Text in, quantities out."""

from __future__ import annotations

from zhenggai.figures.layout import lay_out
from zhenggai.figures.shapes import Quantity


def read_quantities(text: str) -> tuple[Quantity, ...]:
    """Return every quantity of *text* in order: what is counted, how many, how exactly, when and whose."""
    return tuple(mention.quantity for mention in lay_out(text).mentions)
