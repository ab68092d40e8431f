"""Rows about the quality of cases: what was closed, who reviews, reviews and opinions on them, checks, process issues, who answered.

513 key cases are reviewed by the city, 12 of them flawed; on 22 the departments were heard.  The routine reviews are
those that the declared draw yields from the closed cases by the seed that is written on each.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random

from zhenggai.demo.ledgers.people import (
    BASES,
    CASE_TYPES,
    CITY,
    DEPARTMENT_OF,
    PROSECUTORS,
    Row,
    after,
    case_no,
    day,
    name,
    numbered,
    prosecutor,
    repeated,
    shuffled,
    unit,
)
from zhenggai.packs.drawing import ask_reviewers, draw_rows
from zhenggai.packs.loading import shipped

SEED = "示例市院2024年常规抽查"
"""Kept before the routine draw."""
REASONS = ("捕后不诉", "撤回起诉", "抗诉未获支持", "不捕不诉有争议", "信访反映", "国家赔偿")
PROBLEMS = (
    "自首认定审查不严",
    "立功认定审查不严",
    "文书制作不规范",
    "证据审查不细",
    "量刑建议说理不足",
    "权利告知不及时",
)
TOPICS = (
    "电子卷宗制作滞后", "听证文书不规范", "案卡填录不完整", "案卡填录错误", "法律文书未上传", "送达回证缺失",
    "讯问笔录未签名", "权利告知超期", "认罪认罚具结书不规范", "同步录音录像未随案", "审批表缺项", "文书用印不规范",
    "涉案财物未登记", "案件节点未流转", "起诉书表述错误", "不起诉宣告未记录", "法律援助通知不及时", "结案后未归档",
)  # fmt: skip
ITEMS = ("强制措施期限", "权利义务告知", "讯问笔录", "同步录音录像", "涉案财物处理", "量刑建议", "法律文书", "案卡填录")
# How those who answered did so, and what for.
ANSWERED = repeated({"admonition": 3, "criticism": 2, "talk_reminder": 8})


@cache
def _closed() -> tuple[Row, ...]:
    source = Random("办结案件")
    rows: list[Row] = []
    for number in range(1, 514 + 601):
        key = number <= 513
        case_type = source.choice(CASE_TYPES)
        where = unit(source)
        closed = day(source, date(2024, 1, 4), date(2024, 11, 29))
        rows.append(
            {
                "case_no": case_no(where, 2024, "办", number),
                "unit": where,
                "department": DEPARTMENT_OF[case_type],
                "prosecutor": prosecutor(source, where, case_type),
                "case_type": case_type,
                "closed_on": closed,
                "key_case": key,
                "key_reason": source.choice(REASONS) if key else None,
                "checked_on": None,
                "archived_on": after(closed, source.randint(10, 30)),
            }
        )
    return tuple(rows)


def closed_cases(today: date) -> list[Row]:
    """Return the cases closed in 2024, 513 of them key cases."""
    return [dict(row) for row in _closed()]


def reviewer_pool(today: date) -> list[Row]:
    """Return reviewers of eight categories, of whom each category keeps some whatever unit a case is from."""
    rows: list[Row] = []
    for number, category in enumerate(CASE_TYPES):
        for place, where in enumerate((CITY, *BASES[number : number + 3], *BASES[: max(0, number - 6)])):
            staff = PROSECUTORS[where]
            rows.append(
                {
                    "name": staff[(number % 4 * 3 + place % 3)],
                    "unit": where,
                    "department": DEPARTMENT_OF[category],
                    "category": category,
                    "honour": ("全市业务能手", "全市业务标兵")[place % 2],
                    "since": date(2024, 1, 15),
                    "until": max(date(2027, 1, 14), today + timedelta(days=200 + number)),
                }
            )
    return numbered(rows, "no", "RC{:03d}")


@cache
def _reviews() -> tuple[Row, ...]:
    source = Random("案件评查")
    pool = reviewer_pool(date(2024, 12, 31))
    draw = shipped().ledgers["closed_cases"].draws[0]
    cases = _closed()
    keys = [case for case in cases if case["key_case"]]
    drawn_keys = {
        key
        for share in draw_rows(draw, [c for c in cases if not c["key_case"]], key="case_no", seed=SEED)
        for key in share.drawn
    }
    drawn = [case for case in cases if case["case_no"] in drawn_keys]
    asked = {each.key: each.reviewer for each in ask_reviewers(draw, [*keys, *drawn], pool, key="case_no", seed=SEED)}
    flawed = set(source.sample([case["case_no"] for case in keys], 12))
    rest = [case["case_no"] for case in keys if case["case_no"] not in flawed]
    heard = flawed | set(source.sample(rest, 10))
    missed = set(source.sample([c["case_no"] for c in keys if c["case_type"] in ("arrest", "prosecution")], 10))
    rows = []
    for number, case in enumerate([*keys, *drawn], 1):
        rows.append(
            _review(source, number, case, asked[case["case_no"]] or "外聘专家", case["case_no"] in flawed)
            | ({"heard_on": date(2024, 12, 10)} if case["case_no"] in heard else {})
            | {"interrogation_missed": case["case_no"] in missed}
        )
    return tuple(rows)


def _review(source: Random, number: int, case: Row, reviewer: str, flawed: bool) -> Row:
    assigned = after(case["closed_on"], 12)
    decided = min(after(assigned, source.randint(15, 40)), date(2024, 12, 30))
    key = bool(case["key_case"])
    grade = "flawed" if flawed else source.choice(("qualified", "qualified", "qualified", "excellent"))
    return {
        "review_no": f"PC2024-{number:04d}",
        "case_no": case["case_no"],
        "unit": case["unit"],
        "department": case["department"],
        "prosecutor": case["prosecutor"],
        "case_type": case["case_type"],
        "kind": "key" if key else "routine",
        "level": "city" if key else "base",
        "draw_seed": None if key else SEED,
        "reviewer": reviewer,
        "avoidance": True,
        "assigned_on": min(assigned, date(2024, 12, 9)),
        "score": Decimal(source.randint(720, 799) if flawed else source.randint(820, 985)) / 10,
        "problem": source.choice(PROBLEMS) if flawed or number % 25 == 0 else None,
        "draft_grade": grade,
        "final_grade": grade,
        "decided_by": "chief" if flawed else "head",
        "decided_on": max(decided, date(2024, 12, 16)) if flawed else decided,
        "notified_on": date(2024, 12, 20) if flawed else None,
        "mended_on": date(2025, 1, 10) if flawed else None,
    }


def quality_reviews(today: date) -> list[Row]:
    """Return the reviews of 2024: every key case by the city, and what the routine draw yielded."""
    return [dict(row) for row in _reviews()]


def quality_opinions(today: date) -> list[Row]:
    """Return what the departments said on the 22 cases on which they were heard."""
    source = Random("评查意见")
    rows: list[Row] = []
    for number, review in enumerate([row for row in _reviews() if row.get("heard_on")]):
        agrees = number % 3 != 0
        rows.append(
            {
                "review": review["review_no"],
                "department": review["department"],
                "given_on": date(2024, 12, 12),
                "agrees": agrees,
                "opinion": "同意扣分事项和拟定等级。" if agrees else "认为扣分过重，建议重新考虑等级。",
                "offline": not agrees,
                "adopted": None if agrees else source.random() < 0.4,
                "answer": None if agrees else "当面听取意见，已在评查报告中说明。",
            }
        )
    return numbered(rows, "no", "YJ{:03d}")


def quality_checks(today: date) -> list[Row]:
    """Return checks of cases of the last three months; the mechanism began in 2025."""
    source = Random("案件检查")
    rows: list[Row] = []
    for number in range(40):
        where, case_type = unit(source), source.choice(CASE_TYPES)
        who = prosecutor(source, where, case_type)
        case = case_no(where, today.year, "办", 3000 + number)
        checked = today - timedelta(days=source.randint(12, 85))
        for item in source.sample(ITEMS, 3):
            ok = source.random() > 0.12
            rows.append(
                {
                    "case_no": case,
                    "unit": where,
                    "department": DEPARTMENT_OF[case_type],
                    "case_type": case_type,
                    "item": item,
                    "ok": ok,
                    "note": None if ok else "已提醒补正",
                    "checked_by": who,
                    "checked_on": checked,
                    "verified_by": next(each for each in PROSECUTORS[where] if each != who),
                    "verified_on": checked + timedelta(days=2),
                    "mended_on": None if ok or number == 7 else checked + timedelta(days=4),
                }
            )
    return numbered(rows, "no", "JC{:04d}")


def process_issues(today: date) -> list[Row]:
    """Return the process issues of 2024, with the 18 kinds that were told by letter, and some of today."""
    source = Random("流程监控")
    rows: list[Row] = []
    for number, topic in enumerate(TOPICS):
        for nth in range(source.randint(4, 9)):
            found = day(source, date(2024, 1 + number % 9, 3), date(2024, 10, 25))
            rows.append(_issue(source, topic, found, "letter" if nth == 0 else "oral"))
            rows[-1] |= {"mended_on": after(found, source.randint(2, 12)), "replied_on": after(found, 9)}
    for topic, days, level in (
        (TOPICS[0], 4, "oral"), (TOPICS[0], 6, "oral"), (TOPICS[0], 9, "oral"), (TOPICS[0], 12, "letter"), (TOPICS[0], 15, "oral"),
        (TOPICS[3], 8, "notice"), (TOPICS[7], 21, "notice"), (TOPICS[12], 30, "letter"),
    ):  # fmt: skip
        rows.append(_issue(source, topic, today - timedelta(days=days), level))
    return numbered(rows, "no", "LC{:04d}")


def _issue(source: Random, topic: str, found: date, level: str) -> Row:
    where, case_type = unit(source), source.choice(CASE_TYPES)
    written = level in ("letter", "notice")
    return {
        "case_no": case_no(where, found.year, "办", source.randint(1, 2000)),
        "unit": where,
        "department": DEPARTMENT_OF[case_type],
        "prosecutor": prosecutor(source, where, case_type),
        "topic": topic,
        "found_on": found,
        "level": level,
        "letter_no": f"案管提示〔{found.year}〕{source.randint(1, 99)}号" if written else None,
        "sent_on": found + timedelta(days=1) if written else None,
    }


def accountability(today: date) -> list[Row]:
    """Return 13 people and one unit that had to answer in 2024."""
    source = Random("司法责任")
    flawed = shuffled(source, [row for row in _reviews() if row["final_grade"] == "flawed"])
    rows: list[Row] = []
    for number, kind in enumerate(ANSWERED):
        review = flawed[number % len(flawed)]
        rows.append(
            {
                "unit": review["unit"],
                "person": name(source),
                "whole_unit": False,
                "kind": kind,
                "review_no": review["review_no"],
                "facts": f"案件质量评查发现{review['problem']}。",
                "meeting_no": ("2024-chief-4", "2024-chief-5")[number % 2],
                "decided_on": (date(2024, 11, 6), date(2024, 12, 23))[number % 2],
            }
        )
    rows.append(
        {
            "unit": BASES[4],
            "whole_unit": True,
            "kind": "written",
            "facts": "案件久拖不决，督促后仍未整改。",
            "meeting_no": "2024-chief-4",
            "decided_on": date(2024, 11, 6),
        }
    )
    return numbered(rows, "no", "ZZ{:03d}")
