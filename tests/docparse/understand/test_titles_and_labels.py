"""Titles, labels and status words, phrase by phrase."""

from __future__ import annotations

import pytest

from zhenggai.docparse.understand.grids import header_kind
from zhenggai.docparse.understand.lexicon import label_kind
from zhenggai.docparse.understand.status import find_stated, find_status
from zhenggai.docparse.understand.titles import find_title
from zhenggai.kit.text import fold


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("关于“主题学习问题整改不到位”的问题。个别支部", "主题学习问题整改不到位"),
        ("关于“巡河效果不佳”的问题2023年巡河次数少于计划；", "巡河效果不佳"),
        ("关于落实“三个规定”不到位的问题", "落实“三个规定”不到位"),
        ("关于落实“三个规定”不到位问题的整改情况", "落实“三个规定”不到位"),
        ("关于耕地“非粮化”问题整治不彻底的问题", "耕地“非粮化”问题整治不彻底"),
        ("关于对上级指出的问题整改不力的问题。", "对上级指出的问题整改不力"),
        ("关于学位不足、大班额问题依然突出问题", "学位不足、大班额问题依然突出"),
        ("关于“存在‘重建设、轻管护’现象的问题。部分渠道", "存在‘重建设、轻管护’现象"),
        ("针对“窗口服务不规范”问题，制定办法", "窗口服务不规范"),
        ("针对党建工作薄弱的问题，制定方案", "党建工作薄弱"),
        ("理论学习不深入。中心组学习计划", "理论学习不深入"),
        ("理论学习不深入（已完成整改）", "理论学习不深入"),
        ("“三会一课”执行不严的问题", "“三会一课”执行不严"),
        ("师生比未达到1∶18的要求。近三年", "师生比未达到1∶18的要求"),
    ],
)
def test_the_title_is_the_phrase_itself(text: str, title: str) -> None:
    norm = fold(text)
    found = find_title(norm, 0, len(norm))
    assert text[found.start : found.end] == title


def test_status_words_behind_a_title_are_kept_apart() -> None:
    norm = fold("关于“公车管理不严”的问题【已完成】。")
    found = find_title(norm, 0, len(norm))
    assert (norm[found.start : found.end], found.note) == ("公车管理不严", "已完成")


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("整改完成情况", "progress"), ("整改措施", "measures"), ("拟采取措施", "measures"), ("责任领导", "leader"), ("包抓院领导", "leader"),
        ("责任庭室", "department"), ("牵头单位", "unit"), ("配合科室", "support"), ("整改时限", "deadline"), ("督办领导", "supervisor"),
        ("整改状态", "status"), ("具体经办人", "person"), ("原因分析", "cause"), ("下一步打算", "next"), ("会议强调", None), ("情况", None),
    ],
)  # fmt: skip
def test_labels_are_known_by_list_or_by_their_parts(word: str, kind: str | None) -> None:
    assert label_kind(word) == kind


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("序 号", "no"),
        ("三级问题（具体问题）", "title"),
        ("一级标题", "aspect"),
        ("牵头责任部门", "department"),
        ("是否销号", "status"),
        ("完成\n时限", "deadline"),
    ],
)
def test_header_cells_are_known(header: str, kind: str) -> None:
    assert header_kind(fold(header)) == kind


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("已完成", "completed"), ("基本完成", "phased"), ("阶段性完成", "phased"), ("正在整改", "ongoing"), ("长期坚持", "ongoing"),
        ("尚未完成", "not_completed"), ("待整改", "not_completed"), ("部分整改", "ongoing"), ("100%", "completed"), ("是", "completed"),
        ("正在整改,预计年底完成", "ongoing"), ("已完成,并长期坚持", "completed"), ("", None), ("组织培训", None),
    ],
)  # fmt: skip
def test_status_words(words: str, status: str | None) -> None:
    assert find_status(words) == status


def test_a_sentence_about_cases_is_no_status_of_the_problem() -> None:
    norm = "联合部门排查隐患109处,整治完成104处。召开会议3次。"
    assert find_stated(norm, 0, len(norm)) is None
    norm = "修订办法。目前,该问题已完成整改。"
    found = find_stated(norm, 0, len(norm))
    assert found is not None and found[0] == "completed"
