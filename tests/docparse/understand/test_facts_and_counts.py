"""What the paper says about the inspection and about its own numbers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.docparse.understand.variants import document_of
from zhenggai.docparse.draft import Draft, draft_to_json
from zhenggai.docparse.understand import understand


def _read(text: str) -> Draft:
    return understand(document_of(text))


@pytest.mark.parametrize(
    ("sentence", "counts"),
    [
        (
            "截至今年2月底，反馈问题共40个，其中已完成整改24个、阶段性完成16个；立行立改的4件事项都已办完，转来的20件信访件全部办结。",
            {"findings": 40, "completed": 24, "phased": 16},
        ),
        (
            "截止目前，巡察反馈的697个问题，完成整改688个，基本完成取得阶段性成果并持续整改问题4个，未完成5个，总体完成率98.71%。",
            {"findings": 697, "completed": 688, "phased": 4, "not_completed": 5, "rate_percent": 98.71},
        ),
        (
            "截至目前，巡察反馈25个问题，已完成整改19个、正在整改6个，整改完成率76%。",
            {"findings": 25, "completed": 19, "ongoing": 6, "rate_percent": 76},
        ),
        (
            "存在的471个问题中，已整改销号问题453个，占整改问题总数的96.18%；申请延期整改问题18个，占3.82%。",
            {"findings": 471, "completed": 453, "ongoing": 18},
        ),
        (
            "审计指出50项具体问题，目前已整改40项，正在整改10项（含部分整改）。",
            {"findings": 50, "completed": 40, "ongoing": 10},
        ),
        ("巡察反馈的四个方面十二个问题已全部完成整改。", {"aspects": 4, "findings": 12, "completed": 12}),
        ("反馈的8个问题已完成整改6个，其余2个正在整改。", {"findings": 8, "completed": 6, "ongoing": 2}),
        ("对反馈的3个方面6个问题，逐一制定整改措施12条。", {"aspects": 3, "findings": 6, "measures": 12}),
        ("归纳全市系统存在共性问题4个方面15个，制定59条整改措施。", {}),
        (
            "班子成员领办难点问题3个。巡察反馈的7个问题中，已完成5个，正在推进2个。",
            {"findings": 7, "completed": 5, "ongoing": 2},
        ),
    ],
)
def test_declared_counts(sentence: str, counts: dict[str, Any]) -> None:
    draft = _read("中共示例市水务局党组关于巡察整改进展情况的通报\n" + sentence)
    found = {name: value for name, value in draft.counts.items() if name != "measures" or "measures" in counts}
    assert found == counts


def test_facts_of_a_notice() -> None:
    draft = _read(
        "中共示例市水务局党组关于巡察整改进展情况的通报\n"
        "按照市委部署，市委第三巡察组于2024年3月7日至5月10日对市水务局党组开展了巡察，并于7月18日反馈了巡察意见。\n"
        "截至2025年1月16日，各项整改任务有序推进。\n中共示例市水务局党组\n二〇二五年一月十八日"
    )
    facts = draft_to_json(draft)
    assert facts["unit"] == "示例市水务局"
    assert facts["inspecting_body"] == "市委第三巡察组"
    assert (facts["inspection_start"], facts["inspection_end"]) == ("2024-03-07", "2024-05-10")
    assert (facts["feedback_date"], facts["as_of"], facts["document_date"]) == (
        "2024-07-18",
        "2025-01-16",
        "2025-01-18",
    )
    assert set(draft.fact_spans) >= {"unit", "inspecting_body", "feedback_date"}


def test_month_only_dates_stay_months() -> None:
    draft = _read(
        "示例大学党委关于巡视整改情况的报告\n2024年3月至5月，省委第二巡视组对示例大学党委开展了常规巡视，2024年7月反馈了意见。"
    )
    assert (draft.inspection_start, draft.inspection_end, draft.feedback_date) == ("2024-03", "2024-05", "2024-07")


def test_silence_gives_no_fact() -> None:
    draft = _read("关于开展消防演练的通知\n各部门：请按时参加。")
    assert draft_to_json(draft)["counts"] == {}
    assert draft.unit is None and draft.feedback_date is None
