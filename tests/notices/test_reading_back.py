"""A notice that Zhenggai wrote, read back by its own reader, gives the same record, in every numbering style."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from zhenggai.docparse.draft import Draft
from zhenggai.docparse.reading import read_document
from zhenggai.docparse.understand import understand
from zhenggai.gongwen import to_docx, to_html
from zhenggai.notices.blocks import Block, BlockKind
from zhenggai.notices.layout import lay_out
from zhenggai.notices.outputs import to_document
from zhenggai.notices.wording import shipped_wording, style_of, styles

TITLES = (
    "学习贯彻不够深入", "重大事项请示报告不及时", "固定资产账实不符", "支部组织生活质量不高", "存在‘重办案轻治理’倾向", "检察听证适用偏少",
    "案件质量瑕疵时有发生", "招标采购程序不规范", "司法救助力度不足", "个别案件长期未结", "执行‘三个规定’不自觉", "成本控制意识不强",
)  # fmt: skip
DETAILS = (
    "", "理论学习计划性不强，学用结合不紧。", "2023年有3件重大事项未及时报告。", "部分记录不完整，个别支部以会代训", "218件中止审查案件中，其他情形112件。",
)  # fmt: skip
MEASURES = (
    "修订中心组学习规则，全年开展专题学习12次", "清查固定资产，补登资产38件，价值238.45万元。", "对3个支部书记谈话提醒；召开支部书记会议",
    "制定重大事项请示报告清单", "全年办理救助案件173件359人，发放202.6万元，案均1.17万元", "开展专项检查2次，发现问题15个，已整改15个",
    "印发《固定资产登记规程》，每季度抽查一次", "召开联席会议2次，就管辖、并案等达成一致意见", "建立回复台账，到期一周前提醒",
)  # fmt: skip
OUTCOMES = ("", "召开推进会2次，台账核对完毕。", "全年办理救助案件173件359人；发放202.6万元。出台制度3项。")
ASPECTS = ("落实上级决策部署方面", "群众身边不正之风方面", "党的领导和党建工作方面", "巡察整改责任方面")
STATUSES = ("completed", "phased", "ongoing", "not_completed")
SHORT = (Phase.explicit, Phase.generate)  # a whole notice is looked at sooner than shrunk
WORDS = {"completed": "已完成整改", "phased": "阶段性完成整改", "ongoing": "正在整改", "not_completed": "未完成整改"}


@dataclass(frozen=True)
class Problem:
    title: str
    detail: str
    measures: tuple[str, ...]
    status: str
    outcome: str = ""


Record = list[tuple[str, list[Problem]]]


@st.composite
def records(draw: st.DrawFn) -> Record:
    titles = iter(draw(st.permutations(TITLES)))  # a problem that stands twice in lists is one problem
    aspects = draw(st.lists(st.sampled_from(ASPECTS), min_size=2, max_size=4, unique=True))
    measures = st.lists(st.sampled_from(MEASURES), min_size=1, max_size=4, unique=True).map(tuple)
    return [
        (
            aspect,
            [
                Problem(
                    next(titles),
                    draw(st.sampled_from(DETAILS)),
                    draw(measures),
                    draw(st.sampled_from(STATUSES)),
                    draw(st.sampled_from(OUTCOMES)),
                )
                for _number in range(draw(st.integers(1, 3)))
            ],
        )
        for aspect in aspects
    ]


def blocks_of(record: Record) -> list[Block]:
    """Return the notice of a record, written as composing does."""
    words = shipped_wording()
    numbers = iter(range(10_000))

    def block(kind: BlockKind, text: str, status: str = "") -> Block:
        return Block(f"b{next(numbers)}", kind, text, status=status)

    problems = [problem for _aspect, some in record for problem in some]
    measures = sum(len(problem.measures) for problem in problems)
    counts = {status: sum(1 for each in problems if each.status == status) for status in STATUSES}
    told = "，".join(f"{WORDS[status]}{count}个" for status, count in counts.items() if count)
    made = [
        block(BlockKind.TITLE, "示例市人民检察院党组关于巡察整改进展情况的通报"),
        block(
            BlockKind.PREAMBLE,
            "按照巡察工作统一部署，2024年3月7日至2024年5月10日，市委第三巡察组对示例市人民检察院党组开展了巡察，"
            "并于2024年7月18日反馈了巡察意见。现将巡察整改进展情况公布如下。",
        ),
        block(BlockKind.SECTION, words.sections["organising"]),
        block(
            BlockKind.LEAD,
            f"逐级压实责任。制定整改工作方案，明确{len(record)}个方面{len(problems)}个问题{measures}条整改措施。",
        ),
        block(BlockKind.STATUS, f"截至2025年1月16日，巡察反馈的{len(problems)}个问题，{told}。"),
        block(BlockKind.SECTION, "巡察反馈问题整改进展情况"),
    ]
    for aspect, some in record:
        made.append(block(BlockKind.ASPECT, aspect))
        for problem in some:
            made.append(block(BlockKind.PROBLEM, problem.title, problem.status))
            made += [block(BlockKind.DETAIL, problem.detail)] if problem.detail else []
            made += [block(BlockKind.MEASURE, measure) for measure in problem.measures]
            made += [block(BlockKind.OUTCOME, problem.outcome)] if problem.outcome else []
    made.append(block(BlockKind.SECTION, words.sections["follow_up"]))
    made += [block(BlockKind.FOLLOW_UP, text) for text in words.follow_up]
    made += [
        block(
            BlockKind.CONTACT,
            "欢迎广大干部群众对巡察整改情况进行监督。联系方式：电话0000-8800000；电子邮箱：demo@example.invalid。",
        ),
        block(BlockKind.SIGNATURE, "中共示例市人民检察院党组"),
        block(BlockKind.DATE, "2025年1月16日"),
    ]
    return made


def bare(text: str) -> str:
    """Return a text without the punctuation that the style ends it with."""
    return text.strip().rstrip("。；;")


def told(draft: Draft) -> Record:
    """Return what a draft says as a record."""
    found: Record = [(aspect.title, []) for aspect in draft.aspects]
    for each in draft.findings:
        assert each.aspect_index is not None
        measures = tuple(bare(measure.text) for measure in each.measures)
        outcome = bare("".join(each.progress))
        problem = Problem(each.title, bare(each.description), measures, each.status or "", outcome)
        found[each.aspect_index][1].append(problem)
    return found


def expected(record: Record, *, statuses: bool) -> Record:
    """Return a record as it should be read."""
    return [
        (
            aspect,
            [
                Problem(
                    each.title,
                    bare(each.detail),
                    tuple(map(bare, each.measures)),
                    each.status if statuses else "",
                    bare(each.outcome),
                )
                for each in some
            ],
        )
        for aspect, some in record
    ]


@pytest.mark.parametrize("style", styles())
@settings(max_examples=6, phases=SHORT)
@given(record=records())
def test_a_notice_read_back_gives_the_same_record(style: str, record: Record) -> None:
    layout = lay_out(blocks_of(record), style_of(style))
    readings = [
        understand(
            read_document(f"<html><body>{to_html(to_document(layout))}</body></html>".encode(), name="notice.html")
        )
    ]
    readings.append(understand(read_document(to_docx(to_document(layout)), name="notice.docx")))
    if not style_of(style).table:  # rows of a table without its lines are no table any more
        readings.append(understand(read_document(layout.text.encode(), name="notice.txt")))
    problems = [problem for _aspect, some in record for problem in some]
    for draft in readings:
        assert told(draft) == expected(record, statuses=style_of(style).says_status)
        assert draft.counts["findings"] == len(problems)
        assert draft.counts["aspects"] == len(record)
        assert draft.counts["measures"] == sum(len(problem.measures) for problem in problems)
        for status in STATUSES:
            assert draft.counts.get(status, 0) == sum(1 for problem in problems if problem.status == status)
        assert (draft.inspection_start, draft.inspection_end) == ("2024-03-07", "2024-05-10")
        assert (draft.feedback_date, draft.as_of, draft.document_date) == ("2024-07-18", "2025-01-16", "2025-01-16")
        assert (draft.unit, draft.inspecting_body) == ("示例市人民检察院", "市委第三巡察组")
        assert [each.kind for each in draft.anomalies] == []
