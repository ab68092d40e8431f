"""A declaration of the office being written: what would hold if its text were saved, and every mistake it would make.

The office's packs are read once more with the text in its place, in a folder of their own, so that what is checked is
exactly what will be read.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from zhenggai.ledgers.declared import current
from zhenggai.packs.checking import check
from zhenggai.packs.declarations import AbsenceRule, ComparisonRule, Ledger
from zhenggai.packs.loading import Declared, installed_folders, load, office_folders, shipped
from zhenggai.packs.reading import LARGEST, Problem

OWN = "own"
"""The pack that the pages write to."""
MANIFEST = "pack: own\nlabel: 本单位的台账\n"


@dataclass(frozen=True, slots=True)
class Draft:
    """What saving some texts would come to."""

    declared: Declared
    """All that the packs would declare together."""
    problems: tuple[Problem, ...]
    """Mistakes that the texts make, in the order of their lines; those of other files stay out."""


@dataclass(frozen=True, slots=True)
class OwnText:
    """The text of a ledger as the office keeps it."""

    path: str
    """Of its file within the pack: ``ledgers/hearings.yaml``."""
    pack: str
    """Folder of the pack below ``packs``."""
    text: str
    """What it says; what to begin with where there is none yet."""
    exists: bool
    """Whether the file is there."""


def own_text(code: str) -> OwnText:
    """Return the office's own text of a ledger: its declaration, or its changes to a shipped one, made up when there are none."""
    declared = current()
    source = declared.sources.get(("ledger", code))
    ledger = declared.ledgers.get(code)
    if source is not None and source.file.startswith("packs/"):
        _packs, pack, path = source.file.split("/", 2)
        file = office_root() / pack / path
        if file.is_file():
            return OwnText(path, pack, file.read_text(encoding="utf-8-sig"), True)
    label = ledger.label if ledger else code
    text = f"# 本单位对“{label}”的调整。写在这里的部分代替自带的，没有写的不变。\nextends: {code}\n"
    return OwnText(f"ledgers/{code}.yaml", OWN, text, False)


def office_root() -> Path:
    """Return the folder of the office's packs."""
    return Path(settings.ZHENGGAI_HOME) / "packs"


def draft(files: Mapping[str, str], pack: str = OWN, *, code: str = "") -> Draft:
    """Return what saving *files* (path within the pack → text) would come to; with *code*, that ledger must be declared."""
    names = {f"packs/{pack}/{path}" for path in files}
    too_large = [path for path, text in files.items() if len(text) > LARGEST]
    if too_large:
        return Draft(current(), tuple(Problem(path, 0, "", "内容过长。", "请拆成几个台账。") for path in too_large))
    with tempfile.TemporaryDirectory(prefix="zhenggai-draft-") as folder:
        home = Path(folder)
        root = office_root()
        if root.is_dir():
            shutil.copytree(root, home / "packs", ignore=_only_yaml)
        place = home / "packs" / pack
        place.mkdir(parents=True, exist_ok=True)
        if not (place / "pack.yaml").is_file():
            (place / "pack.yaml").write_text(MANIFEST, encoding="utf-8")
        for path, text in files.items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_text(text, encoding="utf-8")
        declared = load(office_folders(home), onto=load(installed_folders(), onto=shipped()))
    found = [*declared.problems, *check(declared)]
    mine = {str(each): each for each in found if each.file in names}
    if code and code not in declared.ledgers and not mine:
        path = f"packs/{pack}/{next(iter(files))}"
        lost = Problem(
            path, 0, "", f"这样写就没有台账“{code}”了。", f"请保留“ledger: {code}”这一行；代码建立后不能改。"
        )
        return Draft(declared, (lost,))
    return Draft(declared, tuple(sorted(mine.values(), key=lambda each: (each.file, each.line))))


def _only_yaml(folder: str, names: list[str]) -> set[str]:
    return {each for each in names if not Path(folder, each).is_dir() and not each.endswith((".yaml", ".yml"))}


def opens_more(before: Ledger | None, after: Ledger | None) -> bool:
    """Return whether a change lets more people read a ledger than before."""
    return before is not None and before.secrecy == "named" and after is not None and after.secrecy != "named"


def looks_into(ledger: Ledger) -> dict[str, str]:
    """Return the other ledgers that rules and indicators of a ledger read, with the label of the first that does."""
    found: dict[str, str] = {}
    for rule in ledger.rules:
        other = rule.with_ledger if isinstance(rule, ComparisonRule) else None
        other = rule.among if isinstance(rule, AbsenceRule) else other
        if other:
            found.setdefault(other, rule.label)
    for indicator in ledger.indicators:
        for measure in (indicator.numerator, indicator.denominator):
            if measure is not None and measure.ledger:
                found.setdefault(measure.ledger, indicator.label)
    return found


def unmasks(before: Ledger | None, after: Ledger | None) -> list[str]:
    """Return the labels of fields that hold personal data now and would no longer be masked."""
    if before is None or after is None:
        return []
    later = {old: each for each in after.fields for old in each.renamed_from} | {
        each.code: each for each in after.fields
    }
    return [
        each.label
        for each in before.fields
        if each.personal and (other := later.get(each.code)) is not None and not other.personal
    ]
