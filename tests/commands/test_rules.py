"""``zhenggai rules run`` as an operator types it."""

from __future__ import annotations

import pytest

from zhenggai.commands.main import main

pytestmark = pytest.mark.django_db


def test_a_ledger_that_is_not_there_is_answered_with_those_most_like_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "run", "--ledger", "hearing"]) != 0
    said = capsys.readouterr().err
    assert "没有代码为“hearing”的台账" in said
    assert "hearings" in said
