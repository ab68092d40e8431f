"""Score the figure checker against labelled texts.

In: ``tests/figures_set/*.yaml``, texts with the claims that a careful reader would mark (``docs/samples.md``).  Out: for
the half that may be looked at (``dev-*``) and the half that may not (``heldout-*``) precision and recall of accusations,
accusations in clean texts, recall of the other verdicts, and the same by kind and by genre.

Usage: ``python -m benchmarks.score_figures [FOLDER] [--json] [--all]``; what went wrong is listed of the first half
only, with ``--all`` of both.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

SET = Path(__file__).resolve().parents[1] / "tests" / "figures_set"
HALVES = ("dev", "heldout")
VERDICTS = ("contradictory", "truncated", "consistent", "uncheckable", "disputable")
"""What a label says; ``disputable`` is a place where careful readers differ, and an accusation there counts neither way."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A claim with its verdict: a label of the set, or an answer of the checker."""

    start: int
    """First character in the text."""
    end: int
    """Behind the last character."""
    verdict: str
    """One of :data:`VERDICTS`."""
    kind: str
    """What relation it is about; labels and checker name kinds each in their own way."""
    text: str
    """The words."""
    reason: str
    """Why."""
    also: tuple[int, int] | None = None
    """A second place where the same thing may be marked, far from the first."""

    def touches(self, other: Mark) -> bool:
        """Return whether *other*, an answer, shares a character with this label."""
        places = [(self.start, self.end), *([self.also] if self.also else [])]
        return any(start < other.end and other.start < end for start, end in places)


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled text."""

    id: str
    """Its name, unique in the set."""
    half: str
    """``dev`` or ``heldout``."""
    genre: str
    """What sort of text it is."""
    text: str
    """The text."""
    marks: tuple[Mark, ...]
    """Its labels."""

    @property
    def clean(self) -> bool:
        """Whether nothing in it may be accused."""
        return not any(mark.verdict in ("contradictory", "truncated", "disputable") for mark in self.marks)


@dataclass
class Score:
    """The score over some texts."""

    texts: int = 0
    """How many were checked."""
    clean_texts: int = 0
    """How many of them are clean."""
    accused: int = 0
    """Accusations made, without those at disputable places."""
    accused_rightly: int = 0
    """Accusations that touch a contradiction."""
    accused_in_clean: int = 0
    """Accusations in clean texts."""
    labels: Counter[str] = field(default_factory=Counter)
    """Labels by verdict."""
    found: Counter[str] = field(default_factory=Counter)
    """Labels by verdict that an answer of the same verdict touches."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Contradictions by kind of label."""
    kinds_found: Counter[str] = field(default_factory=Counter)
    """Those that were found."""
    wrong_kinds: Counter[str] = field(default_factory=Counter)
    """Wrong accusations by the checker's own kind."""
    characters: int = 0
    """Length of the texts."""
    seconds: float = 0.0
    """Time of checking."""
    misses: list[str] = field(default_factory=list)
    """What went wrong, in words."""

    @property
    def precision(self) -> float:
        """Share of accusations that are right."""
        return self.accused_rightly / self.accused if self.accused else 1.0

    def recall(self, verdict: str = "contradictory") -> float:
        """Share of the labels with *verdict* that were found."""
        return self.found[verdict] / self.labels[verdict] if self.labels[verdict] else 1.0

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for JSON."""
        return {
            "texts": self.texts, "clean_texts": self.clean_texts, "contradictions": self.labels["contradictory"],
            "accusations": self.accused, "precision": self.precision, "recall": self.recall(),
            "accused_in_clean": self.accused_in_clean, "truncated_recall": self.recall("truncated"),
            "consistent_recall": self.recall("consistent"), "seconds": self.seconds,
            "kinds": {kind: [self.kinds_found[kind], count] for kind, count in sorted(self.kinds.items())},
        }  # fmt: skip


def read_set(folder: Path) -> list[Sample]:
    """Return the labelled texts in *folder*.

    Raises:
        ValueError: an anchor does not stand exactly once in its text.
    """
    samples = []
    for path in sorted(folder.glob("*.yaml")):
        half = path.name.partition("-")[0]
        for entry in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader):
            text = entry["text"]
            marks = []
            for claim in entry["claims"]:
                places = []
                for words in filter(None, (claim["anchor"], claim.get("also"))):
                    if text.count(words) != 1:
                        raise ValueError(f"{path.name}: {entry['id']}: {words!r} stands {text.count(words)} times")
                    places.append((text.index(words), text.index(words) + len(words)))
                start, end = places[0]
                also = places[1] if len(places) > 1 else None
                marks.append(Mark(start, end, claim["verdict"], claim["kind"], claim["anchor"], claim["reason"], also))
            samples.append(Sample(entry["id"], half, entry["genre"], text, tuple(marks)))
    return samples


def check_text(text: str) -> list[Mark]:
    """Return what the checker says of *text*."""
    from zhenggai.figures import check  # so that --help answers without loading the checker

    return [
        Mark(
            *tuple(claim.span),
            str(getattr(claim.verdict, "value", claim.verdict)),
            claim.kind,
            claim.text,
            claim.reason,
        )
        for claim in check(text).claims
    ]


def score_sample(sample: Sample, answers: Iterable[Mark]) -> Score:
    """Return the score of *answers* to one text."""
    score = Score(texts=1, clean_texts=sample.clean, characters=len(sample.text))
    answers = list(answers)
    for label in sample.marks:
        same = any(answer.verdict == label.verdict and label.touches(answer) for answer in answers)
        score.labels[label.verdict] += 1
        score.found[label.verdict] += same
        if label.verdict == "contradictory":
            score.kinds[label.kind] += 1
            score.kinds_found[label.kind] += same
        if not same and label.verdict in ("contradictory", "truncated"):
            score.misses.append(f"missed {label.verdict} {label.kind}: {label.text} ({label.reason})")
    for answer in answers:
        touched = {label.verdict for label in sample.marks if label.touches(answer)}
        if answer.verdict != "contradictory" or ("disputable" in touched and "contradictory" not in touched):
            continue
        right = "contradictory" in touched
        score.accused += 1
        score.accused_rightly += right
        if not right:
            score.accused_in_clean += sample.clean
            score.wrong_kinds[answer.kind] += 1
            where = "in a clean text " if sample.clean else ""
            score.misses.append(f"wrongly accused {where}{answer.kind}: {answer.text} ({answer.reason})")
    return score


def total(scores: Iterable[Score]) -> Score:
    """Return the sum of *scores*, without their misses."""
    whole = Score()
    for score in scores:
        for name in ("texts", "clean_texts", "accused", "accused_rightly", "accused_in_clean", "characters", "seconds"):
            setattr(whole, name, getattr(whole, name) + getattr(score, name))
        for name in ("labels", "found", "kinds", "kinds_found", "wrong_kinds"):
            getattr(whole, name).update(getattr(score, name))
    return whole


def score_set(
    samples: Iterable[Sample], answer: Callable[[str], list[Mark]] = check_text
) -> list[tuple[Sample, Score]]:
    """Check and score every text."""
    results = []
    for sample in samples:
        began = time.perf_counter()
        answers = answer(sample.text)
        seconds = time.perf_counter() - began
        score = score_sample(sample, answers)
        score.seconds = seconds
        results.append((sample, score))
    return results


def by_half(results: list[tuple[Sample, Score]]) -> dict[str, Score]:
    """Return the sums of the two halves."""
    return {half: total(score for sample, score in results if sample.half == half) for half in HALVES}


def _print_tables(results: list[tuple[Sample, Score]], everything: bool) -> None:
    from rich.console import Console  # the JSON output does without it
    from rich.table import Table

    console = Console(width=160 if not sys.stdout.isatty() else None)
    halves = by_half(results)

    def show(title: str, head: list[str], rows: Iterable[list[str]]) -> None:
        table = Table(title=title, title_justify="left", padding=(0, 1), box=None)
        for number, name in enumerate(head):
            table.add_column(name, justify="right" if number else "left", no_wrap=True)
        for row in rows:
            table.add_row(*row)
        console.print(table)

    def cells(name: str, score: Score) -> list[str]:
        numbers = [score.texts, score.clean_texts, score.labels["contradictory"], score.accused]
        rates = [score.precision, score.recall()]
        others = [score.recall("truncated"), score.recall("consistent")]
        return [
            name, *map(str, numbers), *(f"{rate:.3f}" for rate in rates), str(score.accused_in_clean),
            *(f"{rate:.3f}" for rate in others),
        ]  # fmt: skip

    head = ["", "texts", "clean", "false", "accused", "P", "R", "in clean", "trunc R", "consist R"]
    show("figures", head, [cells(half, score) for half, score in halves.items()])
    genres = sorted({sample.genre for sample, _ in results})
    rows = [cells(name, total(score for sample, score in results if sample.genre == name)) for name in genres]
    show("\ngenres", head, rows)
    kinds = sorted({kind for score in halves.values() for kind in score.kinds})
    show("\nkinds of contradiction, found of labelled", ["", *HALVES], (
        [kind, *(f"{halves[half].kinds_found[kind]}/{halves[half].kinds[kind]}" for half in HALVES)] for kind in kinds
    ))  # fmt: skip
    wrong = sorted({kind for score in halves.values() for kind in score.wrong_kinds})
    if wrong:
        show("\nwrong accusations, by the checker's kind", ["", *HALVES], (
            [kind, *(str(halves[half].wrong_kinds[kind]) for half in HALVES)] for kind in wrong
        ))  # fmt: skip
    whole = total(score for _, score in results)
    print(f"\n{whole.characters} characters in {whole.seconds:.2f} s")
    for sample, score in results:
        if everything or sample.half == HALVES[0]:
            for miss in score.misses:
                print(f"{sample.id}: {miss}")


def main(arguments: list[str] | None = None) -> int:
    """Score the set and print; exit with 2 when the folder holds no labelled text."""
    parser = argparse.ArgumentParser(description="Score the figure checker against labelled texts.")
    parser.add_argument("folder", nargs="?", type=Path, default=SET, help="folder of dev-*.yaml and heldout-*.yaml")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    parser.add_argument("--all", action="store_true", help="list what went wrong in the held-out half too")
    options = parser.parse_args(arguments)
    samples = read_set(options.folder)
    if not samples:
        print(f"no labelled text under {options.folder}", file=sys.stderr)
        return 2
    results = score_set(samples)
    if options.json:
        halves = {half: score.as_dict() for half, score in by_half(results).items()}
        misses = {
            sample.id: score.misses
            for sample, score in results
            if score.misses and (options.all or sample.half == HALVES[0])
        }
        print(json.dumps(halves | {"misses": misses}, ensure_ascii=False, indent=1))
    else:
        _print_tables(results, options.all)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
