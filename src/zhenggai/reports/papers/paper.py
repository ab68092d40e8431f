"""What a paper is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from zhenggai.gongwen import OfficialDocument
from zhenggai.reports.counting import Values
from zhenggai.reports.names import Name
from zhenggai.reports.scope import Scope


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of paper."""

    code: str
    """Stored name, see ``codes``."""
    label: str | Promise
    """What people call it."""
    about: str | Promise
    """What it is for, in a sentence."""
    group: str | Promise
    """Under which heading it is listed."""
    asks: frozenset[str]
    """What its page lets people choose: ``department period finding meeting``."""
    names: tuple[Name, ...]
    """The names its template may use."""
    shipped: Callable[[], OfficialDocument]
    """The shipped template as a tree with marks."""
    values: Callable[[Scope], Values]
    """What the record gives for these names."""
    span: str = ""
    """Which period it assumes: ``week``, ``month`` or ``stage``."""
    has_workbook: bool = False
    """Whether its lists also come as a workbook that can be imported again."""
    grows: bool = False
    """Whether it has pages for each finding, so that setting it may take a while."""
    standalone: bool = True
    """Whether it is made here; a letter is made from its own page."""
