"""The little of CSS that changes what a page says: what it hides, how it numbers lists, what it centres or sets bold.

Selectors made of tags, classes, ids and descendants are understood; anything with pseudo-classes, attributes or
siblings is left alone, and so is every ``@media`` block that is not for screens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from zhenggai.docparse.readers.web.element import Element

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_COMPOUND = re.compile(r"^([a-zA-Z][\w-]*|\*)?((?:[.#][\w\u4e00-\u9fff-]+)*)$")
_PART = re.compile(r"([.#])([\w\u4e00-\u9fff-]+)")
_KEPT = frozenset(
    [
        "display",
        "visibility",
        "font-size",
        "opacity",
        "text-indent",
        "position",
        "left",
        "top",
        "right",
        "overflow",
        "height",
        "width",
        "list-style",
        "list-style-type",
        "text-align",
        "font-weight",
        "font-family",
        "font",
        "white-space",
        "mso-hide",
        "counter-reset",
        "counter-increment",
        "content",
    ]
)
_MOST_RULES = 3000


@dataclass(frozen=True, slots=True)
class Compound:
    """One step of a selector, e.g. ``div.con#zoom``."""

    tag: str
    """Tag name; empty for any."""
    ids: frozenset[str]
    """Ids that must be there."""
    classes: frozenset[str]
    """Classes that must be there."""

    def fits(self, tag: str, attrs: dict[str, str]) -> bool:
        """Tell whether an element with *tag* and *attrs* matches this step."""
        if self.tag and self.tag != tag:
            return False
        if self.ids and attrs.get("id", "") not in self.ids:
            return False
        return not self.classes or self.classes.issubset(attrs.get("class", "").split())


@dataclass(frozen=True, slots=True)
class Rule:
    """A selector with its declarations."""

    steps: tuple[Compound, ...]
    """Steps from the outermost to the element itself."""
    pseudo: str
    """``before`` when the rule is for ``::before``; else empty."""
    declarations: dict[str, str]
    """Property to value."""


def parse_declarations(text: str) -> dict[str, str]:
    """Return the declarations of *text* that matter here, names and values in lower case without ``!important``."""
    found: dict[str, str] = {}
    for piece in text.split(";"):
        key, colon, value = piece.partition(":")
        key = key.strip().lower()
        if colon and key in _KEPT:
            found[key] = value.replace("!important", "").strip().lower()
    return found


class StyleSheet:
    """The style rules inside one page."""

    def __init__(self, sheets: Iterable[str]) -> None:
        """Parse the text of all ``<style>`` elements."""
        self.rules: list[Rule] = []
        for text in sheets:
            self._parse(_COMMENT.sub(" ", text), 0)

    def _parse(self, text: str, depth: int) -> None:
        at = 0
        while len(self.rules) < _MOST_RULES:
            brace = text.find("{", at)
            if brace < 0:
                return
            head = text[at:brace].rpartition(";")[2].strip()
            close = _closing(text, brace)
            body = text[brace + 1 : close]
            if head.startswith("@"):
                if depth == 0 and re.match(r"@media\s+(?:only\s+)?(?:screen|all)\s*$|@supports|@layer", head):
                    self._parse(body, depth + 1)
            else:
                self._add(head, body)
            at = close + 1

    def _add(self, head: str, body: str) -> None:
        declarations = parse_declarations(body)
        if not declarations:
            return
        for selector in head.split(","):
            bare = selector.strip().replace(">", " ")
            pseudo = ""
            if re.search(r"::?before$", bare):
                pseudo, bare = "before", re.sub(r"::?before$", "", bare)
            steps = [_compound(step) for step in bare.split()]
            if steps and all(step is not None for step in steps):
                self.rules.append(Rule(tuple(step for step in steps if step is not None), pseudo, declarations))

    def style_of(self, tag: str, attrs: dict[str, str], parent: Element | None, pseudo: str = "") -> dict[str, str]:
        """Return what the sheet declares for an element, later and more exact rules winning."""
        matched: list[tuple[tuple[int, int, int], int, dict[str, str]]] = []
        for order, rule in enumerate(self.rules):
            if rule.pseudo == pseudo and rule.steps[-1].fits(tag, attrs) and _ancestors_fit(rule.steps[:-1], parent):
                weight = (
                    sum(len(step.ids) for step in rule.steps),
                    sum(len(step.classes) for step in rule.steps),
                    sum(1 for step in rule.steps if step.tag),
                )
                matched.append((weight, order, rule.declarations))
        style: dict[str, str] = {}
        for _, _, declarations in sorted(matched, key=lambda item: item[:2]):
            style.update(declarations)
        return style


def _closing(text: str, brace: int) -> int:
    depth = 0
    for match in re.compile(r"[{}]").finditer(text, brace):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return match.start()
    return len(text)


def _compound(step: str) -> Compound | None:
    match = _COMPOUND.match(step)
    if match is None:
        return None
    tag = (match.group(1) or "").lower()
    parts = _PART.findall(match.group(2))
    return Compound(
        "" if tag == "*" else tag,
        frozenset(name for sign, name in parts if sign == "#"),
        frozenset(name for sign, name in parts if sign == "."),
    )


def _ancestors_fit(steps: tuple[Compound, ...], parent: Element | None) -> bool:
    left = len(steps)
    climbed = 0
    while left and parent is not None and climbed < 60:
        if steps[left - 1].fits(parent.tag, parent.attrs):
            left -= 1
        parent = parent.parent
        climbed += 1
    return left == 0
