"""The search index agrees with a plain substring search, whatever is asked and however the findings changed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.findings import make_finding, make_measure, make_round
from tests.factories.people import make_department, make_unit, make_user
from zhenggai.findings import actions
from zhenggai.findings.models import Finding
from zhenggai.findings.queries import LedgerQuery, find_findings
from zhenggai.findings.search import matching_ids, rebuild_search
from zhenggai.kit.words import occurs, query_words
from zhenggai.people.access import OPERATOR

pytestmark = pytest.mark.django_db

ALPHABET = "案件质量评查管理台账不到位a1B２，。“” \n國"
TITLES = st.text(alphabet=st.sampled_from(ALPHABET), min_size=1, max_size=14).filter(str.strip)
QUERIES = st.one_of(
    st.text(alphabet=st.sampled_from(ALPHABET), max_size=8),
    st.text(max_size=12),
    st.sampled_from(
        [
            '"',
            "'",
            "案件 AND",
            "案*",
            "NEAR(案 件)",
            "title:案",
            "a OR b",
            "案\0件",
            "^案",
            "-案",
            "(案",
            "案 & !件",
            "\\",
        ]
    ),
)


def found(text: str) -> set[str]:
    page = find_findings(OPERATOR, LedgerQuery.parse({"text": [text], "page_size": ["200"]}))
    assert page.total == len(page.rows)
    return {row.title for row in page.rows}


@settings(max_examples=40)
@given(
    st.lists(TITLES, min_size=1, max_size=6, unique_by=lambda title: " ".join(title.split())),
    st.lists(QUERIES, max_size=6),
)
def test_index_agrees_with_naive_search(titles: list[str], queries: list[str]) -> None:
    Finding.objects.all().delete()
    rebuild_search()
    round_ = make_round()
    for title in titles:
        make_finding(round_, title)
    shown = list(Finding.objects.values_list("title", flat=True))
    for query in [*queries, *(title[:3] for title in titles)]:
        kept = LedgerQuery.parse({"text": [query]}).text
        words = query_words(kept)
        if not kept:
            continue
        expected = {title for title in shown if words and occurs(words, title)}
        assert found(query) == expected, query


def test_every_part_of_a_finding_is_found_and_only_as_it_stands_now() -> None:
    court = make_unit("示例市人民检察院")
    office = make_department(court, "计划财务装备部")
    round_ = make_round(court)
    finding = make_finding(
        round_, "公务接待不规范", description="接待清单缺项", no="17", completion_criteria="清单齐全"
    )
    measure = make_measure(finding, "修订公务接待办法", progress="已印发执行")
    other = make_finding(round_, "学习不系统")
    clerk = make_user("rectification_office", court)
    for words in ("公务接待", "清单缺项", "修订 办法", "印发执行", "17", "清单齐全", "接"):
        assert found(words) == {"公务接待不规范"}, words
    assert found("财务装备") == set()
    actions.assign_findings([finding.pk, other.pk], {"department": office.pk}, actor=clerk)
    assert found("财务装备") == {"公务接待不规范", "学习不系统"}
    finding.refresh_from_db()
    actions.update_finding(finding, {"title": "公务用车不规范"}, actor=clerk, version=finding.version)
    assert found("公务接待不规范") == set()
    assert found("用车") == {"公务用车不规范"}
    finding.refresh_from_db()
    actions.withdraw_measure(measure, actor=clerk, version=finding.version)
    assert found("印发执行") == set()
    actions.withdraw_findings([finding.pk], actor=clerk, reason="重复导入")
    assert found("用车") == set()


def test_rebuilding_gives_the_same_answers() -> None:
    round_ = make_round()
    for title in ("案件质量评查不严", "案卡填录错误", "台账登记不规范"):
        make_measure(make_finding(round_, title), f"{title}的整改")
    before = {words: found(words) for words in ("案", "质量", "登记不规范", "填录 整改")}
    assert rebuild_search() == 3
    assert {words: found(words) for words in before} == before


def test_no_words_find_nothing_and_do_not_break() -> None:
    make_finding(title="案件质量")
    assert matching_ids("，。") is None
    assert found("，。") == set()


def test_marks_and_snippets_show_where() -> None:
    round_ = make_round()
    finding = make_finding(round_, "接待制度不严", description="某年某月" * 20 + "超标准接待三次" + "其他" * 40)
    make_measure(finding, "修订办法")
    (row,) = find_findings(OPERATOR, LedgerQuery(text="接待 超标准")).rows
    assert [part.text for part in row.title_parts if part.marked] == ["接待"]
    assert [part.text for part in row.snippet if part.marked] == ["超标准接待"]
    assert row.snippet[0].text.startswith("…") and len("".join(part.text for part in row.snippet)) < 100
    (row,) = find_findings(OPERATOR, LedgerQuery(text="接待")).rows
    assert row.snippet == ()
