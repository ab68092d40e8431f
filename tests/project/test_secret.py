"""The key that signs cookies is made once, whole, and for its owner alone."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from zhenggai.project import secret
from zhenggai.project.secret import secret_key


def test_it_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    made = secret_key(tmp_path)
    assert len(made) > 50
    assert secret_key(tmp_path) == made
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_another_process_finds_it_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the first process is doing when the second one looks, the second never reads an unfinished key."""
    seen: list[bool] = []
    link = os.link

    def looked_at(source: str, target: Path) -> None:
        seen.append(target.exists())
        (tmp_path / "secret_key").write_text("made-by-the-other", encoding="ascii")
        link(source, target)

    monkeypatch.setattr(secret.os, "link", looked_at)
    assert secret_key(tmp_path) == "made-by-the-other"
    assert seen == [False]
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_all_who_start_together_read_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(secret_key, [tmp_path] * 40))
    assert keys == {(tmp_path / "secret_key").read_text(encoding="ascii")}
    assert keys != {""}
