"""``zhenggai layout``: lines and JSON for a Word file, words for what is none."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.gongwen.papers import full_paper
from zhenggai.commands.main import main
from zhenggai.gongwen import to_docx


def test_faults_are_printed_with_place_and_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "通报.docx"
    path.write_bytes(to_docx(full_paper()))
    assert main(["layout", str(path)]) == 0
    assert capsys.readouterr().out == "没有发现格式问题。\n"
    path.write_bytes(to_docx(replace(full_paper(), signed_on="2025年01月06日")))
    assert main(["layout", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "“2025年01月06日”；应为如“2025年1月6日”" in shown and "［date.format］" in shown
    assert main(["layout", str(path), "--json"]) == 0
    (issue,) = json.loads(capsys.readouterr().out)["issues"]
    assert set(issue) == {"code", "place", "found", "expected", "hint", "paragraph", "count"}


def test_what_cannot_be_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(b"nothing")
    for wrong in (str(path), str(tmp_path), str(tmp_path / "none.docx")):
        assert main(["layout", wrong]) == 1
        assert "docparse." in capsys.readouterr().err
