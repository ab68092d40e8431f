"""Where facts about a paper are kept while they are found."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhenggai.docparse.draft import Span
from zhenggai.docparse.understand.view import View


@dataclass(slots=True)
class Facts:
    """Facts about the paper, and where each was read."""

    values: dict[str, str] = field(default_factory=dict)
    """``unit``, ``inspecting_body``, dates."""
    spans: dict[str, Span] = field(default_factory=dict)
    """Document span of each."""
    brand: str = ""
    """A foreign token that stands where the unit's name should."""
    names: list[str] = field(default_factory=list)
    """Every spelling of the unit's name that was proposed."""


def put_fact(view: View, facts: Facts, name: str, value: str | None, start: int, end: int) -> None:
    if value and name not in facts.values:
        facts.values[name] = value
        facts.spans[name] = view.span(start, end)
