"""Feedback told in prose, papers without problems, and very long ones."""

from __future__ import annotations

import time

import pytest

from tests.docparse.understand.variants import Layout, document_of, render
from zhenggai.docparse.draft import Draft
from zhenggai.docparse.understand import understand


def _read(text: str) -> Draft:
    return understand(document_of(text))


def test_feedback_in_one_sentence() -> None:
    draft = _read(
        "市委第三巡察组向市水务局党组反馈巡察情况\n"
        "2024年7月18日，市委第三巡察组向市水务局党组反馈巡察情况。\n"
        "巡察发现的主要问题：一是贯彻上级部署有差距；二是工程质量监管不严；三是支部组织生活不规范。\n"
        "反馈会要求，一是提高政治站位；二是压实整改责任；三是健全长效机制。"
    )
    assert [finding.title for finding in draft.findings] == [
        "贯彻上级部署有差距",
        "工程质量监管不严",
        "支部组织生活不规范",
    ]
    assert [finding.no for finding in draft.findings] == ["一", "二", "三"]
    assert all(not finding.measures for finding in draft.findings)


def test_feedback_clause_by_clause_under_aspects() -> None:
    draft = _read(
        "关于巡察市档案馆党支部的反馈意见\n巡察也发现了一些问题，主要是：\n"
        "在政治建设方面：理论学习不深入；阵地管理有漏洞。\n在队伍建设方面：年轻干部培养跟不上；请销假制度执行不严。\n"
        "巡察组要求，要提高站位，加强领导。"
    )
    assert [finding.title for finding in draft.findings] == [
        "理论学习不深入",
        "阵地管理有漏洞",
        "年轻干部培养跟不上",
        "请销假制度执行不严",
    ]
    assert [finding.aspect_index for finding in draft.findings] == [0, 0, 1, 1]


def test_the_innermost_level_with_measures_is_the_problem_and_the_heading_above_its_parent() -> None:
    draft = _read(
        "示例县农业局党组关于巡察整改情况的通报\n一、政治建设方面\n1.关于“粮食安全责任扛得不牢”的问题\n"
        "（1）关于“撂荒地底数不清”。一是逐户核查；二是建立台账。\n（2）关于“农田管护缺位”。一是签订管护协议；二是修复沟渠。\n"
        "2.关于“产业支撑不足”的问题\n（1）关于“加工链条短”。引进企业2家，建成生产线1条。"
    )
    assert [finding.title for finding in draft.findings] == ["撂荒地底数不清", "农田管护缺位", "加工链条短"]
    assert [finding.parent_title for finding in draft.findings] == [
        "粮食安全责任扛得不牢",
        "粮食安全责任扛得不牢",
        "产业支撑不足",
    ]
    assert [len(finding.measures) for finding in draft.findings] == [2, 2, 1]


def test_status_by_sentence_by_section_and_never_by_label() -> None:
    stated = _read(
        "关于报送巡察整改情况的函\n（一）采购管理不规范。\n该问题已完成整改。一是清理合同；二是上线平台。\n"
        "（二）安全责任制不落实。\n该问题正在整改中。一是重签责任书；二是开展排查。"
    )
    assert [finding.status for finding in stated.findings] == ["completed", "ongoing"]
    assert [len(finding.measures) for finding in stated.findings] == [2, 2]
    assert {finding.status for finding in _read(render(Layout())).findings} == {None}


@pytest.mark.parametrize(
    "text",
    [
        "示例市巡察工作办法\n第一条　为规范巡察工作，制定本办法。\n第二条　巡察组有下列情形的，应当追究责任：\n（一）不按照规定请示报告的；\n（二）泄露秘密的。\n第三条　本办法自印发之日起施行。",
        "市水务局召开巡察整改推进会\n会议强调，一是提高政治站位；二是压实整改责任；三是健全长效机制，防止问题反弹。\n会议要求，各科室要对照反馈问题逐条整改。",
        "参保常见问题解答\n问题一：什么时候缴费？\n答：每年9月至12月。\n问题二：异地就医要不要备案？\n答：需要备案。",
        "十二届市委第五轮巡察整改进展情况\n目前，12个单位反馈的312个问题，完成整改274个，正在整改38个，完成率87.8%。现将整改情况公开，接受监督。",
        "",
        "关于公开招聘工作人员的公告\n一、招聘岗位\n（一）综合岗2名。\n二、报名条件\n（一）遵纪守法；（二）身体健康。",
    ],
)
def test_papers_without_problems_give_none(text: str) -> None:
    assert _read(text).findings == ()


def test_time_grows_with_the_length_only() -> None:
    head, body, tail = render(Layout()).partition("二、巡察反馈问题整改进展情况\n")
    part = head + body + tail
    short, long = part * 8, part * 64
    seconds = []
    for text in (short, long):
        document = document_of(text)
        start = time.perf_counter()
        understand(document)
        seconds.append(time.perf_counter() - start)
    assert seconds[1] < seconds[0] * 8 * 3


@pytest.mark.parametrize(
    "text",
    [
        "（一）" * 20000,
        "1." * 30000,
        "“" * 50000,
        "整改措施：" * 20000,
        "关于“" * 20000 + "的问题",
        "一是" * 30000,
        " " * 50000 + "问题",
        "1.1.1.1." * 9000,
        "3月" * 20000,
        "👉" * 20000,
    ],
)
def test_hostile_repetition_stays_quick(text: str) -> None:
    document = document_of("整改情况的通报 巡察\n" + text)
    start = time.process_time()
    understand(document)
    assert time.process_time() - start < 5
