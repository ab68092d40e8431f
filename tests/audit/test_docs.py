"""The stand-alone checker printed in docs/audit.md works, and finds what was changed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from zhenggai.audit.actions import record
from zhenggai.audit.models import ChainHead
from zhenggai.audit.queries import export_lines

PAGE = Path(__file__).resolve().parents[2] / "docs" / "audit.md"


@pytest.mark.django_db
def test_the_published_checker_agrees_with_the_trail_and_names_what_was_changed(tmp_path: Path) -> None:
    for number in range(4):
        record(actor=None, code="test.act", object_label=f"第{number}件", data={"n": number})
    exported, checker = tmp_path / "trail.jsonl", tmp_path / "check.py"
    lines = list(export_lines())
    exported.write_bytes(b"".join(lines))
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    checker.write_text(found.group(1), encoding="utf-8")

    def check() -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, checker, exported], capture_output=True, text=True, check=False)

    head = ChainHead.objects.get()
    assert (check().returncode, check().stdout) == (0, f"last entry {head.last_sequence}:{head.last_hash}\n")
    exported.write_bytes(b"".join(lines).replace("第2件".encode(), "第9件".encode()))
    assert (check().returncode, "entry 3: its content" in check().stdout) == (1, True)
    exported.write_bytes(b"".join([lines[0], *lines[2:]]))
    assert "entry 3: it follows entry 1" in check().stdout
