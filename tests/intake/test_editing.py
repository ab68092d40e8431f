"""Corrections of a draft: what each does, and that any sequence of them keeps the draft sound and can be undone."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.intake import NOTICE
from zhenggai.docparse import read_document, understand
from zhenggai.intake import editing
from zhenggai.intake.drafts import (
    counted,
    draft_of,
    edited_part,
    finding_of,
    measure_of,
    problems_of,
    with_edited_part,
)
from zhenggai.intake.errors import BadCorrection, NoSuchPiece

Json = dict[str, Any]
READ = draft_of(understand(read_document(NOTICE.encode(), name="通报.txt")))


@pytest.fixture
def draft() -> Json:
    return deepcopy(READ)


def titles(draft: Json) -> list[str]:
    return [finding["title"] for finding in draft["findings"]]


def measures(draft: Json, key: str) -> list[str]:
    return [measure["text"] for measure in finding_of(draft, key)["measures"]]


def test_every_piece_bears_a_key_of_its_own(draft: Json) -> None:
    keys = [piece["key"] for piece in (*draft["aspects"], *draft["findings"])]
    keys += [measure["key"] for finding in draft["findings"] for measure in finding["measures"]]
    assert len(keys) == len(set(keys)) == 12
    assert [finding["aspect"] for finding in draft["findings"]] == ["a1", "a1", "a2", "a2"]


def test_retitle_number_status_and_texts(draft: Json) -> None:
    assert editing.retitle_finding(draft, "f1", " 学习\n不系统 ") == "改标题为“学习 不系统”"
    editing.set_number(draft, "f1", "1")
    editing.set_status(draft, "f1", "phased")
    editing.set_deadline(draft, "f1", "2025年6月底前")
    editing.set_responsibility(draft, "f1", {"leader": "周启明", "support": ""})
    finding = finding_of(draft, "f1")
    assert (finding["title"], finding["no"], finding["status"], finding["deadline"]) == (
        "学习 不系统", "1", "phased", "2025年6月底前"
    )  # fmt: skip
    assert finding["responsibility"] == {"leader": "周启明"}
    editing.set_status(draft, "f1", "")
    editing.set_responsibility(draft, "f1", {"leader": " "})
    assert "status" not in finding and "responsibility" not in finding, "absent means the document does not say"
    for act, arguments in (
        (editing.retitle_finding, ("f1", " ")),
        (editing.retitle_finding, ("f1", "长" * 501)),
        (editing.set_status, ("f1", "closed")),
        (editing.set_responsibility, ("f1", {"boss": "x"})),
    ):
        with pytest.raises(BadCorrection):
            act(draft, *arguments)  # type: ignore[operator]
    with pytest.raises(NoSuchPiece):
        editing.retitle_finding(draft, "f99", "x")


def test_merge_keeps_the_first_title_and_all_measures(draft: Json) -> None:
    spans = [finding_of(draft, key)["span"] for key in ("f1", "f2")]
    editing.merge_findings(draft, ["f1", "f2"])
    merged = finding_of(draft, "f1")
    assert titles(draft) == ["理论学习不系统", "公务用车管理不严", "固定资产账实不符"]
    assert len(merged["measures"]) == 3 and merged["description"] == "联系实际不紧密"
    assert merged["span"] == [spans[0][0], spans[1][1]]
    for keys in (["f1"], ["f1", "f1"], []):
        with pytest.raises(BadCorrection):
            editing.merge_findings(draft, keys)


def test_split_gives_the_later_measures_to_a_new_finding_behind(draft: Json) -> None:
    _first, second = finding_of(draft, "f4")["measures"]
    editing.split_finding(draft, "f4", second["key"], "资产管理无专人")
    assert titles(draft)[-2:] == ["固定资产账实不符", "资产管理无专人"]
    fresh = draft["findings"][-1]
    assert (fresh["aspect"], fresh["aspect_index"], fresh["span"]) == ("a2", 1, second["span"])
    assert measures(draft, "f4") == ["开展资产清查,补登资产42件。"]
    with pytest.raises(BadCorrection):
        editing.split_finding(draft, "f4", second["key"], "x")


def test_move_delete_add_keep_findings_with_their_aspects(draft: Json) -> None:
    editing.move_finding(draft, "f4", "a1", 0)
    assert titles(draft) == ["固定资产账实不符", "理论学习不系统", "联系实际不紧密", "公务用车管理不严"]
    assert finding_of(draft, "f4")["aspect_index"] == 0
    editing.move_finding(draft, "f1", "", -1)
    assert titles(draft)[-1] == "理论学习不系统" and "aspect_index" not in finding_of(draft, "f1")
    editing.delete_finding(draft, "f2")
    editing.add_finding(draft, "a2", "会议过多", 0)
    assert titles(draft) == ["固定资产账实不符", "会议过多", "公务用车管理不严", "理论学习不系统"]
    with pytest.raises(NoSuchPiece):
        editing.move_finding(draft, "f3", "a9", 0)
    assert len(titles(draft)) == 4, "a refused move loses nothing"


def test_measures_are_edited_split_merged_and_moved(draft: Json) -> None:
    first, second = (measure["key"] for measure in finding_of(draft, "f1")["measures"])
    editing.edit_measure(draft, first, {"text": "制定计划。", "person": "段红"})
    assert measure_of(draft, first)[1]["person"] == "段红"
    editing.split_measure(draft, second, 6)
    assert measures(draft, "f1") == ["制定计划。", "建立学习台账", "并按季通报。"]
    third = finding_of(draft, "f1")["measures"][2]
    assert third["span"][0] == measure_of(draft, second)[1]["span"][1]
    editing.merge_measures(draft, [second, third["key"]])
    assert measures(draft, "f1") == ["制定计划。", "建立学习台账并按季通报。"]
    editing.move_measure(draft, second, "f2", 0)
    assert measures(draft, "f2")[0] == "建立学习台账并按季通报。" and len(measures(draft, "f1")) == 1
    editing.add_measure(draft, "f1", "每周通报。", 0)
    assert measures(draft, "f1") == ["每周通报。", "制定计划。"]
    editing.delete_measure(draft, first)
    for at in (0, 10**6, -1):
        with pytest.raises(BadCorrection):
            editing.split_measure(draft, second, at)
    with pytest.raises(BadCorrection):
        editing.merge_measures(draft, [second, finding_of(draft, "f4")["measures"][0]["key"]])


def test_aspects(draft: Json) -> None:
    editing.add_aspect(draft, "作风建设方面", "三", 0)
    assert [aspect["no"] for aspect in draft["aspects"]] == ["三", "一", "二"]
    assert finding_of(draft, "f1")["aspect_index"] == 1
    editing.move_aspect(draft, "a2", 0)
    assert titles(draft)[0] == "公务用车管理不严"
    editing.edit_aspect(draft, "a2", {"title": "内控方面", "no": "1"})
    editing.delete_aspect(draft, "a1")
    assert titles(draft)[-2:] == ["理论学习不系统", "联系实际不紧密"] and finding_of(draft, "f1")["aspect"] == ""


def test_facts_and_counts(draft: Json) -> None:
    editing.set_facts(
        draft, {"feedback_date": "2024-07", "counts.findings": "5", "counts.phased": "", "unit": "示例市院"}
    )
    assert (draft["feedback_date"], draft["counts"]["findings"], "phased" in draft["counts"]) == ("2024-07", 5, False)
    for values in (
        {"feedback_date": "2024年7月"}, {"feedback_date": "2024-13-01"}, {"counts.findings": "许多"},
        {"counts.findings": "1.5"}, {"counts.findings": "nan"}, {"counts.other": "1"}, {"family": "plan"},
    ):  # fmt: skip
        with pytest.raises(BadCorrection):
            editing.set_facts(draft, values)


def test_what_keeps_a_draft_from_the_record_is_named(draft: Json) -> None:
    assert list(problems_of(draft)) == []
    draft["findings"][0]["title"] = " "
    draft["findings"][1]["measures"][0]["text"] = ""
    assert list(problems_of(draft)) == ["第 一 个问题没有标题", "第 二 个问题有措施没有内容"]
    draft["findings"].clear()
    assert list(problems_of(draft)) == ["草稿中没有任何问题"]


def _key(kind: str) -> st.SearchStrategy[str]:
    return st.integers(1, 8).map(lambda number: f"{kind}{number}")


POSITION = st.integers(-1, 5)
TEXT = st.text(max_size=6) | st.sampled_from(["标题", "措施一;措施二"])
STEPS = st.one_of(
    st.tuples(st.just("retitle_finding"), _key("f"), TEXT),
    st.tuples(st.just("set_status"), _key("f"), st.sampled_from(["", "completed", "x"])),
    st.tuples(st.just("merge_findings"), st.lists(_key("f"), max_size=3)),
    st.tuples(st.just("split_finding"), _key("f"), _key("m"), TEXT),
    st.tuples(st.just("move_finding"), _key("f"), _key("a") | st.just(""), POSITION),
    st.tuples(st.just("delete_finding"), _key("f")),
    st.tuples(st.just("add_finding"), _key("a") | st.just(""), TEXT, POSITION),
    st.tuples(st.just("edit_measure"), _key("m"), st.dictionaries(st.sampled_from(["text", "person", "x"]), TEXT)),
    st.tuples(st.just("add_measure"), _key("f"), TEXT, POSITION),
    st.tuples(st.just("delete_measure"), _key("m")),
    st.tuples(st.just("move_measure"), _key("m"), _key("f"), POSITION),
    st.tuples(st.just("split_measure"), _key("m"), st.integers(-1, 12)),
    st.tuples(st.just("merge_measures"), st.lists(_key("m"), max_size=3)),
    st.tuples(st.just("add_aspect"), TEXT, TEXT, POSITION),
    st.tuples(st.just("delete_aspect"), _key("a")),
    st.tuples(st.just("move_aspect"), _key("a"), POSITION),
    st.tuples(st.just("choose_match"), _key("f"), st.sampled_from(["auto", "new", "skip", "7", "x"])),
)


@given(st.lists(STEPS, max_size=12))
def test_any_corrections_keep_the_draft_sound_and_what_was_before_can_come_back(steps: list[tuple[Any, ...]]) -> None:
    draft = deepcopy(READ)
    for name, *arguments in steps:
        before = deepcopy(draft)
        try:
            label = getattr(editing, name)(draft, *arguments)
        except (BadCorrection, NoSuchPiece):
            draft = before
            continue
        assert label and len(label) <= 200
        assert with_edited_part(draft, edited_part(before)) == before
        aspects = [aspect["key"] for aspect in draft["aspects"]]
        keys = aspects + [finding["key"] for finding in draft["findings"]]
        keys += [measure["key"] for finding in draft["findings"] for measure in finding["measures"]]
        assert len(keys) == len(set(keys))
        for finding in draft["findings"]:
            assert (finding["aspect"] in aspects) or finding["aspect"] == ""
            expected = aspects.index(finding["aspect"]) if finding["aspect"] else None
            assert finding.get("aspect_index") == expected
            assert finding["title"].strip()
        assert counted(draft)["findings"] == len(draft["findings"])
