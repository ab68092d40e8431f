"""Text cut for searching."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from zhenggai.kit.words import find_marks, normal_text, normalise, occurs, pair_tokens, query_words, word_tokens

TEXTS = st.text(alphabet=st.sampled_from("案件管理质量评查台账a1B ２，。“”《》\n\u200b國Ａ"), max_size=40)


def test_quotes_and_width_do_not_hide_a_phrase() -> None:
    text = "落实“一岗双责”不到位,《台账》登记 不规范;GB/T ９７０４"
    for asked in (
        "落实一岗双责",
        "一岗双责不到位",
        "台账登记不规范",
        "登记不规范",
        "9704",
        "gb",
        "GB/T 9704",
        "國"[:0] or "台账",
    ):
        assert occurs(query_words(asked), text), asked
    for absent in ("到位台账", "规范GB", "登记台账", "9 704"[:1] + "97"):
        assert not occurs(query_words(absent), text), absent


def test_traditional_script_finds_simplified() -> None:
    assert occurs(query_words("檢察機關"), "检察机关内部管理")
    assert occurs(query_words("检察机关"), "檢察機關內部管理")


def test_operators_are_only_words() -> None:
    assert query_words('"案件" OR (质量* NEAR 评查)') == ("案件", "or", "质量", "near", "评查")
    assert query_words("  ；，。 ") == ()


def test_marks_lead_back_to_the_original() -> None:
    text = "落实“一岗双责”不到位"
    assert [text[start:end] for start, end in find_marks(text, query_words("落实一岗双责"))] == ["落实“一岗双责"]
    assert [text[start:end] for start, end in find_marks(text, query_words("岗 到位"))] == ["岗", "到位"]


@given(TEXTS)
def test_offsets_ascend_and_point_to_the_characters(text: str) -> None:
    normal = normalise(text)
    assert len(normal.text) == len(normal.offsets)
    assert list(normal.offsets) == sorted(normal.offsets)
    assert all(0 <= offset < len(text) for offset in normal.offsets)


@given(TEXTS, TEXTS)
def test_every_word_that_occurs_has_all_its_tokens_in_the_text(text: str, asked: str) -> None:
    normal = normalise(text).text
    tokens = pair_tokens(normal)
    for word in query_words(asked):
        if word in normal:
            wanted = word_tokens(word)
            if len(word) == 1:
                assert any(token.startswith(wanted[0]) for token in tokens)
            else:
                assert set(wanted) <= set(tokens)


@given(TEXTS, TEXTS)
def test_marks_hold_the_words(text: str, asked: str) -> None:
    words = query_words(asked)
    marks = find_marks(text, words)
    assert bool(marks) == any(word in normalise(text).text for word in words)
    assert all(end <= later for (_, end), (later, _) in pairwise(marks))


@given(st.one_of(TEXTS, st.text(max_size=20)))
def test_the_fast_form_is_the_same(text: str) -> None:
    assert normal_text(text) == normalise(text).text
