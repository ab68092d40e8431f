"""The release bar: how well our own sample documents are read, and that the scorer says the truth about it."""

from __future__ import annotations

import copy
import functools
import json
from typing import Any

import pytest

from benchmarks.score import (
    BAR,
    SAMPLES,
    Result,
    by_layout,
    find_documents,
    fold,
    pair_findings,
    score_draft,
    score_folder,
    summary,
)
from scripts.build_samples import SOURCES, build, build_expectation, read_source

EXPECTATIONS = [json.loads(path.read_text(encoding="utf-8")) for _, path in find_documents(SAMPLES)]
TEXT_FORMATS = {"txt", "csv", "tsv", "html"}


@functools.cache
def results() -> list[Result]:
    """Return the samples, read and scored once for all tests of this module."""
    return score_folder(SAMPLES)


def misses() -> str:
    """Return what was missed, to be shown when a limit is not kept."""
    return "\n".join(f"{item.path.parent.name}/{item.path.name}: {m}" for item in results() for m in item.score.misses)


def test_no_sample_fails_to_be_read() -> None:
    assert [miss for item in results() for miss in item.score.misses if miss.startswith("failed:")] == []


@pytest.mark.parametrize("name", [name for name in BAR if name not in ("worst_layout", "invented")])
def test_release_bar(name: str) -> None:
    assert summary(results())[name] >= BAR[name], misses()


def test_every_layout_keeps_the_bar() -> None:
    low = {name: round(score.f1, 3) for name, score in by_layout(results()).items() if score.f1 < BAR["worst_layout"]}
    assert low == {}, misses()


def test_no_problem_is_invented_where_there_is_none() -> None:
    assert {str(item.path): item.score.invented for item in results() if item.score.invented} == {}


def test_samples_span_families_formats_and_sizes() -> None:
    documents = [path for path, _ in find_documents(SAMPLES)]
    sizes = [len(item["findings"]) for item in EXPECTATIONS]
    assert len(documents) >= 45
    assert {path.suffix for path in documents} >= {".txt", ".html", ".docx", ".xlsx", ".xls", ".csv", ".tsv", ".pdf"}
    families = [item["family"] for item in EXPECTATIONS]
    assert {family if isinstance(family, str) else family[0] for family in families} == {
        "progress_notice", "feedback", "plan", "ledger", "audit_report", "environment_plan", "self_examination",
        "round_report", "other",
    }  # fmt: skip
    assert max(sizes) >= 60
    assert sum(size == 0 for size in sizes) >= 8
    assert len({item["layout"] for item in EXPECTATIONS}) >= 40


@pytest.mark.parametrize("path", sorted(SOURCES.glob("*/*.sample")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_samples_agree_with_their_sources(path: Any) -> None:
    source = read_source(path)
    expected, _ = build_expectation(source)
    beside = source.target.with_suffix(".expected.json")
    assert json.loads(beside.read_text(encoding="utf-8")) == expected
    if source.header["format"] in TEXT_FORMATS:  # binary formats depend on the fonts and libraries of the machine
        assert source.target.read_bytes() == build(path)[source.target]
    assert source.target.stat().st_size < 300_000


def test_a_draft_that_says_what_is_expected_scores_full_and_any_loss_is_seen() -> None:
    expected = next(item for item in EXPECTATIONS if item["layout"] == "labels-one-line")
    whole = score_draft(expected, _as_draft(expected))
    assert (whole.f1, whole.misses) == (1.0, [])
    assert {tally.rate for tally in whole.tallies.values()} <= {1.0, None}

    lost = _as_draft(expected)
    gone = lost["findings"].pop(0)
    score = score_draft(expected, lost)
    assert score.recall == pytest.approx(1 - 1 / len(expected["findings"]))
    assert score.tallies["prefix_recall"].trials - score.tallies["prefix_recall"].hits == len(gone["measures"])

    wrong = _as_draft(expected)
    wrong["findings"].append({"no": "9", "title": "并不存在的问题", "measures": []})
    wrong["findings"][1]["status"] = "not_completed"
    wrong["findings"][1]["measures"].append({"text": "并不存在的措施"})
    wrong["counts"]["measures"] = 3
    score = score_draft(expected, wrong)
    assert score.precision < 1 and score.recall == 1
    full = {name for name, tally in score.tallies.items() if tally.rate == 1.0}
    assert "facts" in full
    assert full.isdisjoint({"status", "measure_count", "counts"})


def test_findings_on_a_page_without_problems_are_counted_as_invented() -> None:
    expected = next(item for item in EXPECTATIONS if item["layout"] == "negative-regulation")
    assert score_draft(expected, {"family": "other"}).invented == 0
    assert score_draft(expected, {"family": "other", "findings": [{"title": "整改不力", "measures": []}]}).invented == 1


def test_titles_are_paired_one_to_one_by_order_with_quotes_and_stops_aside() -> None:
    expected = [{"title": "学习“走过场”"}, {"title": "会议多"}, {"title": "会议多"}]
    found = [{"title": "会议多。"}, {"title": "学习走过场"}, {"title": "会议多"}]
    assert pair_findings(expected, found) == [1, 2, 0]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("黨組關於整改", "党组关于整改"),
        ("整(zhěng)改", "整改"),
        ("整\u200b改 情况", "整改情况"),
        ("１．２万元；", "1.2万元"),
    ],
)
def test_what_damage_does_to_letters_does_not_count_as_a_difference(first: str, second: str) -> None:
    assert fold(first) == fold(second)


def _as_draft(expected: dict[str, Any]) -> dict[str, Any]:
    return copy.deepcopy({key: value for key, value in expected.items() if key != "layout"})
