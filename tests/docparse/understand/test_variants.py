"""One content, every layout: what is found must not depend on how the paper is laid out."""

from __future__ import annotations

import os
import random
from functools import cache

import pytest

from tests.docparse.understand.noise import NOISES
from tests.docparse.understand.variants import (
    ASPECTS,
    FINDINGS,
    MEASURES,
    Layout,
    all_layouts,
    document_of,
    expected,
    render,
)
from zhenggai.docparse.draft import Draft
from zhenggai.docparse.understand import understand
from zhenggai.kit.text import comparison_key

MANY = 2400 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 300
"""How many of the layouts a test looks at."""


@cache
def _clean(layout: Layout) -> Draft:
    """Return what is understood of a paper laid out so."""
    return understand(document_of(render(layout)))


def _mistakes(layout: Layout, draft: Draft) -> str:
    want = expected(layout)
    titles = [comparison_key(finding.title) for finding in draft.findings]
    if titles != [comparison_key(title) for _, title, _ in want]:
        return "titles"
    for finding, (aspect, _, _) in zip(draft.findings, want, strict=True):
        found = draft.aspects[finding.aspect_index].title if finding.aspect_index is not None else ""
        if bool(aspect) != bool(found) or comparison_key((aspect or "").removesuffix("方面")) not in comparison_key(
            found
        ):
            return "aspect"
    if [len(finding.measures) for finding in draft.findings] != [len(measures) for *_, measures in want]:
        return "measure count"
    pairs = [
        (mine.text, text)
        for finding, (*_, measures) in zip(draft.findings, want, strict=True)
        for mine, text in zip(finding.measures, measures, strict=True)
    ]
    return "" if all(comparison_key(mine)[:12] == comparison_key(text)[:12] for mine, text in pairs) else "measure text"


@pytest.fixture(scope="module")
def layouts() -> list[Layout]:
    return all_layouts()


def _sample(layouts: list[Layout], count: int, seed: int) -> list[Layout]:
    return random.Random(seed).sample(layouts, count)


def test_titles_and_aspects_are_found_in_every_layout(layouts: list[Layout]) -> None:
    wrong = [
        (layout.name(), mistake)
        for layout in _sample(layouts, MANY, 11)
        if (mistake := _mistakes(layout, _clean(layout))) in ("titles", "aspect")
    ]
    assert wrong == []


def test_measures_are_found_in_nearly_every_layout(layouts: list[Layout]) -> None:
    sample = _sample(layouts, MANY, 12)
    wrong = [layout.name() for layout in sample if _mistakes(layout, _clean(layout))]
    assert len(wrong) <= len(sample) * 0.03, wrong


@pytest.mark.parametrize("name", NOISES)
def test_damage_to_the_writing_changes_nothing(layouts: list[Layout], name: str) -> None:
    sample = _sample(layouts, 60, 13)
    wrong = []
    for layout in sample:
        draft = understand(document_of(NOISES[name](render(layout))))
        if [comparison_key(f.title) for f in draft.findings] != [
            comparison_key(f.title) for f in _clean(layout).findings
        ]:
            wrong.append(layout.name())
    assert wrong == []


def test_clean_papers_are_not_accused(layouts: list[Layout]) -> None:
    for layout in _sample(layouts, 200, 14):
        draft = _clean(layout)
        if not _mistakes(layout, draft):
            assert draft.anomalies == (), layout.name()


def test_every_choice_of_every_dimension_is_read() -> None:
    base = Layout()
    for aspect in ASPECTS:
        layout = Layout(section="no", aspect=aspect)
        assert _mistakes(layout, understand(document_of(render(layout)))) == "", layout.name()
    for finding in FINDINGS:
        layout = Layout(section="no", aspect="plain" if finding in ("一、", "（一）") else base.aspect, finding=finding)
        assert _mistakes(layout, understand(document_of(render(layout)))) == "" or finding == "1.1", layout.name()
    for measure in MEASURES:
        if measure not in ("1.lines", "1.inline"):
            layout = Layout(measure=measure)
            assert _mistakes(layout, understand(document_of(render(layout)))) == "", layout.name()


def test_every_piece_stands_where_its_span_says() -> None:
    text = render(Layout())
    draft = understand(document_of(text), explain=True)
    for finding in draft.findings:
        start, end = finding.title_span
        assert text[start:end] == finding.title
        for measure in finding.measures:
            assert text[measure.span[0] : measure.span[1]] == measure.text
    assert {decision.role for decision in draft.decisions} >= {"finding", "aspect", "skipped"}
    assert all(decision.reasons for decision in draft.decisions)
