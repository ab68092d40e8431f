"""``zhenggai figures``: claims of a file as JSON or as a list, contradictions first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zhenggai.commands.main import main

TEXT = "一、总体情况\n全年立案320件，其中环境领域180件，占比56.3%。\n提出检察建议95份，采纳81份，采纳率92.3%。\n"


def test_claims_are_printed_in_both_forms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "报告.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert main(["figures", str(path), "--json"]) == 0
    claims = json.loads(capsys.readouterr().out)["claims"]
    assert [(item["verdict"], TEXT[slice(*item["span"])]) for item in claims] == [
        ("consistent", "占比56.3%"),
        ("contradictory", "采纳率92.3%"),
    ]
    assert set(claims[0]) == {"text", "verdict", "reason", "span"}
    assert main(["figures", str(path)]) == 0
    head, first, second = capsys.readouterr().out.splitlines()
    assert head == "读出数量 6 个，核对 2 处：矛盾 1，截断 0，无法核对 0，相符 1"
    assert "矛盾  第3行  比率" in first and "81÷95=85.26%" in first
    assert "相符" in second


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["figures", str(tmp_path / "没有.txt")]) == 1
    assert "docparse.NoSuchFile" in capsys.readouterr().err
