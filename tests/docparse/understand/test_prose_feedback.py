"""Feedback told in running prose: aspects as lead words, clauses, sentences, lists inside a paragraph."""

from __future__ import annotations

import pytest

from tests.docparse.understand.variants import document_of
from zhenggai.docparse.understand import understand

_HEAD = "市委第四巡察组向市园林局党组反馈巡察情况\n2024年6月18日，市委第四巡察组向市园林局党组反馈了巡察情况。\n"
_TAIL = "巡察组要求，局党组要提高站位，压实责任，切实抓好整改。\n市园林局党组书记表示，诚恳接受，坚决整改。"

CASES: dict[str, tuple[str, list[str], list[str]]] = {
    "lead words and circled numbers": (
        "主要问题\n政治建设方面：①理论学习流于形式；②阵地管理有漏洞。\n作风建设方面：①文件会议过多；②调研走过场。",
        ["理论学习流于形式", "阵地管理有漏洞", "文件会议过多", "调研走过场"],
        ["政治建设方面", "作风建设方面"],
    ),
    "lead words and numbers in brackets": (
        (
            "巡察发现的主要问题\n在履行职责方面，存在：（1）苗圃管护滞后；（2）行道树补植不及时。\n"
            "在廉洁建设方面，存在：（1）苗木采购议价随意；（2）工程验收把关不严。"
        ),
        ["苗圃管护滞后", "行道树补植不及时", "苗木采购议价随意", "工程验收把关不严"],
        ["在履行职责方面", "在廉洁建设方面"],
    ),
    "clauses under aspects with a comma": (
        (
            "巡察也发现了一些问题，主要表现为：\n在落实上级部署方面，公园城市建设推进迟缓；古树名木保护责任不清。\n"
            "在管党治党方面，“一岗双责”落实不到位；资产出租监管缺位。"
        ),
        ["公园城市建设推进迟缓", "古树名木保护责任不清", "“一岗双责”落实不到位", "资产出租监管缺位"],
        ["在落实上级部署方面", "在管党治党方面"],
    ),
    "sentences behind an announcement": (
        "巡察发现，局党组存在的问题主要表现为：执行议事规则不严格。绿地养护外包监管乏力。年轻干部培养断档。支部生活质量不高。",
        ["执行议事规则不严格", "绿地养护外包监管乏力", "年轻干部培养断档", "支部生活质量不高"],
        [],
    ),
    "sentences with a remark behind them": (
        "反馈指出了存在的问题：落实意识形态责任制不到位。项目招标程序不规范。党费收缴不及时。此外，巡察组还收到信访件三件，已按规定移交。",
        ["落实意识形态责任制不到位", "项目招标程序不规范", "党费收缴不及时"],
        [],
    ),
    "lists that spell out numbered headings": (
        (
            "二、主要问题\n（一）政治建设方面\n1.学习不深入。一是中心组学习以念代学；二是成果转化不够。\n"
            "2.决策不规范。一是临时动议较多；二是会议记录不完整。\n（二）廉洁建设方面\n1.采购监管乏力。一是询价流于形式；二是验收缺少记录。"
        ),
        ["中心组学习以念代学", "成果转化不够", "临时动议较多", "会议记录不完整", "询价流于形式", "验收缺少记录"],
        ["政治建设方面", "廉洁建设方面"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_problems_told_in_prose(name: str) -> None:
    body, titles, aspects = CASES[name]
    draft = understand(document_of(_HEAD + body + "\n" + _TAIL))
    assert [finding.title for finding in draft.findings] == titles
    assert [aspect.title for aspect in draft.aspects] == aspects
    assert draft.family == "feedback"
    assert not draft.anomalies


def test_a_heading_with_its_own_detail_stays_the_problem() -> None:
    draft = understand(
        document_of(
            _HEAD
            + "主要问题\n1.学习不深入。2023年集中学习只有3次，中心组成员发言材料雷同，一是照抄照搬，二是脱离实际。\n"
            "2.采购监管乏力。全年零星采购47次，一是没有比价，二是没有验收。\n" + _TAIL
        )
    )
    assert [finding.title for finding in draft.findings] == ["学习不深入", "采购监管乏力"]
