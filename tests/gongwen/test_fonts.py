"""Which fonts PDF is set in, where an office's own are missing."""

from __future__ import annotations

from importlib import import_module

import pytest

from zhenggai.gongwen import font_substitutes
from zhenggai.gongwen.measures import OFFICIAL_NAME, Face

SETTING = import_module("zhenggai.gongwen.to_pdf")
"""The module: the package holds a function of that name."""
NOTO = frozenset({"Noto Serif CJK SC", "Noto Sans CJK SC"})


def test_missing_fonts_are_named_with_what_was_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SETTING, "installed_families", lambda: NOTO)
    told = {each.official: each.used for each in font_substitutes()}
    assert set(told) == set(OFFICIAL_NAME.values())
    assert told["仿宋_GB2312"] == told["楷体_GB2312"] == "Noto Serif CJK SC"
    assert told["黑体"] == "Noto Sans CJK SC"


def test_nothing_is_named_where_an_official_font_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    names = frozenset({"FangSong", *(OFFICIAL_NAME[face] for face in Face if face is not Face.FANG)})
    monkeypatch.setattr(SETTING, "installed_families", lambda: names)
    assert font_substitutes() == ()
