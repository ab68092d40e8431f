"""The command line tells an author of a pack what is wrong, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhenggai.commands.main import main


def test_a_mistake_is_printed_with_its_place_and_a_hint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pack.yaml").write_text("pack: mine\nlabel: 试写\n", encoding="utf-8")
    (tmp_path / "ledgers").mkdir()
    ledger = "ledger: cars\nlabel: 派车\nkey: [nr]\nfields:\n  - {code: no, label: 编号, type: text}\n"
    (tmp_path / "ledgers" / "cars.yaml").write_text(ledger, encoding="utf-8")
    assert main(["packs", "check", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert f"{tmp_path.name}/ledgers/cars.yaml:3: 没有名为“nr”的字段。" in told.err
    assert "“no”" in told.err
    assert "有1处错误" in told.out
    (tmp_path / "ledgers" / "cars.yaml").write_text(ledger.replace("[nr]", "[no]"), encoding="utf-8")
    assert main(["packs", "check", str(tmp_path)]) == 0
    assert main(["packs", "list"]) == 0
    assert "中止审查案件台账" in capsys.readouterr().out
