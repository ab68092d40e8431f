"""The same content rendered in every layout, with the outcome known by construction.

Content is our own invention.  A :class:`Layout` names one choice per dimension; :func:`render` writes the paper and
:func:`expected` what a reader must find in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhenggai.docparse.document import Block, Document, Place
from zhenggai.kit.chinese_numerals import format_chinese_number

CONTENT: tuple[tuple[str, tuple[tuple[str, str, tuple[str, ...]], ...]], ...] = (
    (
        "贯彻落实上级决策部署方面",
        (
            (
                "理论学习不够深入",
                "中心组学习计划执行不严格,研讨交流联系实际不紧密。",
                (
                    "修订党组理论学习中心组学习制度,明确每季度不少于一次集体研讨。",
                    "组织专题读书班2期,覆盖全体中层干部。",
                ),
            ),
            (
                "落实“河长制”工作有差距",
                "个别河段巡查记录缺失,督办不及时。",
                ("建立巡河台账,每周通报巡查情况。", "对3处河段开展集中清理,清理垃圾12吨。", "约谈责任人2名。"),
            ),
        ),
    ),
    (
        "全面从严治党方面",
        (
            (
                "主体责任压得不实",
                "年初部署多,年中检查少。",
                ("印发年度责任清单,逐级签订责任书。", "召开专题会议3次,听取班子成员履责情况汇报。"),
            ),
            (
                "公务接待管理不规范",
                "2023年有5次接待未附公函。",
                (
                    "对历史账目开展全面清查,补齐手续5份。",
                    "修订《公务接待管理办法》,严格审批流程。",
                    "开展财务人员培训1次。",
                ),
            ),
            (
                "警示教育缺乏针对性",
                "身边案例运用少,教育形式单一。",
                ("召开警示教育大会,通报典型案例4起。", "组织干部到廉政教育基地参观学习。"),
            ),
        ),
    ),
    (
        "基层党组织建设方面",
        (
            (
                "“三会一课”制度执行不到位",
                "有的支部以业务会代替支部会。",
                ("开展党支部标准化建设专项检查,整改问题9个。", "举办党务干部培训班1期。"),
            ),
            (
                "选人用人程序不严谨",
                "干部档案审核把关不严。",
                ("补充完善干部档案23卷。", "出台干部选拔任用工作流程,规范动议酝酿环节。"),
            ),
        ),
    ),
)
UNIT = "示例市水务局"


@dataclass(frozen=True)
class Layout:
    """One choice per dimension of how a notice is written."""

    section: str = "yes"
    aspect: str = "(一)"
    finding: str = "1.关于“”的问题"
    label: str = "整改完成情况:"
    measure: str = "(1)inline"
    detail: str = "same"
    restart: bool = False

    def name(self) -> str:
        return "|".join(
            [self.section, self.aspect, self.finding, self.label, self.measure, self.detail, str(self.restart)]
        )


def _cn(number: int) -> str:
    return format_chinese_number(number)


ASPECTS = {
    "(一)": lambda i, t: "(一)".replace("一", _cn(i)) + t,
    "（一）": lambda i, t: f"（{_cn(i)}）{t}",
    "一、": lambda i, t: f"{_cn(i)}、{t}",
    "在“”方面": lambda i, t: "(" + _cn(i) + f")在“{t.removesuffix('方面')}”方面",
    "一、关于问题": lambda i, t: f"{_cn(i)}、关于{t}问题的整改情况",
    "plain": lambda i, t: t,
    "第一方面": lambda i, t: f"第{_cn(i)}方面:{t}",
    "none": None,
}
FINDINGS = {
    "1.关于“”的问题": lambda i, t: f"{i}.关于“{t}”的问题",
    "1、关于的问题": lambda i, t: f"{i}、关于{t}的问题",
    "1．关于问题的整改情况": lambda i, t: f"{i}．关于{t}问题的整改情况",
    "(1)关于“”问题的整改": lambda i, t: f"({i})关于“{t}”问题的整改",
    "（一）": lambda i, t: f"（{_cn(i)}）{t}",
    "一、": lambda i, t: f"{_cn(i)}、{t}",
    "1.": lambda i, t: f"{i}.{t}",
    "1. ": lambda i, t: f"{i}. {t}",
    "针对“”问题": lambda i, t: f"{i}.针对“{t}”问题",
    "针对的问题": lambda i, t: f"{i}.针对{t}的问题",
    "问题一:": lambda i, t: f"问题{_cn(i)}:{t}",
    "问题1:": lambda i, t: f"问题{i}：{t}",
    "【问题一】": lambda i, t: f"【问题{_cn(i)}】{t}",
    "第1项": lambda i, t: f"第{i}项 {t}",
    "1.1": lambda i, t: f"1.{i} {t}",
    "①": lambda i, t: f"{'①②③④⑤⑥⑦⑧⑨'[i - 1]}{t}",
    "1.反馈问题:": lambda i, t: f"{i}.反馈问题:{t}",
    "关于“”的问题": lambda i, t: f"关于“{t}”的问题",
}
LABELS = ("整改完成情况:", "整改措施:", "整改情况:", "【整改落实情况】", "整改进展：", "整改成效。", "none")
MEASURES = (
    "(1)inline",
    "(1)lines",
    "①inline",
    "①lines",
    "一是",
    "1.lines",
    "1.inline",
    "；",
    "one",
    "paragraphs",
    "⑴inline",
    "（一）lines",
    "第一,",
    "首先",
)


def possible(layout: Layout) -> bool:
    """Tell whether a person could tell the levels of this layout apart at all."""
    f, m, a = layout.finding, layout.measure, layout.aspect
    first = {
        "1.lines": "1.",
        "1.inline": "1.",
        "（一）lines": "（一）",
        "(1)inline": "(1)",
        "(1)lines": "(1)",
        "①inline": "①",
        "①lines": "①",
    }.get(m, "")
    if first and f.startswith(first.rstrip(".")) and f[:1] in "1(（①" and not f.startswith("1.1"):
        return False
    if m.startswith("1.") and f in ("1.1", "1、关于的问题", "1．关于问题的整改情况"):
        return False
    if m == "（一）lines" and (a.startswith(("(一", "（一", "在")) and f.startswith(("一、",))):
        return False
    if f == "（一）" and (a.startswith(("(一", "（一")) or a == "在“”方面"):
        return False
    if f == "一、" and (a.startswith("一、") or layout.section == "yes"):
        return False
    if a == "none" and layout.restart:
        return False
    if (
        layout.label == "none"
        and m.startswith("1.")
        and f in ("1.关于“”的问题", "1.", "1. ", "针对“”问题", "针对的问题", "1.反馈问题:")
    ):
        return False
    if a.startswith("一、") and layout.section == "yes":
        return False
    if layout.label == "none" and (m in ("one", "paragraphs", "；") and layout.detail == "same"):
        return False
    if layout.label == "none" and f == "①" and m in ("一是",):
        return True
    if f in ("关于“”的问题",) and layout.detail == "same" and layout.label == "none":
        return False
    if layout.label == "整改成效。" and m in ("one", "paragraphs", "；"):
        return False
    return not (a == "第一方面" and f == "第1项")


def _measures(layout: Layout, measures: tuple[str, ...]) -> tuple[str, list[str]]:
    """Return what follows the label in its paragraph, and the paragraphs after it."""
    m = layout.measure
    if m == "one":
        return "".join(measures), []
    if m == "；":
        return "；".join(text.rstrip("。") for text in measures) + "。", []
    if m == "paragraphs":
        return measures[0], list(measures[1:])
    marks = {
        "(1)inline": [f"({i})" for i in range(1, 9)],
        "(1)lines": [f"（{i}）" for i in range(1, 9)],
        "①inline": list("①②③④⑤"),
        "①lines": list("①②③④⑤"),
        "一是": [f"{_cn(i)}是" for i in range(1, 9)],
        "1.lines": [f"{i}." for i in range(1, 9)],
        "1.inline": [f"{i}." for i in range(1, 9)],
        "⑴inline": list("⑴⑵⑶⑷⑸"),
        "（一）lines": [f"（{_cn(i)}）" for i in range(1, 9)],
        "第一,": [f"第{_cn(i)}，" for i in range(1, 9)],
        "首先": ["首先，", "其次，", "再次，", "最后，"],
    }[m]
    items = [mark + text for mark, text in zip(marks, measures, strict=False)]
    return ("", items) if m.endswith("lines") else ("".join(items), [])


def expected(layout: Layout) -> list[tuple[str | None, str, tuple[str, ...]]]:
    """Return (aspect, title, measures) per problem."""
    result = []
    for aspect, findings in CONTENT:
        for title, _, measures in findings:
            texts = measures
            if layout.measure == "one":
                texts = ("".join(measures),)
            if layout.measure == "；" and layout.label not in ("整改措施:",) and layout.label == "none":
                texts = measures
            result.append((None if layout.aspect == "none" else aspect, title, texts))
    return result


def render(layout: Layout) -> str:
    """Return the paper as text."""
    lines = [
        f"中共{UNIT}党组关于巡察整改进展情况的通报",
        "",
        f"根据市委统一部署，2023年3月1日至2023年4月28日，市委第二巡察组对{UNIT}党组开展了常规巡察。2023年6月15日，市委第二巡察组向{UNIT}党组反馈了巡察意见。按照党务公开原则和巡察工作有关要求，现将巡察整改进展情况予以公布。",
        "",
    ]
    if layout.section == "yes":
        lines += [
            "一、组织整改落实情况",
            "（一）强化组织领导。局党组高度重视，一是召开党组会专题研究；二是成立领导小组；三是制定整改方案。",
            "（二）压实整改责任。坚持问题导向，逐项明确责任人，防止整改不到位、走过场。",
            "截至2023年12月20日，巡察反馈的7个问题，已完成整改5个，正在整改2个。",
            "二、巡察反馈问题整改进展情况",
        ]
    number = 0
    for index, (aspect, findings) in enumerate(CONTENT, start=1):
        write = ASPECTS[layout.aspect]
        if write is not None:
            lines.append(write(index, aspect))
        if layout.restart:
            number = 0
        for title, detail, measures in findings:
            number += 1
            head = FINDINGS[layout.finding](number, title)
            first, rest = _measures(layout, measures)
            if layout.detail == "same":
                lines.append(head + "。" + detail)
            elif layout.detail == "next":
                lines += [head, detail]
            elif layout.detail == "label":
                lines += [head, "存在问题:" + detail]
            elif layout.detail == "oneline":
                lines.append(head + "。" + detail)
            else:
                lines.append(head)
            label = "" if layout.label == "none" else layout.label
            if layout.detail == "oneline":
                lines[-1] += label + first
                lines += rest
            elif layout.detail == "labelline" and label:
                lines.append(label)
                lines += ([first] if first else []) + rest
            else:
                lines += ([label + first] if label + first else []) + rest
    if layout.section == "yes":
        lines += [
            "三、下一步工作打算",
            "（一）持续深化整改。一是对正在整改的问题紧盯不放；二是适时开展回头看。",
            "（二）健全长效机制。坚持举一反三，防止问题反弹。",
        ]
    lines += [
        "欢迎广大干部群众对巡察整改落实情况进行监督。联系方式：电话0000-12345678；电子邮箱：jd@example.cn。",
        f"中共{UNIT}党组",
        "2024年1月5日",
    ]
    return "\n".join(lines)


def document_of(text: str) -> Document:
    """Return a document with one block per non-empty line."""
    blocks = []
    at = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            blocks.append(Block("paragraph", line, at, place=Place(line=number)))
        at += len(line) + 1
    return Document(text, tuple(blocks), "txt")


def all_layouts() -> list[Layout]:
    """Return every layout that a person could read, in a fixed order."""
    return [
        layout
        for section in ("yes", "no")
        for aspect in ASPECTS
        for finding in FINDINGS
        for label in LABELS
        for measure in MEASURES
        for detail in ("same", "next", "label", "oneline", "none", "labelline")
        for restart in (False, True)
        if possible(layout := Layout(section, aspect, finding, label, measure, detail, restart))
    ]
