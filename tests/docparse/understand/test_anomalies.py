"""Damage is reported with a hint; a clean paper gives silence."""

from __future__ import annotations

from pathlib import Path

from tests.docparse.understand.noise import glossed, spaced, traditional, wrapped, zero_width
from tests.docparse.understand.variants import Layout, document_of, render
from zhenggai.docparse.draft import Draft
from zhenggai.docparse.understand import understand

CLEAN = render(Layout())


def _read(text: str) -> Draft:
    return understand(document_of(text))


def _kinds(text: str) -> set[str]:
    return {item.kind for item in _read(text).anomalies}


def test_a_clean_paper_gives_none() -> None:
    assert _read(CLEAN).anomalies == ()


def test_characters_lost_beside_digits() -> None:
    text = CLEAN.replace(
        "逐项明确责任人", "确定了3个方面1520个整改事项88整改措施，1012日召开民主生活会，逐项明确责任人"
    )
    found = {item.kind: item for item in _read(text).anomalies}
    assert found["damaged_count"].text == "3个方面1520个整改事项88整改措施"
    assert found["damaged_date"].text == "1012日"
    assert "10月12日" in found["damaged_date"].hint


def test_unbalanced_quotes_show_their_clause() -> None:
    text = CLEAN.replace("关于“理论学习不够深入”的问题", "关于“理论学习不够深入的问题")
    draft = _read(text)
    assert draft.findings[0].title == "理论学习不够深入"
    assert any(item.kind == "unbalanced_quotes" and "理论学习" in item.text for item in draft.anomalies)


def test_numbers_that_skip_repeat_or_restart() -> None:
    assert _kinds(CLEAN.replace("\n4.关于", "\n5.关于").replace("\n5.关于“警示", "\n6.关于“警示")) >= {
        "numbering_skipped"
    }
    assert "numbering_duplicate" in _kinds(CLEAN.replace("\n2.关于", "\n1.关于"))
    assert "numbering_restart" in _kinds(CLEAN.replace("\n5.关于", "\n2.关于"))


def test_declared_counts_against_items_and_each_other() -> None:
    found = _read(CLEAN.replace("反馈的7个问题", "反馈的9个问题"))
    hints = [item.hint for item in found.anomalies if item.kind == "count_mismatch"]
    assert any("实际列出 7 个" in hint for hint in hints)
    assert len(found.findings) == 7 and found.counts["findings"] == 9


def test_a_problem_without_measures_is_named() -> None:
    text = CLEAN.replace("(1)印发年度责任清单,逐级签订责任书。(2)召开专题会议3次,听取班子成员履责情况汇报。", "")
    found = [item for item in _read(text.replace("整改完成情况:\n", "")).anomalies if item.kind == "missing_measures"]
    assert [item.text for item in found] == ["主体责任压得不实"]


def test_damage_to_the_writing_is_told() -> None:
    assert "zero_width_characters" in _kinds(zero_width(CLEAN))
    assert "pinyin_gloss" in _kinds(glossed(CLEAN))
    assert "traditional_script" in _kinds(traditional(CLEAN))
    assert "hard_wrapped_text" in _kinds(wrapped(CLEAN))
    assert "ocr_like_text" in _kinds(spaced(CLEAN))


def test_a_foreign_brand_is_never_the_unit() -> None:
    text = CLEAN.replace("示例市水务局党组", "金鼎娱乐 党组").replace(
        "对示例市水务局党组", "对金鼎娱乐 （以下简称“市水务局”）党组"
    )
    text = text.replace("对金鼎娱乐 党组开展", "对金鼎娱乐 （以下简称“市水务局”）党组开展").replace(
        "修订党组", "修订《金鼎娱乐 党组工作规则》和党组"
    )
    draft = _read(text)
    assert [item.text for item in draft.anomalies if item.kind == "foreign_brand"] == ["金鼎娱乐"]
    assert draft.unit == "市水务局"


def test_dates_out_of_order() -> None:
    text = CLEAN.replace("2023年6月15日", "2022年6月15日")
    assert "date_order" in _kinds(text)


def test_every_kind_is_explained_in_the_manual() -> None:
    manual = (Path(__file__).parents[3] / "docs" / "reading.md").read_text(encoding="utf-8")
    kinds = {
        "damaged_count", "damaged_date", "unbalanced_quotes", "numbering_skipped", "numbering_duplicate", "numbering_restart",
        "count_mismatch", "missing_measures", "empty_title", "date_order", "hard_wrapped_text", "ocr_like_text",
        "zero_width_characters", "traditional_script", "pinyin_gloss", "foreign_brand",
    }  # fmt: skip
    assert {kind for kind in kinds if f"`{kind}`" not in manual} == set()
