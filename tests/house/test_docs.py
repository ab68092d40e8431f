"""Documents speak of things that exist, and the repository stands alone."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest

from tests.house.source import PACKAGE, ROOT, committed_files
from zhenggai.commands.main import COMMANDS

_TEXT = {".py", ".md", ".toml", ".html", ".js", ".css", ".sh", ".json", ".txt", ".lock", ".cfg", ".yml", ".yaml", ""}
_PAGES = [path for path in committed_files() if path.suffix == ".md"]
_MADE = ("src/zhenggai/web/static/vendor", "data/", "build/", ".venv", "node_modules")


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in committed_files():
        if path.suffix in _TEXT and "samples" not in path.parts:
            found.append((path, path.read_text(encoding="utf-8", errors="replace")))
    return found


@pytest.mark.parametrize("paper", _PAGES, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_a_page_names_real_files_modules_and_commands(paper: Path) -> None:
    words = paper.read_text(encoding="utf-8")
    wrong = []
    for path in re.findall(r"`((?:src|docs|tests|scripts|benchmarks|\.ci)/[\w./*<>-]*)`", words):
        if not re.search(r"[*<>]|…", path) and not path.startswith(_MADE) and not (ROOT / path).exists():
            wrong.append(path)
    for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", words):
        if not (paper.parent / link).exists():
            wrong.append(link)
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    wrong += [f"make {name}" for name in re.findall(r"`make ([a-z-]+)", words) if name not in targets]
    wrong += [f"zhenggai {name}" for name in re.findall(r"`zhenggai ([a-z-]+)", words) if name not in COMMANDS]
    for name in re.findall(r"`(zhenggai(?:\.\w+)+)(?:\(.*?\))?`", words):
        if not _exists(name):
            wrong.append(name)
    assert wrong == []


def _exists(name: str) -> bool:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            thing: object = importlib.import_module(".".join(parts[:length]))
        except ImportError:
            continue
        for attribute in parts[length:]:
            if not hasattr(thing, attribute):
                return False
            thing = getattr(thing, attribute)
        return True
    return False


def test_nothing_names_the_place_where_it_was_written() -> None:
    # Put together here, so that this file does not name them either.
    words = ["../sha" + "red", "/wo" + "rk/", "/fa" + "rm/", "fa" + "rm-"]
    brand = "".join(map(chr, (0x817E, 0x535A, 0x4F1A)))
    found = [f"{path.relative_to(ROOT)}: {word}" for path, text in texts() for word in [*words, brand] if word in text]
    assert found == []


def test_no_registry_or_other_host_is_named_as_a_place_to_fetch_from() -> None:
    parts = (
        "py~pi.org",
        "python~hosted",
        "regis~try.npm",
        "regis~try.yarn",
        "js~delivr",
        "un~pkg",
        "gst~atic",
        "google~apis",
    )
    hosts = re.compile("|".join(part.replace("~", "").replace(".", r"\.") for part in parts))
    found = [f"{path.relative_to(ROOT)}: {hit.group()}" for path, text in texts() for hit in hosts.finditer(text)]
    assert found == []


def test_nothing_is_left_undone() -> None:
    marks = re.compile(
        "TO" + r"DO\b|FIX" + "ME|raise Not" + r"ImplementedError|pytest\.sk" + r"ip\(|mark\.(sk" + "ip|xf" + "ail)"
    )
    code = [(path, text) for path, text in texts() if path.suffix == ".py"]
    found = [f"{path.relative_to(ROOT)}: {hit.group()}" for path, text in code for hit in marks.finditer(text)]
    assert found == []


def test_templates_keep_to_the_content_security_policy() -> None:
    inline = re.compile(
        r"<style\b|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")|javascript:"
    )
    found = [
        f"{path.name}: {hit.group()}"
        for path in sorted(PACKAGE.glob("*/templates/**/*.html"))
        for hit in inline.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_front_end_files_are_those_of_the_lock_with_their_licences() -> None:
    vendor = PACKAGE / "web" / "static" / "vendor"
    stated = json.loads((vendor / "versions.json").read_text())
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    declared = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert set(stated) == set(declared)
    for package, about in stated.items():
        assert about["version"] == declared[package] == lock[f"node_modules/{package}"]["version"]
        assert any("LICENSE" in name for name in about["files"])
        for name in about["files"]:
            assert (vendor / name).stat().st_size > 100
    assert {path.name for path in vendor.iterdir()} == {n for about in stated.values() for n in about["files"]} | {
        "versions.json"
    }


def test_the_locks_pin_by_hash_and_name_no_host() -> None:
    for name in sorted(path.name for path in ROOT.glob("requirements*.lock")):
        text = (ROOT / name).read_text()
        pinned = re.findall(r"^[a-z0-9][\w.-]*(?:\[[\w,-]+\])?==", text, re.MULTILINE | re.IGNORECASE)
        assert pinned
        assert text.count("--hash=sha256:") >= len(pinned)
        assert "://" not in text
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
