"""Claims and verdicts: defects are told with the arithmetic, clean text is left in peace."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from zhenggai.figures import KINDS, Verdict, check

HERE = Path(__file__).parent
CLEAN = [line for line in (HERE / "clean.txt").read_text(encoding="utf-8").splitlines() if line]
DEFECTS = [tuple(line.split("\t")) for line in (HERE / "defects.tsv").read_text(encoding="utf-8").splitlines() if line]

JUDGED = (
    ("全年立案461件，其中生态领域223件，占比48.4%。", "share", Verdict.CONSISTENT, "223÷461=48.37%，文中为48.4%"),
    ("全年立案461件，其中生态领域223件，占比48.3%。", "share", Verdict.TRUNCATED, "223÷461=48.37%，文中为48.3%，系截断，四舍五入应为48.4%"),
    ("全年立案461件，其中生态领域223件，占比52.1%。", "share", Verdict.CONTRADICTORY, "223÷461=48.37%，文中为52.1%"),
    ("生态领域案件占全省的52.1%。", "share", Verdict.UNCHECKABLE, ""),
    ("有2164项任务，已完成1275项，完成率近60%。", "rate", Verdict.CONSISTENT, "1275÷2164=58.92%，文中为近60%"),
    ("巡察反馈问题40个，已完成整改24个，阶段性完成16个。", "standing", Verdict.CONSISTENT, "24+16=40，文中合计为40个"),
    ("发放救助金202.6万元，救助173件，案均补助1.17万元。", "average", Verdict.CONSISTENT, "202.6万元÷173=1.171万元，文中为1.17万元"),
    ("办案量由50件增至150件，增长2倍。", "multiple", Verdict.CONSISTENT, "150÷50=3，是3倍，增长2倍，文中为“增长2倍”"),
    ("办案量由120件增至150件，增长24.9%。", "growth", Verdict.CONTRADICTORY, "(150-120)÷120=25%，文中为24.9%"),
    ("采纳率由85%提高到92%，提高7个百分点。", "points", Verdict.CONSISTENT, "92-85=7个百分点，文中为7个百分点"),
    ("满意率由90%提升到95%，提升5%。", "points", Verdict.CONTRADICTORY,
     "95-90=5，应为“5个百分点”，文中写作“5%”；按百分数计增幅为5.56%"),
    ("2024年3月1日至3月20日，历时20天。", "duration", Verdict.CONSISTENT, "3月1日至3月20日首尾都算20天，只算一头19天，文中为20天"),
    ("制定《甲办法》《乙办法》等12项制度。", "listed", Verdict.CONSISTENT, "列出2项，文中称等12项，相符"),
)  # fmt: skip


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_is_left_in_peace(text: str) -> None:
    accused = [claim for claim in check(text).claims if claim.verdict in (Verdict.CONTRADICTORY, Verdict.TRUNCATED)]
    assert accused == []


@pytest.mark.parametrize(("kind", "text"), DEFECTS)
def test_a_defect_is_told(kind: str, text: str) -> None:
    told = [claim for claim in check(text).of(Verdict.CONTRADICTORY) if claim.kind == kind]
    assert told
    for claim in told:
        assert claim.reason and text[slice(*claim.span)] == claim.text
        assert all(0 <= start < end <= len(text) for start, end in claim.operands)


@pytest.mark.parametrize(("text", "kind", "verdict", "reason"), JUDGED)
def test_a_claim_is_judged_with_its_arithmetic(text: str, kind: str, verdict: Verdict, reason: str) -> None:
    claims = [claim for claim in check(text).claims if claim.kind == kind]
    assert [claim.verdict for claim in claims] == [verdict]
    if reason:
        assert claims[0].reason == reason


def test_claims_stand_in_the_order_of_the_text_and_have_known_kinds() -> None:
    text = "".join(text for _kind, text in DEFECTS)
    claims = check(text).claims
    assert [claim.span for claim in claims] == sorted(claim.span for claim in claims)
    assert {claim.kind for claim in claims} <= KINDS.keys()


@pytest.mark.parametrize(
    "text",
    ["9" * 100_000, "一" * 40_000, "其中" * 50_000, "其中1件，" * 2_000, "占50%，" * 2_000, "（" * 40_000, "1件、" * 4_000,
     "由1件增至2件，增长1%，" * 800, "“甲”" * 20_000 + "3项", "《" * 60_000, "2024年1月1日至" * 4_000, "%" * 60_000,
     "5个村未配备网格员" * 800 + "7个村配备网格员" * 800, "12件" * 4_000, "反馈问题3个，反馈的4个问题，" * 800],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_hostile_text_takes_no_long(text: str) -> None:
    started = time.perf_counter()
    check(text)
    assert time.perf_counter() - started < 5


def test_any_text_can_be_checked() -> None:
    draw = random.Random(7)
    pieces = [
        *"0123456789，。；：、（）%",
        "其中",
        "占",
        "率",
        "同比",
        "增长",
        "由",
        "至",
        "件",
        "个",
        "万元",
        "2024年",
        "3月",
        "日",
        "倍",
        "个百分点",
        "“",
        "”",
        "等",
        "均",
        "共",
        "\n",
        "一",
        "\ufeff",
    ]
    for _ in range(300):
        text = "".join(draw.choices(pieces, k=60))
        for claim in check(text).claims:
            assert text[slice(*claim.span)] == claim.text
