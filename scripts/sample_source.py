"""Read the annotated sources of the samples: a header and a text with marks, as ``docs/samples.md`` lists them.

In: a ``.sample`` file.  Out: the expected draft as JSON, the lines without marks, and those lines as pieces for the
formats that have structure.  The expectation comes from the marks alone, never from a parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).resolve().parents[1] / "tests" / "samples"
SOURCES = SAMPLES / "sources"
FACTS = ("unit", "inspecting_body", "inspection_start", "inspection_end", "feedback_date", "document_date", "as_of")
WHO = {"L": "leader", "D": "department", "R": "person", "U": "unit", "C": "support", "V": "supervisor"}
MEASURE_WHO = {"l": "leader", "d": "department", "r": "person"}
MARK = re.compile(r"\{(>?[A-Za-z@]\*?)(?::([^|{}]*))?\|")
EDIT = re.compile(r"⟦([+\-^])(.*?)⟧")
"""Tracked insertions and deletions, and footnotes, in a source."""


@dataclass
class Expectation:
    """The expected draft, grown while the marks of a source are met in reading order."""

    aspects: list[dict[str, Any]] = field(default_factory=list)
    """Aspects met so far."""
    findings: list[dict[str, Any]] = field(default_factory=list)
    """Findings met so far."""
    anomalies: list[dict[str, str]] = field(default_factory=list)
    """Anomalies met so far."""
    current: int = -1
    """Index of the finding that the next measure belongs to."""
    aspect: int | None = None
    """Index of the aspect that the next finding belongs to."""
    parent: tuple[str, str] | None = None
    """Number and title of the heading between aspect and finding."""

    waiting: list[tuple[str, str, str]] = field(default_factory=list)
    """Marks met before the finding they belong to (``{>U|…}``)."""

    def add(self, key: str, argument: str, text: str) -> None:
        """Take one mark: *key* with its *argument* around the visible *text*."""
        if key.startswith(">"):
            self.waiting.append((key[1:], argument, text))
        elif key == "A":
            self.parent = None
            known = [item["title"] for item in self.aspects]
            if text not in known:
                self.aspects.append({"no": argument, "title": text})
                known.append(text)
            self.aspect = known.index(text)
        elif key == "P":
            self.parent = (argument, text)
        elif key in ("F", "F*"):
            self._add_finding(key, argument, text)
        elif key == "@":
            self.current = int(argument) - 1
        elif key == "X":
            self.anomalies.append({"kind": argument, "text": text})
        else:
            self._add_detail(self.findings[self.current], key, argument, text)

    def _add_finding(self, key: str, argument: str, text: str) -> None:
        number, *others = argument.split("~")
        if key == "F*":
            first = re.split(r"[，,:：；;。]", text)[0]
            others += [first] if first != text else []
        finding: dict[str, Any] = {"no": number, "title": text.rstrip("。"), "measures": []}
        if others:
            finding["title_alternatives"] = others
        if self.aspect is not None:
            finding["aspect_index"] = self.aspect
        if self.parent:
            finding["parent_no"], finding["parent_title"] = self.parent
        self.findings.append(finding)
        self.current = len(self.findings) - 1
        for mark in self.waiting:
            self._add_detail(finding, *mark)
        self.waiting.clear()

    def _add_detail(self, finding: dict[str, Any], key: str, argument: str, text: str) -> None:
        if key == "M":
            finding["measures"].append({"text": text})
        elif key in MEASURE_WHO:
            finding["measures"][-1][MEASURE_WHO[key]] = text
        elif key == "t":
            finding["measures"][-1]["deadline"] = argument or text
        elif key in WHO:
            finding.setdefault("responsibility", {})[WHO[key]] = text
        elif key == "T":
            finding["deadline"] = argument or text
        elif key == "S":
            finding["status"] = argument
            if argument != "any":
                finding["status_text"] = text
        elif key == "N":
            finding.setdefault("progress", []).append(text)
        elif key == "W":
            finding["description"] = text
        elif key == "G":
            finding["target"] = text
        else:
            raise ValueError(f"unknown mark {key}")


def read_marks(text: str, expected: Expectation) -> str:
    """Return *text* without marks, having told *expected* each of them, outer before inner."""
    parts: list[str] = []
    position = 0
    while match := MARK.search(text, position):
        parts.append(text[position : match.start()])
        depth, end = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        inner = text[match.end() : end - 1]
        aside = Expectation(findings=[{"measures": [{}]}], current=0)
        expected.add(match[1], match[2] or "", visible(read_marks(inner, aside)))
        # The inner marks are met again, now for good, because the outer one may open the finding they belong to.
        parts.append(read_marks(inner, expected))
        position = end
    return "".join(parts) + text[position:]


def visible(text: str) -> str:
    """Return what a reader sees of *text*: insertions stay, deletions and footnotes go, ``\\n`` becomes a line end."""
    return EDIT.sub(lambda match: match[2] if match[1] == "+" else "", text).replace("\\n", "\n").lstrip("@")


@dataclass
class Source:
    """One annotated source, split into header and body."""

    path: Path
    """Where it was read."""
    header: dict[str, str]
    """Its header lines."""
    anomalies: list[dict[str, str]]
    """Anomalies the header declares for the whole document."""
    lines: list[str]
    """Its body with marks."""

    @property
    def target(self) -> Path:
        """Return the path of the document to make."""
        return SAMPLES / self.path.relative_to(SOURCES).with_suffix("." + self.header["format"])


def read_source(path: Path) -> Source:
    """Split the file at *path* at the first line ``---``."""
    head, body = path.read_text(encoding="utf-8").split("\n---\n", 1)
    header: dict[str, str] = {}
    anomalies = []
    for line in head.splitlines():
        key, value = (part.strip() for part in line.split(":", 1))
        if key == "anomaly":
            kind, text = (part.strip() for part in value.split("|", 1))
            anomalies.append({"kind": kind, "text": text})
        else:
            header[key] = value
    return Source(path, header, anomalies, body.rstrip("\n").split("\n"))


def build_expectation(source: Source) -> tuple[dict[str, Any], list[str]]:
    """Return the expected draft of *source* as JSON, and its lines without marks."""
    grown = Expectation()
    lines = [read_marks(line, grown) for line in source.lines]
    header = source.header
    left = [line for line in lines if "{" in line or "}" in line]
    if left:
        raise ValueError(f"this mark is not understood: {left[0]}")
    families = [part.strip() for part in header["family"].split("~")]
    expected: dict[str, Any] = {"layout": header["layout"], "family": families[0] if len(families) == 1 else families}
    for fact in FACTS:
        if fact in header:
            given = [part.strip() for part in header[fact].split("~")]
            expected[fact] = None if given == ["-"] else given[0] if len(given) == 1 else given
    if "counts" in header:
        pairs = (pair.split("=") for pair in header["counts"].split())
        expected["counts"] = {name: float(value) if "." in value else int(value) for name, value in pairs}
    if header.get("aspects") != "any":
        expected["aspects"] = grown.aspects
    return expected | {"findings": grown.findings, "anomalies": source.anomalies + grown.anomalies}, lines


@dataclass
class Piece:
    """One line of a body, or the rows of one table."""

    kind: str
    """``p h c b box li lip table sheet``."""
    text: str = ""
    """Its words."""
    level: int = 0
    """Heading or list level from 1."""
    start: int = 0
    """First number of a list that does not begin at 1."""
    rows: list[list[str]] = field(default_factory=list)
    """Cells of a table; ``<`` and ``^`` continue the cell at the left and above."""
    header_rows: int = 0
    """Rows that the source marks as headers."""


def read_pieces(lines: list[str]) -> list[Piece]:
    """Return the body as pieces for the formats that have structure."""
    pieces: list[Piece] = []
    previous = ""
    for line in lines:
        if line.startswith("|"):
            if not previous.startswith("|"):
                pieces.append(Piece("table"))
            marked = line.startswith("|!")
            pieces[-1].rows.append([cell.strip() for cell in line[2 if marked else 1 :].split("¦")])
            pieces[-1].header_rows += marked
        elif match := re.match(r"(#+) (.*)", line):
            pieces.append(Piece("h", match[2], len(match[1])))
        elif match := re.match(r"(\++)(\.)?(?:=(\d+))? (.*)", line):
            pieces.append(Piece("lip" if match[2] else "li", match[4], len(match[1]), int(match[3] or 0)))
        elif match := re.match(r"=(c|b|box) (.*)", line):
            pieces.append(Piece(match[1], match[2]))
        elif line.startswith("=== "):
            pieces.append(Piece("sheet", line[4:]))
        elif line.strip():
            pieces.append(Piece("p", line))
        previous = line
    return pieces


def merged(rows: list[list[str]]) -> Iterator[tuple[int, int, int, int, str]]:
    """Yield row, column, row span, column span and words of each cell of *rows*."""
    for r, row in enumerate(rows):
        for c, words in enumerate(row):
            if words in ("<", "^"):
                continue
            wide, high = 1, 1
            while c + wide < len(row) and row[c + wide] == "<":
                wide += 1
            while r + high < len(rows) and c < len(rows[r + high]) and rows[r + high][c] == "^":
                high += 1
            yield r, c, high, wide, visible(words)
