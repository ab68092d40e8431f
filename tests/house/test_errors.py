"""Every error has a code of its own, words that can be filled, and a paragraph in docs/errors."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from string import ascii_letters
from typing import Any

import pytest

from tests.house.source import ROOT, all_errors, module_name, modules, tree_of
from zhenggai.kit.errors import ZhenggaiError

_HEADING = re.compile(r"^## `?([a-z_]+\.[A-Za-z]+)`?\s*$", re.MULTILINE)


def documented() -> dict[str, str]:
    """Return code → paragraph of all pages below docs/errors."""
    found: dict[str, str] = {}
    for page in sorted((ROOT / "docs" / "errors").glob("*.md")):
        parts = _HEADING.split(page.read_text(encoding="utf-8"))
        for code, words in zip(parts[1::2], parts[2::2], strict=True):
            assert code not in found, f"{code} is described twice"
            found[code] = words.strip()
    return found


def test_codes_are_unique_and_named_after_their_room_and_class() -> None:
    codes: dict[str, str] = {}
    for cls in all_errors():
        room = cls.__module__.split(".")[1]
        name = "Error" if cls is ZhenggaiError else cls.__name__
        assert cls.code == f"{room}.{name}"
        assert codes.setdefault(cls.code, cls.__qualname__) == cls.__qualname__


def test_every_code_has_a_paragraph_and_every_paragraph_a_code() -> None:
    pages = documented()
    codes = {cls.code for cls in all_errors()}
    assert sorted(codes - set(pages)) == []
    assert sorted(set(pages) - codes) == []
    assert sorted(code for code, words in pages.items() if len(words) < 30) == []


def formats(cls: type[ZhenggaiError]) -> Iterator[str]:
    yield from (text for text in (cls.what, cls.where, cls.todo) if text)


def test_words_are_whole_sentences_with_named_slots() -> None:
    for cls in all_errors():
        for text in formats(cls):
            assert not re.search(r"%(?!\(\w+\)s|%)", text), f"{cls.code}: {text}"
            assert "{" not in text, f"{cls.code}: {text}"
            # A format that is one slot alone hands on a sentence made elsewhere.
            sentence = re.fullmatch(r"%\(\w+\)s", text) or text == cls.where or text.endswith(("。", "？"))
            assert sentence, f"{cls.code}: {text}"
        assert not set("!！") & set(cls.what + cls.todo), cls.code


def raised() -> Iterator[tuple[str, type[ZhenggaiError], set[str] | None]]:
    """Yield each place that makes an error by name: place, class, names of the slots given (None: not to be told)."""
    all_errors()
    for path in modules():
        names = vars(sys.modules.get(module_name(path), object))
        known = {name: thing for name, thing in names.items() if _is_error(thing)}
        for node in ast.walk(tree_of(path)):
            match node:
                case ast.Call(func=ast.Name(id=name), keywords=keywords) if name in known:
                    given = None if any(word.arg is None for word in keywords) else {str(word.arg) for word in keywords}
                    yield f"{module_name(path)}:{node.lineno}", known[name], given
                case ast.Raise(exc=ast.Name(id=name)) if name in known:
                    yield f"{module_name(path)}:{node.lineno}", known[name], set()


def _is_error(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, ZhenggaiError)


def test_every_slot_is_filled_where_an_error_is_raised() -> None:
    unfilled = []
    for place, cls, given in raised():
        if given is None:
            continue
        slots: dict[str, Any] = dict.fromkeys(given, "x")
        try:
            cls(**slots).describe()
        except KeyError as missing:
            unfilled.append(f"{place} {cls.code}: {missing}")
    assert unfilled == []


@pytest.mark.parametrize("name", ["code", "what", "where", "todo"])
def test_an_explanation_has_four_parts(name: str) -> None:
    words = ZhenggaiError().describe().as_dict()
    assert set(words) == {"code", "what", "where", "todo"}
    assert isinstance(words[name], str)
    assert words["code"][0] in ascii_letters
