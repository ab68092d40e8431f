"""The example of the guide works as the guide says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zhenggai.packs.checking import check
from zhenggai.packs.loading import Declared, load, office_folders, shipped_folders

GUIDE = Path(__file__).parents[2] / "docs" / "manual" / "ledgers.zh.md"
FILE = re.compile(r"^文件 `(packs/own/[^`]+)`.*?```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def files() -> dict[str, str]:
    """Return the files that the guide tells its reader to write, by path."""
    return dict(FILE.findall(GUIDE.read_text(encoding="utf-8")))


def written(home: Path, **changed: str) -> Declared:
    """Write the files of the guide below *home* and read them with the shipped packs; *changed* words are replaced."""
    for path, text in files().items():
        for before, after in changed.items():
            text = text.replace(before, after)
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(text, encoding="utf-8")
    return load([*shipped_folders(), *office_folders(home)])


def test_the_files_of_the_guide_have_no_mistakes(tmp_path: Path) -> None:
    assert list(files()) == [
        "packs/own/pack.yaml",
        "packs/own/enumerations/reception_kind.yaml",
        "packs/own/ledgers/reception.yaml",
    ]
    declared = written(tmp_path)
    assert [str(problem) for problem in declared.problems + check(declared)] == []
    ledger = declared.ledgers["reception"]
    assert (len(ledger.rules), len(ledger.indicators)) == (2, 1)


def test_the_mistake_of_the_guide_is_told_as_it_says(tmp_path: Path) -> None:
    declared = written(tmp_path, **{"by: [visitor]": "by: [visiter]"})
    told = "\n".join(str(problem) for problem in check(declared))
    assert told in GUIDE.read_text(encoding="utf-8")


@pytest.mark.parametrize("word", ["extends: suspensions", "too_long.months"])
def test_the_change_of_a_shipped_ledger_is_taken(tmp_path: Path, word: str) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    example = text[text.index("extends: suspensions") :].split("```")[0]
    assert word in example
    written(tmp_path)
    (tmp_path / "packs/own/ledgers/suspensions.yaml").write_text(example, encoding="utf-8")
    declared = load([*shipped_folders(), *office_folders(tmp_path)])
    assert declared.problems == []
    rules = {rule.rule: rule for rule in declared.ledgers["suspensions"].rules}
    assert rules["too_long"].parameters["months"].value == 6
    assert "many_others" not in rules
