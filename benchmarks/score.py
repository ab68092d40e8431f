"""Score the reading of documents against expected drafts.

In: a folder of documents, each beside a ``<name>.expected.json`` (``docs/samples.md``).  Out: a table per document and
per layout, and totals.  Only what the expected draft asserts is scored.  Titles are compared after :func:`fold`,
exactly; everything else of a finding is scored where its title was found, except measures, which are owed in any case.

Usage: ``python -m benchmarks.score [FOLDER] [--json] [--misses] [--fail-under NAME=VALUE ...]``
"""

from __future__ import annotations

import argparse
import functools
import json
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).resolve().parents[1] / "tests" / "samples"
FACTS = ("unit", "inspecting_body", "inspection_start", "inspection_end", "feedback_date", "document_date", "as_of")
MEASURES_OF = ("leader", "department", "person", "deadline")
PREFIX = 12
QUOTES = re.compile(r"[\"'“”‘’「」『』«»]")
INVISIBLE = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad]+")
GLOSS = re.compile(r"(?<=[\u4e00-\u9fff])\([a-zü\u00e0-\u01dc]+\)")
BAR = {
    "title_f1": 0.97, "worst_layout": 0.92, "prefix_recall": 0.95, "facts": 0.95, "counts": 0.95, "invented": 0.0,
}  # fmt: skip
"""The release bar: lower limits, but ``invented`` is an upper limit."""


@functools.cache
def _simplifier() -> Callable[[str], str]:
    import opencc  # slow to load, and only traditional texts wait for it

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert


@functools.lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return *text* as it is compared: NFKC, simplified, without quotes, white space, glosses and end punctuation."""
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    text = QUOTES.sub("", GLOSS.sub("", text)).rstrip("。.;,:、!")
    return _simplifier()(text)


def fold_unit(text: str) -> str:
    """Return the name of a unit without what only says that its party body is meant."""
    return re.sub(r"(党组|党委|党总支|党工委|党支部|总?支部(委员会)?|委员会)$", "", re.sub(r"^中共", "", fold(text)))


def fold_aspect(text: str) -> str:
    """Return an aspect's heading without its frame 在…方面."""
    phrase = re.sub(r"的?整改(落实|进展)?情况$", "", re.sub(r"^(在|关于)", "", fold(text)))
    return re.sub(r"(方面)?(存在)?的?(问题)?$", "", phrase)


@dataclass
class Tally:
    """Hits among trials."""

    hits: int = 0
    """How many were right."""
    trials: int = 0
    """How many were scored."""

    def add(self, right: bool) -> None:
        """Count one trial."""
        self.hits += right
        self.trials += 1

    @property
    def rate(self) -> float | None:
        """Share of hits; None when nothing was scored."""
        return self.hits / self.trials if self.trials else None


TALLIES = (
    "prefix_recall", "measure_count", "aspects", "numbers", "parents", "status", "responsibility", "deadlines",
    "facts", "counts", "family", "anomalies",
)  # fmt: skip


