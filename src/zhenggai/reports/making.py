"""A paper of a scope → its Word file by the template in force, and from that file its preview and PDF.

What is shown and printed is read back from the Word file, so that all three say the same whichever template made it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import override

from zhenggai.audit.actions import record
from zhenggai.gongwen import OfficialDocument, check_layout, read_docx, settle_signature, to_docx, to_html, to_pdf
from zhenggai.gongwen.checking import LayoutIssue
from zhenggai.kit.errors import ZhenggaiError
from zhenggai.oversight.documents import letter_docx
from zhenggai.oversight.models import Letter
from zhenggai.people.models import Unit, User
from zhenggai.render.docx import fill_docx
from zhenggai.reports import codes
from zhenggai.reports.checking import TemplateIssue, check_template
from zhenggai.reports.names import trial_values
from zhenggai.reports.papers import PAPERS, Paper
from zhenggai.reports.queries import template_content, template_in_use
from zhenggai.reports.scope import Scope

LANGUAGE = "zh-hans"
"""What papers are written in, whatever language the pages of their reader are in."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a look at a template found."""

    issues: tuple[TemplateIssue, ...]
    """Why it may not be used; empty when it may."""
    layout: tuple[LayoutIssue, ...]
    """What in the layout of a paper made by it departs from the standard: advice, no hindrance."""


@lru_cache(maxsize=32)
def shipped_template(code: str) -> bytes:
    """Return the shipped template of a paper as a Word file."""
    with override(LANGUAGE):
        return to_docx(PAPERS[code].shipped())


def template_of(unit: Unit, code: str) -> bytes:
    """Return the template in force for a paper of *unit*: its own, or the shipped one."""
    own = template_in_use(unit, code)
    return template_content(own) if own is not None else shipped_template(code)


def make_docx(paper: Paper, scope: Scope) -> bytes:
    """Return *paper* about *scope* as a Word file.

    Raises:
        BadTemplate: the template cannot be filled.
        NothingToReport: there is nothing it could be about.
    """
    with override(LANGUAGE):
        values = paper.values(scope)
    filled = fill_docx(template_of(scope.unit, paper.code), values, name=str(paper.label))
    return settle_signature(filled)


def make_tree(paper: Paper, scope: Scope) -> OfficialDocument:
    """Return *paper* about *scope* as the tree of its Word file."""
    return read_docx(make_docx(paper, scope))


def make_pdf(paper: Paper, scope: Scope) -> bytes:
    """Return *paper* about *scope* as PDF."""
    return to_pdf(make_tree(paper, scope))


def make_html(paper: Paper, scope: Scope, *, level: int = 2) -> str:
    """Return *paper* about *scope* as a fragment of HTML."""
    return to_html(make_tree(paper, scope), level=level)


def make_letter(letter: Letter) -> bytes:
    """Return a letter as a Word file by the template of its body."""
    own = template_in_use(letter.unit, codes.LETTER)
    with override(LANGUAGE):
        return settle_signature(letter_docx(letter, template_content(own) if own is not None else None))


def make_letter_pdf(letter: Letter) -> bytes:
    """Return a letter as PDF."""
    return to_pdf(read_docx(make_letter(letter)))


def try_template(paper: Paper, content: bytes, name: str) -> Trial:
    """Look at a template without trusting it, and where nothing stands against it fill it with trial values.

    Raises:
        UnreadableFile: it is no Word file, or not a safe one.
        BadTemplate, TooMuchFilled: it cannot be filled.
    """
    issues = check_template(content, paper.names, name)
    if issues:
        return Trial(issues, ())
    filled = fill_docx(content, trial_values(paper.names), name=name)
    read_docx(filled, name)
    return Trial((), check_layout(filled, name))


def make_trial_html(paper: Paper, template: bytes) -> str:
    """Return what *template* makes of invented values, as a fragment of HTML; empty when it cannot be filled."""
    try:
        return to_html(read_docx(fill_docx(template, trial_values(paper.names))), level=3)
    except ZhenggaiError:
        return ""


def tell_made(paper: Paper, scope: Scope, form: str, *, actor: User) -> None:
    """Note in the trail that a paper left the record as a file."""
    data = {"paper": paper.code, "form": form, "query": scope.as_query()}
    record(
        actor=actor, code=codes.PAPER_MADE, object_type="round", object_id=scope.round.pk, object_label=f"{paper.label} {scope.round.name}",
        data=data,
    )  # fmt: skip
