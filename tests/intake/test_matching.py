"""Which finding of the record a finding of a draft speaks of."""

from __future__ import annotations

from typing import Any

from zhenggai.findings.models import Aspect, Finding
from zhenggai.intake.matching import lost_links, pair_aspects, pair_findings


def record(*rows: tuple[str, str]) -> list[Finding]:
    aspect = Aspect(pk=1, title="内部管理")
    return [Finding(pk=number, no=no, title=title, aspect=aspect) for number, (no, title) in enumerate(rows, start=1)]


def draft(*rows: tuple[str, str], **matches: Any) -> dict[str, Any]:
    findings = [
        {"key": f"f{number}", "no": no, "title": title, "aspect": "a1", "measures": [], "progress": []}
        for number, (no, title) in enumerate(rows, start=1)
    ]
    for finding in findings:
        if finding["key"] in matches:
            finding["match"] = matches[finding["key"]]
    return {"aspects": [{"key": "a1", "no": "一", "title": "内部管理方面"}], "findings": findings}


def links(read: dict[str, Any], there: list[Finding]) -> list[int | None]:
    return [pair.finding.pk if pair.finding else None for pair in pair_findings(read, there)]


def test_titles_in_other_words_numbers_and_order_find_their_counterparts() -> None:
    there = record(
        ("1", "公务用车管理不严"), ("2", "固定资产账实不符,底数不清"), ("3", "理论学习不系统"), ("4", "会议过多")
    )
    read = draft(
        ("一", "理论学习不够系统"), ("二", "固定资产账实不符"), ("三", "公务用车管理“不严”"), ("四", "接待超标准")
    )
    assert links(read, there) == [3, 2, 1, None]


def test_one_to_one_the_likeliest_first() -> None:
    there = record(("1", "案件质量评查不严格"))
    read = draft(("1", "案件质量评查不严"), ("2", "案件质量评查不严格"))
    assert links(read, there) == [None, 1]


def test_the_same_number_in_the_same_aspect_helps_a_reworded_title() -> None:
    there = record(("5", "党组会议事规则执行不严格"), ("6", "司法救助工作滞后"))
    assert links(draft(("五", "党组会议事规则执行走样")), there) == [1]
    assert links(draft(("9", "干部队伍年龄结构老化")), there) == [None]


def test_short_titles_are_not_taken_for_parts_of_long_ones() -> None:
    assert links(draft(("9", "台账")), record(("1", "涉案款物台账登记不规范"))) == [None]


def test_people_overrule() -> None:
    there = record(("1", "公务用车管理不严"), ("2", "会议过多"))
    read = draft(("1", "公务用车管理不严"), ("2", "会议过多"), ("3", "别的"), f1="new", f2="skip", f3=2)
    pairs = pair_findings(read, there)
    assert [(pair.finding.pk if pair.finding else None, pair.skip, pair.chosen) for pair in pairs] == [
        (None, False, True), (None, True, True), (2, False, True)
    ]  # fmt: skip


def test_links_to_what_is_gone_or_taken_twice_are_named() -> None:
    there = record(("1", "公务用车管理不严"))
    read = draft(("1", "甲"), ("2", "乙"), ("3", "丙"), f1=1, f2=1, f3=99)
    assert [piece["key"] for piece in lost_links(read, there)] == ["f2", "f3"]


def test_many_findings_are_paired_without_weighing_every_pair() -> None:
    subjects = ["车辆", "接待", "会议", "采购", "档案", "资产", "学习", "值班", "信访", "合同"]
    titles = [f"{subjects[n % 10]}管理第{n}项制度落实不到位" for n in range(700)]
    there = record(*((str(n), title) for n, title in enumerate(titles)))
    read = draft(*((str(n), title.replace("不到位", "未到位")) for n, title in enumerate(titles)))
    found = links(read, there)
    assert sum(link == number for number, link in enumerate(found, start=1)) > 690


def test_aspects_are_the_same_only_when_their_titles_say_the_same() -> None:
    assert pair_aspects(["内部管理方面", "理论学习方面存在的问题"], ["理论学习", "“内部管理”方面"]) == [1, 0]
    assert pair_aspects(["", "方面"], ["", "内部管理"]) == [None, None]


def test_aspects_that_differ_by_a_number_or_a_word_stay_apart() -> None:
    prefix = "落实新时代党的组织路线、加强基层"
    ledger = ["第1类方面", "2023年度预算执行方面", f"{prefix}党组织建设方面"]
    assert pair_aspects(["第10类方面", "2024年度预算执行方面", f"{prefix}队伍建设方面"], ledger) == [None] * 3


def test_two_aspects_of_one_draft_never_fold_into_each_other() -> None:
    assert pair_aspects(["内部管理", "内部管理方面"], ["内部管理"]) == [0, None]
    assert pair_aspects(["内部管理", "内部管理方面"], ["内部管理", "内部管理方面"]) == [0, 1]
