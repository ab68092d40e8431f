"""Text of any kind and length is checked, in time that grows with it."""

from __future__ import annotations

import pytest

from zhenggai.figures import check


@pytest.mark.parametrize(
    "text", ["其中\ud8003件，占10%", "\x00占5%", "占" * 5000, "1" * 5000, "，".join("3件" for _n in range(2000))]
)
def test_damaged_and_endless_text_is_checked(text: str) -> None:
    check(text)


def test_a_list_of_thousands_of_shares_is_looked_through_once() -> None:
    assert len(check("占5.5%、" * 3000).claims) <= 3000
