"""The stand-alone checker of an exported trail agrees with the trail, and finds every way to tamper with it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhenggai.audit.actions import record
from zhenggai.audit.models import ChainHead
from zhenggai.commands.main import main

CHECKER = Path(__file__).resolve().parents[2] / "scripts" / "verify_trail.py"
Lines = list[dict[str, Any]]

pytestmark = pytest.mark.django_db


def canonical(entry: dict[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def rehash(lines: Lines, start: int = 0) -> Lines:
    """Chain *lines* anew from one on, as somebody who knows the procedure would."""
    previous = lines[start - 1]["hash"] if start else ""
    for entry in lines[start:]:
        entry["previous_hash"] = previous
        fields = {name: value for name, value in entry.items() if name != "hash"}
        entry["hash"] = previous = hashlib.sha256(canonical(fields).encode()).hexdigest()
    return lines


def write(trail: Path, lines: Lines) -> None:
    trail.write_bytes(b"".join(canonical(entry).encode() + b"\n" for entry in lines))


def check(trail: Path, noted: str = "") -> tuple[int, str]:
    command = [sys.executable, "-I", str(CHECKER), str(trail), *([noted] if noted else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    return done.returncode, done.stdout


@pytest.fixture
def trail(tmp_path: Path) -> Path:
    for number in range(5):
        record(actor=None, code="test.act", object_label=f"第{number}件\u2028\n", data={"n": number})
    target = tmp_path / "trail.jsonl"
    assert main(["audit", "export", str(target)]) == 0
    return target


def test_a_whole_trail_is_whole_up_to_the_entry_of_its_export(trail: Path) -> None:
    head = ChainHead.objects.get()
    code, said = check(trail, f"{head.last_sequence}:{head.last_hash}")
    assert (code, said) == (
        0,
        f"whole: {head.last_sequence} entries, the last one {head.last_sequence}:{head.last_hash}\n",
    )
    record(actor=None, code="test.later")
    assert check(trail)[0] == 0


def altered(lines: Lines) -> Lines:
    lines[2]["object_label"] = "别的"
    return lines


def altered_with_fitting_hash(lines: Lines) -> Lines:
    lines[2]["code"] = "test.forged"
    return rehash(lines[:3], 2) + lines[3:]


def removed(lines: Lines) -> Lines:
    return lines[:2] + lines[3:]


def removed_and_renumbered(lines: Lines) -> Lines:
    kept = lines[:2] + lines[3:]
    for number, entry in enumerate(kept, start=1):
        entry["sequence"] = number
    return kept


def first_removed(lines: Lines) -> Lines:
    return lines[1:]


def cut_off(lines: Lines) -> Lines:
    return lines[:-1]


def reordered(lines: Lines) -> Lines:
    return [*lines[:2], lines[3], lines[2], *lines[4:]]


def doubled(lines: Lines) -> Lines:
    return [*lines[:3], lines[2], *lines[3:]]


def appended(lines: Lines) -> Lines:
    return rehash([*lines, {**lines[-1], "sequence": lines[-1]["sequence"] + 1}], len(lines))


def hash_swapped(lines: Lines) -> Lines:
    lines[1]["hash"] = "0" * 64
    return lines


@pytest.mark.parametrize(
    ("tamper", "word"),
    [
        (altered, "altered"),
        (altered_with_fitting_hash, "replaced"),
        (removed, "removed"),
        (removed_and_renumbered, "altered"),
        (first_removed, "removed"),
        (cut_off, "the end"),
        (reordered, "reordered"),
        (doubled, "reordered"),
        (appended, "the end"),
        (hash_swapped, "altered"),
    ],
)
def test_every_tampering_is_found(trail: Path, tamper: Callable[[Lines], Lines], word: str) -> None:
    lines = [json.loads(line) for line in trail.read_bytes().splitlines()]
    write(trail, tamper(lines))
    code, said = check(trail)
    assert code == 1 and word in said, said


def test_a_trail_rewritten_with_its_manifest_is_found_by_what_was_noted_elsewhere(trail: Path) -> None:
    head = ChainHead.objects.get()
    noted = f"{head.last_sequence}:{head.last_hash}"
    lines = [json.loads(line) for line in trail.read_bytes().splitlines()]
    lines[1]["object_label"] = "别的"
    write(trail, rehash(lines, 1))
    manifest = trail.with_name(trail.name + ".manifest.json")
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["head"] = f"{lines[-1]['sequence']}:{lines[-1]['hash']}"
    told["sha256"] = hashlib.sha256(trail.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(told), encoding="utf-8")
    assert check(trail)[0] == 0
    code, said = check(trail, noted)
    assert code == 1 and "rewritten" in said


def test_changed_bytes_that_say_the_same_are_found_by_the_manifest(trail: Path) -> None:
    trail.write_bytes(trail.read_bytes().replace(b'"code":', b'"code": ', 1))
    code, said = check(trail)
    assert code == 1 and "not the bytes" in said
