"""The words of the notice and its numbering styles, as the shipped data says: YAML in, checked values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from zhenggai.notices.errors import BadWording
from zhenggai.packs import read_shipped

PLACE = "common/notice.yaml"
Clauses = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lead:
    """A paragraph of the organising part."""

    head: str
    """The sentence it begins with."""
    sentences: tuple[Clauses, ...]
    """Its sentences as clauses."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a notice is numbered and laid out."""

    code: str
    """Its name, for ever."""
    label: str
    """What people choose by."""
    note: str
    """The same in a sentence."""
    problem: str
    """Format of the heading of a problem."""
    measure: str
    """Format of the number in front of a measure."""
    aspect: str = "（{cn}）{title}"
    """Format of the heading of an aspect."""
    aspects: int = 2
    """Level at which aspects stand."""
    restart: bool = False
    """Whether problems are counted anew in each aspect."""
    detail: str = ""
    """Label in front of the description, which then stands on a line of its own; empty: behind the heading."""
    done: str = ""
    """Label in front of the measures."""
    outcome: str = "整改成效："
    """Label in front of outcomes."""
    status_sentence: bool = False
    """Whether the measures begin with a sentence on how the problem stands."""
    measures: str = "together"
    """``together`` in one paragraph, or each on a line: ``lines``."""
    table: bool = False
    """Whether problems stand in a table for each aspect."""

    @property
    def says_status(self) -> bool:
        """Whether it tells how each problem stands."""
        return self.status_sentence or self.table or "{status}" in self.problem


@dataclass(frozen=True, slots=True)
class Wording:
    """The words a notice is first written with."""

    version: int
    """Counts the changes."""
    title: str
    """Format of the title."""
    preamble: tuple[Clauses, ...]
    """Sentences of the first paragraph."""
    sections: Mapping[str, str]
    """``organising`` ``problems`` ``follow_up`` → heading."""
    leads: tuple[Lead, ...]
    """The organising part."""
    status_opening: Clauses
    """How the status sentence begins."""
    status_clauses: Clauses
    """Its counts by status."""
    status_beside: tuple[Clauses, ...]
    """What is counted beside the problems."""
    statuses: Mapping[str, str]
    """Status → words."""
    status_sentences: Mapping[str, str]
    """Status → sentence."""
    no_aspect: str
    """Heading over problems without an aspect."""
    nothing_yet: str
    """What stands where no measure is done."""
    follow_up: tuple[str, ...]
    """Paragraphs of the last part."""
    contact_opening: str
    """First sentences of the contact block."""
    contact_ways: Clauses
    """Its ways, each left out where it is not known."""
    signature: str
    """Format of the signature."""


@cache
def shipped_wording() -> Wording:
    """Return the shipped wording.

    Raises:
        BadWording: the file lacks something.
    """
    told = read_shipped(PLACE)
    try:
        status = told["status"]
        return Wording(
            version=int(told["version"]),
            title=told["title"],
            preamble=_sentences(told["preamble"]),
            sections=dict(told["sections"]),
            leads=tuple(Lead(each["head"], _sentences(each["sentences"])) for each in told["leads"]),
            status_opening=tuple(status["opening"]),
            status_clauses=tuple(status["clauses"]),
            status_beside=_sentences(status["beside"]),
            statuses=dict(told["statuses"]),
            status_sentences=dict(told["status_sentences"]),
            no_aspect=told["no_aspect"],
            nothing_yet=told["nothing_yet"],
            follow_up=tuple(told["follow_up"]),
            contact_opening=told["contact"]["opening"],
            contact_ways=tuple(told["contact"]["ways"]),
            signature=told["signature"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadWording(place=PLACE, reason=str(error)) from error


@cache
def styles() -> Mapping[str, Style]:
    """Return code → numbering style, in the order in which they are offered.

    Raises:
        BadWording: the file lacks something or says something unknown.
    """
    try:
        return {code: Style(code=code, **each) for code, each in read_shipped(PLACE)["styles"].items()}
    except (KeyError, TypeError) as error:
        raise BadWording(place=PLACE, reason=str(error)) from error


DEFAULT_STYLE = "standard"


def style_of(code: str) -> Style:
    """Return the style of that name, or the usual one: a style that is no longer shipped breaks no notice."""
    found = styles()
    return found.get(code) or found[DEFAULT_STYLE]


def _sentences(told: Any) -> tuple[Clauses, ...]:
    return tuple(tuple(each) for each in told)
