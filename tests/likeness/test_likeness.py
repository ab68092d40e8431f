"""Near-duplicate Chinese texts: what an edited copy looks like, what boilerplate hides, what is told about it."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenggai.likeness import Index, compare, find_alike, measure, pairs

SENTENCE = (
    "党组理论学习中心组学习计划性不强，全年集中学习次数不足，研讨交流以读代讲，个别成员发言材料照搬照抄，"
    "学习成果转化为推动检察工作的具体举措不多，对基层院学习情况的督促检查流于形式，台账登记不完整。"
)
OTHERS = {
    1: "固定资产账实不符，部分资产购置后长期未登记入账，已报废的车辆没有及时办理核销手续。",
    2: "办案期限管理不严，个别案件超期未办结，流程监控发现问题后督促整改不到位。",
    3: "公务用车管理不严，派车审批单填写不全，节假日封存制度没有落实。",
}
letters = st.text(
    alphabet="的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会", max_size=80
)


def edited(text: str, share: float, *, block: bool, seed: int = 7) -> str:
    """Return *text* with *share* of its characters replaced, in one block or scattered."""
    draw = random.Random(seed)
    count = round(len(text) * share)
    start = draw.randrange(len(text) - count + 1)
    places = range(start, start + count) if block else draw.sample(range(len(text)), count)
    letters = list(text)
    for place in places:
        letters[place] = chr(draw.randrange(0x4E00, 0x9000))
    return "".join(letters)


@given(letters, letters)
def test_comparing_is_symmetric_and_stays_within_bounds(a: str, b: str) -> None:
    one, other = compare(a, b), compare(b, a)
    assert one.score == other.score == measure(a, b).score
    assert 0 <= one.jaccard <= one.containment <= 1
    assert 0 <= one.score <= 1
    for text, spans in ((a, one.left), (b, one.right)):
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(before.end <= after.start for before, after in pairwise(spans))


@given(letters.filter(lambda text: len(text) > 1))
def test_a_text_is_wholly_like_itself_whatever_its_width_script_and_punctuation(text: str) -> None:
    same = compare(text, "　".join(text) + "。")
    assert same.score == 1
    assert same.left == same.right == ()


def test_traditional_script_and_full_width_make_no_difference() -> None:
    told = compare("台賬登記不完整，缺少１２份", "台账登记不完整,缺少12份")
    assert told.score == 1


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2, 0.3])
@pytest.mark.parametrize("block", [True, False], ids=["block", "scattered"])
def test_an_edited_copy_is_found_among_many(share: float, block: bool) -> None:
    copy = edited(SENTENCE, share, block=block)
    texts = OTHERS | {9: copy}
    found = find_alike(SENTENCE, texts, 0.25)
    assert [match.key for match in found] == [9]
    assert found[0].score == pytest.approx(compare(SENTENCE, copy).score)
    assert {(pair.left, pair.right) for pair in pairs(texts | {10: SENTENCE}, 0.25)} == {(9, 10)}


def test_the_differing_spans_are_those_that_were_changed() -> None:
    before = "修订公务用车管理办法，严格派车审批。"
    after = "修订公务用车管理办法，严格执行派车登记审批。"
    told = compare(before, after)
    assert [after[span.start : span.end] for span in told.right] == ["执行", "登记"]
    assert told.left == ()


def test_a_short_text_inside_a_long_one_counts_as_contained() -> None:
    title = "党组理论学习中心组学习计划性不强，全年集中学习次数不足"
    told = compare(title, SENTENCE)
    assert told.containment == 1
    assert told.score == 0.9 > told.jaccard
    assert [match.key for match in find_alike(title, OTHERS | {5: SENTENCE}, 0.8)] == [5]


def test_a_few_shared_words_do_not_make_texts_alike() -> None:
    assert compare("整改不到位", "流程监控发现问题后督促整改不到位").score < 0.5
    assert find_alike("管理不严", OTHERS, 0.5) == []


def test_boilerplate_in_every_text_finds_nothing() -> None:
    boilerplate = "上述问题整改工作取得阶段性成效，下一步将持续巩固整改成果。"
    draw = random.Random(3)
    texts = {
        number: "".join(chr(draw.randrange(0x4E00, 0x9000)) for _ in range(90)) + boilerplate for number in range(200)
    }
    assert pairs(texts, 0.4) == []
    assert find_alike(texts[0], texts, 0.4)[0].key == 0
    assert len(find_alike(texts[0], texts, 0.4)) == 1


def test_identical_texts_are_paired_with_the_first_of_them() -> None:
    found = pairs(dict.fromkeys(range(100), SENTENCE), 0.9)
    assert {(pair.left, pair.right) for pair in found} == {(0, number) for number in range(1, 100)}


def test_empty_texts_are_like_nothing() -> None:
    assert pairs({1: "", 2: "  ", 3: "。"}) == []
    assert find_alike("", OTHERS) == []
    assert compare("", "").score == 0


def test_an_index_follows_what_is_added_replaced_and_dropped() -> None:
    index: Index[int] = Index(OTHERS.items())
    index.add(4, SENTENCE)
    assert [match.key for match in index.find(SENTENCE)] == [4]
    index.add(4, OTHERS[1])
    assert [match.key for match in index.find(SENTENCE)] == []
    assert {match.key for match in index.find(OTHERS[1])} == {1, 4}
    index.drop(4)
    index.drop(99)
    assert len(index) == 3
    assert 4 not in index
    assert [match.key for match in index.find(OTHERS[1], skip={1})] == []


def test_an_index_stays_right_when_it_leaves_dropped_texts_out() -> None:
    index: Index[int] = Index()
    for round_ in range(3):
        for number in range(400):
            index.add(number, f"{SENTENCE[number % 40 :]}第{number}次修改第{round_}版")
    index.add(1, OTHERS[1])
    assert len(index) == 400
    assert [match.key for match in index.find(OTHERS[1])] == [1]


@given(st.dictionaries(st.integers(0, 30), letters, max_size=12), st.floats(0.3, 1))
def test_what_is_reported_holds_by_the_true_score(texts: dict[int, str], threshold: float) -> None:
    for pair in pairs(texts, threshold):
        assert compare(texts[pair.left], texts[pair.right]).score >= threshold
    for match in find_alike(SENTENCE, texts, threshold):
        assert compare(SENTENCE, texts[match.key]).score >= threshold
