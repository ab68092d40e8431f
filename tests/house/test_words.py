"""Strings for people: whole sentences, named slots, all of them in the English catalogue."""

from __future__ import annotations

import ast
import re
from functools import cache

from babel.messages.catalog import Catalog

from scripts import messages
from tests.house.source import PACKAGE, modules, tree_of

_GETTEXT = set(messages.KEYWORDS)
_SLOT = re.compile(r"%\((\w+)\)[sd]")


@cache
def extracted() -> Catalog:
    """Return all source strings, collected once for all tests of this module."""
    return messages.extract()


def test_translated_strings_are_constants_with_named_slots() -> None:
    bad = []
    for path in modules():
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name not in _GETTEXT or not node.args or not _passes_text(node, path.name):
                continue
            texts = node.args[:2] if name.startswith("ngettext") else node.args[:1]
            for text in texts:
                constant = isinstance(text, ast.Constant) and isinstance(text.value, str)
                if not constant or re.search(r"%(?!\(\w+\)[sd]|%)", text.value) or re.search(r"\{\w*\}", text.value):
                    bad.append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
    assert bad == []


def _passes_text(node: ast.Call, module: str) -> bool:
    """Tell a call with a text from one that hands on a variable: formats of errors and labels are translated late."""
    return not isinstance(node.args[0], ast.Name | ast.Attribute | ast.Subscript)


def test_templates_do_not_glue_sentences() -> None:
    glued = re.compile(r"_\(\s*[^)\"']*~|_\([\"'][^\"']*[\"']\s*~|_\(\s*f[\"']")
    bad = [
        f"{path.name}: {found.group()[:60]}"
        for path in sorted(PACKAGE.glob("*/templates/**/*.html"))
        for found in glued.finditer(path.read_text(encoding="utf-8"))
    ]
    assert bad == []


def test_chinese_sentences_use_full_width_punctuation() -> None:
    half = re.compile("[\u4e00-\u9fff”》）][,;:?!]|\\([\u4e00-\u9fff]|[,;][\u4e00-\u9fff]")
    texts = [text for message in extracted() for text in _both(message.id) if not text.startswith("请写成“序号:")]
    assert [text for text in texts if half.search(text)] == []


def _both(text: str | tuple[str, str]) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text,)


def test_the_english_catalogue_has_every_string_with_the_same_slots() -> None:
    english = messages.read_catalogue("en")
    missing, differing = [], []
    for message in extracted():
        if not message.id:
            continue
        key = message.id[0] if isinstance(message.id, tuple) else message.id
        found = english.get(key, message.context)
        given = [] if found is None else list(found.string) if isinstance(found.string, tuple) else [found.string]
        if not given or not all(given) or (found is not None and found.fuzzy):
            missing.append(key)
            continue
        asked = set(_SLOT.findall(key))
        if any(set(_SLOT.findall(text)) - asked for text in given):
            differing.append(key)
        if re.search("[\u4e00-\u9fff]", " ".join(given)) and not _may_keep_chinese(key):
            differing.append(key)
    assert missing == [], f"{len(missing)} strings without English; run make messages and fill them in"
    assert differing == []


def _may_keep_chinese(key: str) -> bool:
    """Name the strings whose English rightly holds Chinese: the name of the language itself."""
    return key in {"简体中文", "中文"}