@dataclass
class Score:
    """The score of one document, one layout or everything."""

    matched: int = 0
    """Titles found."""
    expected: int = 0
    """Titles that should be found."""
    found: int = 0
    """Titles that the reader reported."""
    invented: int = 0
    """Findings reported in documents that have none."""
    unexpected_anomalies: int = 0
    """Anomalies reported that were not expected."""
    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in TALLIES})
    """Everything else, by name."""
    misses: list[str] = field(default_factory=list)
    """What went wrong, in words."""
    seconds: float = 0.0
    """Time of reading."""

    @property
    def precision(self) -> float:
        """Share of reported titles that are right."""
        return self.matched / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of expected titles that were reported."""
        return self.matched / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where there is nothing to find and nothing was found."""
        return 2 * self.matched / (self.expected + self.found) if self.expected + self.found else 1.0

    def merge(self, other: Score) -> None:
        """Add *other* to this score."""
        for name in ("matched", "expected", "found", "invented", "unexpected_anomalies", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name, tally in other.tallies.items():
            self.tallies[name].hits += tally.hits
            self.tallies[name].trials += tally.trials

    def as_dict(self) -> dict[str, float | int | None]:
        """Return the figures for JSON."""
        rates = {name: tally.rate for name, tally in self.tallies.items()}
        return {
            "expected": self.expected, "found": self.found, "precision": self.precision, "recall": self.recall,
            "title_f1": self.f1, **rates, "invented": self.invented,
            "unexpected_anomalies": self.unexpected_anomalies, "seconds": self.seconds,
        }  # fmt: skip


def pair_findings(expected: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[int | None]:
    """Return for each expected finding the index of the found one with its title, one to one, by order.

    Of several with one title the next one in order is taken, else the first still free.
    """
    places: dict[str, list[int]] = {}
    for index, finding in enumerate(found):
        places.setdefault(fold(finding.get("title", "")), []).append(index)
    pairs: list[int | None] = []
    last = -1
    for finding in expected:
        titles = [finding["title"], *finding.get("title_alternatives", [])]
        free = sorted(index for title in titles for index in places.get(fold(title), []))
        best = next((index for index in free if index > last), free[0] if free else None)
        pairs.append(best)
        if best is not None:
            last = best
            places[fold(found[best]["title"])].remove(best)
    return pairs


def score_draft(expected: dict[str, Any], draft: dict[str, Any]) -> Score:
    """Return the score of *draft*, a draft in its JSON form, against *expected*."""
    score = Score()
    found = draft.get("findings", [])
    pairs = pair_findings(expected["findings"], found)
    score.expected, score.found = len(pairs), len(found)
    score.matched = sum(index is not None for index in pairs)
    if not pairs:
        score.invented = len(found)
        score.misses += [f"invented: {finding['title'][:40]}" for finding in found]
    else:
        extra = set(range(len(found))) - {index for index in pairs if index is not None}
        score.misses += [f"extra title: {found[index]['title'][:60]}" for index in sorted(extra)]
    for finding, index in zip(expected["findings"], pairs, strict=True):
        _score_finding(score, expected, finding, draft, found[index] if index is not None else None)
    _score_facts(score, expected, draft)
    _score_anomalies(score, expected, draft)
    return score


def _score_finding(
    score: Score, expected: dict[str, Any], want: dict[str, Any], draft: dict[str, Any], got: dict[str, Any] | None
) -> None:
    name = f"{want['no']} {want['title'][:30]}"
    measures = want["measures"]
    free = [fold(item["text"]) for item in got["measures"]] if got else []
    for item in measures:
        prefix = fold(item["text"])[:PREFIX]
        hit = next((text for text in free if text.startswith(prefix)), None)
        right = hit is not None
        if hit is not None:
            free.remove(hit)
        score.tallies["prefix_recall"].add(right)
        if got and not right:
            score.misses.append(f"measure missing in {name}: {item['text'][:30]}")
    if got is None:
        score.misses.append(f"title missing: {want['no']} {want['title'][:60]}")
        score.tallies["measure_count"].add(False)
        return
    _check(score, "measure_count", f"measures of {name}", len(measures), len(got["measures"]))
    _check(score, "numbers", f"number of {name}", fold(want["no"]), fold(got.get("no", "")))
    if "aspects" in expected:
        _check(score, "aspects", f"aspect of {name}", _aspect(expected, want), _aspect(draft, got))
    if "parent_title" in want:
        _check(score, "parents", f"parent of {name}", fold(want["parent_title"]), fold(got.get("parent_title", "")))
    if want.get("status") != "any":
        _check(score, "status", f"status of {name}", want.get("status"), got.get("status"))
    for key, value in want.get("responsibility", {}).items():
        _check(score, "responsibility", f"{key} of {name}", fold(value), fold(_of_finding(got, key)))
    if "deadline" in want:
        _check(score, "deadlines", f"deadline of {name}", fold(want["deadline"]), fold(_of_finding(got, "deadline")))
    for number, (mine, theirs) in enumerate(zip(measures, got["measures"], strict=False), 1):
        for key in MEASURES_OF:
            if key in mine:
                tally = "deadlines" if key == "deadline" else "responsibility"
                given = theirs.get(key) or _of_finding(got, key)
                if key == "department" and not given:
                    given = _of_finding(got, "unit")  # 责任单位 is a department where it stands beside a measure
                _check(score, tally, f"{key} of measure {number} of {name}", fold(mine[key]), fold(given))


def _of_finding(got: dict[str, Any], key: str) -> str:
    """Return what *got* says of a finding as a whole: said of all its measures alike, it is the same statement."""
    own = got.get("deadline") if key == "deadline" else got.get("responsibility", {}).get(key)
    shared = {measure.get(key) for measure in got["measures"]}
    return str(own or (shared.pop() if len(shared) == 1 else "") or "")


def _aspect(draft: dict[str, Any], finding: dict[str, Any]) -> str:
    index = finding.get("aspect_index")
    return "" if index is None else fold_aspect(draft["aspects"][index]["title"])


def _check(score: Score, tally: str, name: str, want: Any, got: Any) -> None:
    score.tallies[tally].add(want == got)
    if want != got:
        score.misses.append(f"{name}: expected {want!r}, got {got!r}")


def _score_facts(score: Score, expected: dict[str, Any], draft: dict[str, Any]) -> None:
    families = expected["family"] if isinstance(expected["family"], list) else [expected["family"]]
    right = draft.get("family") in families
    score.tallies["family"].add(right)
    if not right:
        score.misses.append(f"family: expected {expected['family']!r}, got {draft.get('family')!r}")
    for fact in FACTS:
        if fact in expected:
            want, got = expected[fact], draft.get(fact)
            same = fold_unit if fact == "unit" else fold
            wanted = [same(item) for item in (want if isinstance(want, list) else [want] if want else [])]
            given = same(got) if got else None
            right = given in wanted if wanted else given is None
            score.tallies["facts"].add(right)
            if not right:
                score.misses.append(f"{fact}: expected {want!r}, got {got!r}")
    if "counts" in expected:
        got_counts = draft.get("counts", {})
        for key in sorted({*expected["counts"], *got_counts}):
            _check(score, "counts", f"counts.{key}", expected["counts"].get(key), got_counts.get(key))


def _score_anomalies(score: Score, expected: dict[str, Any], draft: dict[str, Any]) -> None:
    free = list(draft.get("anomalies", []))
    for want in expected.get("anomalies", []):
        mine = fold(want["text"])
        hit = next((item for item in free if item["kind"] == want["kind"] and _touch(mine, fold(item["text"]))), None)
        score.tallies["anomalies"].add(hit is not None)
        if hit is None:
            score.misses.append(f"anomaly missed: {want['kind']} {want['text'][:30]}")
        else:
            free.remove(hit)
    wanted_kinds = {want["kind"] for want in expected.get("anomalies", [])}
    strays = [item for item in free if item["kind"] not in wanted_kinds]
    score.unexpected_anomalies = len(strays)
    score.misses += [f"unexpected anomaly: {item['kind']} {item['text'][:40]}" for item in strays]


def _touch(mine: str, theirs: str) -> bool:
    return mine in theirs or theirs in mine


@dataclass
class Result:
    """One document read and scored."""

    path: Path
    """The document."""
    layout: str
    """Its layout, as its expectation names it."""
    family: str
    """Its family."""
    score: Score
    """How well it was read."""


def find_documents(folder: Path) -> list[tuple[Path, Path]]:
    """Return the documents under *folder* that have an expectation beside them, with that expectation."""
    pairs = []
    for expectation in sorted(folder.rglob("*.expected.json")):
        beside = sorted(expectation.parent.glob(expectation.name.removesuffix(".expected.json") + ".*"))
        pairs += [(path, expectation) for path in beside if path.suffix != ".json"]
    return pairs


def read_as_json(path: Path) -> dict[str, Any]:
    """Return the draft of the document at *path* in its JSON form."""
    from zhenggai.docparse import read_draft  # so that --help answers without loading the readers
    from zhenggai.docparse.draft import draft_to_json

    _, draft = read_draft(path)
    return draft_to_json(draft)


def score_folder(folder: Path, read: Callable[[Path], dict[str, Any]] = read_as_json) -> list[Result]:
    """Read and score every document under *folder*; a document that cannot be read scores as an empty draft."""
    results = []
    for path, expectation in find_documents(folder):
        expected = json.loads(expectation.read_text(encoding="utf-8"))
        began = time.perf_counter()
        try:
            draft = read(path)
            failure = ""
        except Exception as error:  # noqa: BLE001 - one broken document must not hide the score of the others; it is reported
            draft, failure = {}, f"failed: {type(error).__name__}: {error}"
        seconds = time.perf_counter() - began
        score = score_draft(expected, draft)
        score.seconds = seconds
        if failure:
            score.misses.insert(0, failure)
        family = expected["family"] if isinstance(expected["family"], str) else expected["family"][0]
        results.append(Result(path, expected.get("layout", ""), family, score))
    return results


def total(results: Iterable[Result]) -> Score:
    """Return the sum of *results*."""
    score = Score()
    for result in results:
        score.merge(result.score)
    return score


def by_layout(results: list[Result]) -> dict[str, Score]:
    """Return the sums per layout."""
    names = sorted({item.layout for item in results})
    return {name: total(item for item in results if item.layout == name) for name in names}


def summary(results: list[Result]) -> dict[str, float]:
    """Return the figures that the release bar looks at."""
    whole = total(results)
    layouts = [score.f1 for score in by_layout(results).values() if score.expected]
    worst = min(layouts, default=1.0)
    figures: dict[str, float] = {"title_f1": whole.f1, "worst_layout": worst, "invented": whole.invented}
    for name, tally in whole.tallies.items():
        figures[name] = 1.0 if tally.rate is None else tally.rate
    return figures


def below(figures: dict[str, float], limits: dict[str, float]) -> list[str]:
    """Return one sentence for each limit that *figures* do not keep."""
    return [
        f"{name} is {figures[name]:.3f}, the limit is {limit:g}"
        for name, limit in limits.items()
        if (figures[name] > limit if name == "invented" else figures[name] < limit)
    ]


def _print_table(results: list[Result], misses: bool) -> None:
    from rich.console import Console  # the JSON output does without it
    from rich.table import Table

    console = Console(width=200 if not sys.stdout.isatty() else None)
    columns = ("expected", "found", "precision", "recall", "title_f1", *TALLIES, "invented", "unexpected_anomalies")
    short = [
        "want",
        "got",
        "P",
        "R",
        "F1",
        "prefix",
        "count",
        "aspect",
        "no",
        "parent",
        "status",
        "resp",
        "due",
        "facts",
        "counts",
        "family",
        "anom",
        "inv",
        "anom+",
    ]

    def cell(value: float | None) -> str:
        if value is None:
            return "·"
        return str(value) if isinstance(value, int) else f"{value:.3f}"

    def show(title: str, rows: list[tuple[str, Score]]) -> None:
        table = Table(title=title, title_justify="left", padding=(0, 1), box=None)
        table.add_column("", no_wrap=True, max_width=44, overflow="ellipsis")
        for name in short:
            table.add_column(name, justify="right", no_wrap=True)
        for name, score in rows:
            values = score.as_dict()
            table.add_row(name, *(cell(values[column]) for column in columns))
        console.print(table)

    show("documents", [(f"{item.path.parent.name}/{item.path.name}", item.score) for item in results])
    show("\nlayouts", list(by_layout(results).items()))
    families = sorted({item.family for item in results})
    show("\nfamilies", [(name, total(item for item in results if item.family == name)) for name in families])
    show("\nall", [(f"{len(results)} documents", total(results))])
    if misses:
        for item in results:
            for miss in item.score.misses:
                print(f"{item.path.parent.name}/{item.path.name}: {miss}")


def _as_json(results: list[Result], folder: Path) -> dict[str, Any]:
    documents = {
        str(item.path.relative_to(folder)): item.score.as_dict()
        | {"layout": item.layout, "family": item.family, "misses": item.score.misses}
        for item in results
    }
    layouts = {name: score.as_dict() for name, score in by_layout(results).items()}
    return {"summary": summary(results), "all": total(results).as_dict(), "layouts": layouts, "documents": documents}


def _limit(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    return name, float(value)


def main(arguments: list[str] | None = None) -> int:
    """Score a folder and print; exit with 1 when a limit is not kept, with 2 when the folder holds no document."""
    parser = argparse.ArgumentParser(description="Score the reading of documents against expected drafts.")
    parser.add_argument(
        "folder", nargs="?", type=Path, default=SAMPLES, help="documents with *.expected.json beside them"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    parser.add_argument("--misses", action="store_true", help="list what went wrong, document by document")
    parser.add_argument(
        "--fail-under", nargs="*", type=_limit, metavar="NAME=VALUE",
        help="exit with 1 below these limits; without any: below the release bar",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    results = score_folder(options.folder)
    if not results:
        print(f"no document with an expectation under {options.folder}", file=sys.stderr)
        return 2
    figures = summary(results)
    limits = {} if options.fail_under is None else dict(options.fail_under) or BAR
    complaints = below(figures, limits)
    if options.json:
        print(json.dumps(_as_json(results, options.folder) | {"below": complaints}, ensure_ascii=False, indent=1))
    else:
        _print_table(results, options.misses)
        worst = min(((s.f1, n) for n, s in by_layout(results).items() if s.expected), default=(1.0, "none"))
        print(f"\nworst layout: {worst[1]} {worst[0]:.3f}")
        for complaint in complaints:
            print(f"below the bar: {complaint}")
    return 1 if complaints else 0


if __name__ == "__main__":
    raise SystemExit(main())
