"""The matrix in docs/people.md is the one in the code. ``UPDATE_SNAPSHOTS=1`` writes it again."""

from __future__ import annotations

import os
from pathlib import Path

from zhenggai.people.roles import Permission, matrix

PAGE = Path(__file__).resolve().parents[2] / "docs" / "people.md"
BEGIN, END = "<!-- matrix: written by tests/people/test_docs.py -->\n", "<!-- end of matrix -->"


def table() -> str:
    head = ["| role | code |" + "".join(f" {permission} |" for permission in Permission)]
    head.append("|---|---|" + "---|" * len(Permission))
    rows = [
        f"| {row.role.label} | `{row.role.code}` |" + "".join(f" {scope or ''} |" for _permission, scope in row.cells)
        for row in matrix()
    ]
    return "\n".join([*head, *rows]) + "\n"


def test_the_documented_matrix_is_the_declared_one() -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    stated, after = rest.split(END)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        PAGE.write_text(f"{before}{BEGIN}{table()}{END}{after}", encoding="utf-8")
        stated = table()
    assert stated == table()
