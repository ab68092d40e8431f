"""Signs instead of numbers, and headings of the shape 对“…”问题的整改."""

from __future__ import annotations

from tests.docparse.understand.variants import document_of
from zhenggai.docparse.draft import Draft
from zhenggai.docparse.reading import read_document
from zhenggai.docparse.understand import understand

_TITLE = "示例市园林局党组关于市委巡察整改进展情况的通报\n市委第一巡察组对示例市园林局党组开展巡察并反馈意见。\n"


def _read(text: str) -> Draft:
    return understand(document_of(_TITLE + text))


def _titles(draft: Draft) -> list[str]:
    return [finding.title for finding in draft.findings]


def test_stars_open_problems_and_dashes_measures() -> None:
    for sign in "☆★▲●":
        draft = _read(
            "一、在履行绿化责任方面\n"
            f"{sign}行道树补植不及时\n——逐街排查缺株，补植340株。\n——建立季度巡查台账。\n"
            f"{sign}公园设施损坏无人修\n——维修座椅28处。\n"
            f"二、在作风建设方面\n{sign}调研走过场\n——修订调研制度，每月下沉两天。\n"
        )
        assert _titles(draft) == ["行道树补植不及时", "公园设施损坏无人修", "调研走过场"]
        assert [len(finding.measures) for finding in draft.findings] == [2, 1, 1]
        assert [finding.aspect_index for finding in draft.findings] == [0, 0, 1]


def test_headings_with_a_bare_dui() -> None:
    draft = _read(
        "一、履行职责方面\n1.对“苗木采购不规范”问题的整改。修订采购办法，重新招标2个项目。\n"
        "2.对“古树档案缺失”问题的整改。补建档案56份。\n"
        "二、作风建设方面\n3.对“会议过多”问题的整改。会议数量减少三成。\n"
    )
    assert _titles(draft) == ["苗木采购不规范", "古树档案缺失", "会议过多"]


def _read_page(body: str) -> Draft:
    head = "<h1>示例市园林局党组关于市委巡察整改进展情况的通报</h1><p>市委第一巡察组反馈了巡察意见，现将整改情况予以公布。</p>"
    page = f"<html><body>{head}{body}</body></html>"
    return understand(read_document(page.encode(), name="page.html"))


def test_terms_of_a_list_are_headings() -> None:
    draft = _read_page(
        "<h3>一、履行职责方面</h3><dl>"
        "<dt><span>1</span> 行道树补植不及时</dt><dd>逐街排查缺株，补植340株。</dd><dd>建立季度巡查台账。</dd>"
        "<dt><span>2</span> “绿地认养”流于形式</dt><dd>修订认养办法。</dd></dl>"
        "<h3>二、作风建设方面</h3><dl><dt><span>3</span> 年度考核轮流坐庄</dt><dd>出台平时考核细则。</dd></dl>"
    )
    assert _titles(draft) == ["行道树补植不及时", "“绿地认养”流于形式", "年度考核轮流坐庄"]
    assert [len(finding.measures) for finding in draft.findings] == [2, 1, 1]


def test_folds_with_a_badge() -> None:
    draft = _read_page(
        "<h2>一、履行职责方面</h2>"
        "<details><summary><em>01</em> <b>行道树补植不及时</b> <span>已完成</span></summary>"
        "<ul><li>逐街排查缺株，补植340株。</li></ul></details>"
        "<details><summary><em>02</em> <b>年度考核轮流坐庄</b> <span>阶段性完成</span></summary>"
        "<ul><li>出台平时考核细则。</li><li>谈话4人。</li></ul></details>"
    )
    assert _titles(draft) == ["行道树补植不及时", "年度考核轮流坐庄"]
    assert [finding.status for finding in draft.findings] == ["completed", "phased"]


def test_two_lists_joined_by_number() -> None:
    draft = _read(
        "一、履行职责方面\n巡察反馈的问题：\n1．行道树补植不及时；\n2．绿地认养流于形式。\n"
        "对应的整改情况：\n1．逐街排查缺株，补植340株。\n2．修订认养办法。\n"
        "二、作风建设方面\n巡察反馈的问题：\n1．调研走过场。\n对应的整改情况：\n1．修订调研制度。\n"
    )
    assert _titles(draft) == ["行道树补植不及时", "绿地认养流于形式", "调研走过场"]
    assert [finding.measures[0].text for finding in draft.findings][1:] == ["修订认养办法。", "修订调研制度。"]
    assert [finding.aspect_index for finding in draft.findings] == [0, 0, 1]
