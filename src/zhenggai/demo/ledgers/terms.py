"""Rows about time limits: prosecution cases, complaints, suspended reviews, returns and extensions.

The past is that of the public notice: 218 suspensions of which 112 on other grounds and 27 longer than a year, of which
18 are left on its day.  The present counts from today, so that warnings of every colour can be seen.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from zhenggai.demo.ledgers.people import (
    CRIMES,
    INSPECTED_UNTIL,
    NOTICE_ON,
    Row,
    after,
    case_no,
    day,
    name,
    parts,
    prosecutor,
    repeated,
    shuffled,
    unit,
)

AID_CRIME = "帮助信息网络犯罪活动罪"
FUND_CRIME = "非法吸收公众存款罪"
FRAUD_CRIME = "集资诈骗罪"
LIVE_DAYS = (2, 5, 9, 14, 18, 21, 23, 25, 26, 27, 28, 29, 30, 31, 32, 33, 36, 40, 44, 47, 58, 95, 190)
"""How long ago the cases that run today came in."""


def prosecution_cases(today: date) -> list[Row]:
    """Return the cases of 2024, all decided, and those that run today."""
    source = Random("一审公诉")
    kinds = [(AID_CRIME, 1, "提起公诉")] * 403 + [(AID_CRIME, 1, "不起诉")] * 178
    kinds += [(FUND_CRIME, count, "提起公诉") for count in parts(source, 298, 90, 1, 9)]
    kinds += [(FRAUD_CRIME, count, "提起公诉") for count in parts(source, 36, 7, 2, 9)]
    kinds += [(source.choice(CRIMES), source.choice((1, 1, 1, 2)), "提起公诉") for _ in range(160)]
    rows = [
        _decided(source, number, crime, persons, decision)
        for number, (crime, persons, decision) in enumerate(shuffled(source, kinds), 1)
    ]
    for number, days in enumerate(LIVE_DAYS, 1):
        rows.append(_running(source, number, today - timedelta(days=days), today))
    return rows


def _decided(source: Random, number: int, crime: str, persons: int, decision: str) -> Row:
    where = unit(source)
    accepted = day(source, date(2024, 1, 2), date(2024, 11, 29))
    decided = min(after(accepted, source.randint(8, 29)), date(2024, 12, 31))
    court = after(decided, source.randint(1, 4)) if decision == "提起公诉" else None
    return {
        "case_no": case_no(where, 2024, "刑诉", number),
        "unit": where,
        "department": "经济犯罪检察部" if crime in (FUND_CRIME, FRAUD_CRIME) else "普通犯罪检察部",
        "prosecutor": prosecutor(source, where, "prosecution"),
        "suspects": name(source),
        "persons": persons,
        "crime": crime,
        "accepted_on": accepted,
        "custody": source.random() < 0.3,
        "prolonged": False,
        "simple": crime in CRIMES[:2],
        "decided_on": decided,
        "decision": decision,
        "court_accepted_on": court,
        "judged_on": after(court, source.randint(20, 80)) if court else None,
    }


def _running(source: Random, number: int, accepted: date, today: date) -> Row:
    where = unit(source)
    restarted = today - timedelta(days=source.randint(5, 25)) if (today - accepted).days > 50 else None
    return {
        "case_no": case_no(where, accepted.year, "刑诉", 9000 + number),
        "unit": where,
        "department": "普通犯罪检察部",
        "prosecutor": prosecutor(source, where, "prosecution"),
        "suspects": name(source),
        "persons": 1,
        "crime": source.choice(CRIMES),
        "accepted_on": accepted,
        "restarted_on": restarted,
        "custody": number % 3 == 0,
        "prolonged": number % 7 == 0,
        "simple": number % 4 == 0,
    }


def complaint_reviews(today: date) -> list[Row]:
    """Return the complaints of 2024, all closed in time, and some that run today."""
    source = Random("刑事申诉")
    rows: list[Row] = []
    for number in range(1, 61):
        where = unit(source, city=0.5)
        accepted = day(source, date(2024, 1, 2), date(2024, 10, 31))
        opened = after(accepted, source.randint(20, 40)) if number % 5 == 0 else None
        closed = after(opened, source.randint(30, 80)) if opened else after(accepted, source.randint(15, 55))
        kind = source.choice(("non_prosecution", "judgment", "judgment", "other"))
        rows.append(
            _complaint(source, where, accepted, number)
            | {"kind": kind, "opened_on": opened, "closed_on": closed, "notified_on": after(closed, 5)}
            | {"hearing": number % 6 == 0, "resolved": number % 3 != 0}
        )
    for number, days in enumerate((3, 20, 45, 56, 59, 63, 80, 120), 1):
        where = unit(source, city=0.5)
        rows.append(_complaint(source, where, today - timedelta(days=days), 900 + number) | {"kind": "judgment"})
    return rows


def _complaint(source: Random, where: str, accepted: date, number: int) -> Row:
    return {
        "case_no": case_no(where, accepted.year, "控申", number),
        "unit": where,
        "department": "控告申诉检察部",
        "prosecutor": prosecutor(source, where, "complaint"),
        "complainant": name(source),
        "first": number % 4 != 0,
        "accepted_on": accepted,
        "leader": name(source) if number % 4 else None,
        "assigned_on": after(accepted, 4) if number % 4 else None,
    }


def suspensions(today: date) -> list[Row]:
    """Return 218 suspensions up to the inspection, and some that run today."""
    source = Random("中止审查")
    rows: list[Row] = []
    # 27 longer than a year at the end of the inspection; one of them is left on the day of the notice, with 17 others.
    spans = ["long"] * 26 + ["long_open"] + ["short_open"] * 17 + ["short"] * 174
    grounds = {
        "long": ["other"] * 20 + ["other_case"] * 6,
        "long_open": ["other_case"],
        "short_open": ["other_case"] * 17,
    }
    grounds["short"] = shuffled(
        source, repeated({"other": 92, "other_case": 60, "heir_awaited": 14, "successor_awaited": 8})
    )
    for number, span in enumerate(spans, 1):
        rows.append(_suspension(source, number, span, grounds[span].pop()))
    for number, (days, ground) in enumerate(
        ((20, "other_case"), (75, "other_case"), (130, "heir_awaited"), (190, "other_case"), (250, "other_case"),
         (340, "other_case"), (380, "other_case"), (40, "other")), 1
    ):  # fmt: skip
        where = unit(source, city=0.4)
        started = today - timedelta(days=days)
        rows.append(
            _suspended(source, where, started, ground, 900 + number) | {"decided_by": "head", "checked_on": today}
        )
        if number == 3:
            rows[-1] |= {"ground_gone_on": today - timedelta(days=30)}
        if number == 8:
            rows[-1] |= {"decided_by": "prosecutor", "reason": None}
    return rows


def _suspension(source: Random, number: int, span: str, ground: str) -> Row:
    where = unit(source, city=0.35)
    if span in ("long", "long_open"):
        started = day(source, date(2022, 6, 1), date(2023, 4, 28))
    elif span == "short_open":
        started = day(source, date(2024, 2, 1), INSPECTED_UNTIL)
    else:
        started = day(source, date(2022, 1, 4), date(2024, 3, 29))
    row = _suspended(source, where, started, ground, number)
    resumed = {
        "long": lambda: day(source, date(2024, 8, 1), date(2024, 12, 20)),
        "long_open": lambda: date(2025, 4, 18),
        "short_open": lambda: day(source, NOTICE_ON + timedelta(days=1), started + timedelta(days=360)),
        "short": lambda: min(started + timedelta(days=source.randint(30, 300)), date(2024, 12, 27)),
    }[span]()
    row |= {"decided_by": "prosecutor" if started < date(2024, 8, 1) else "head", "resumed_on": resumed}
    return row | {"checked_on": date(2024, 9, 20) if resumed >= date(2024, 9, 20) else None}


def _suspended(source: Random, where: str, started: date, ground: str, number: int) -> Row:
    case_type = source.choice(("civil", "civil", "civil", "administrative"))
    return {
        "case_no": case_no(where, started.year, "民监" if case_type == "civil" else "行监", number),
        "unit": where,
        "department": "民事检察部" if case_type == "civil" else "行政检察部",
        "prosecutor": prosecutor(source, where, case_type),
        "case_type": case_type,
        "ground": ground,
        "other_case_no": f"（{started.year}）示01民终{1000 + number}号" if ground == "other_case" else None,
        "reason": "当事人申请补充材料" if ground == "other" and number % 3 else None,
        "started_on": started,
    }


def linked_cases(today: date) -> list[Row]:
    """Return the cases that suspended reviews wait for; two of those waited for today are closed."""
    source = Random("另案")
    rows: list[Row] = []
    for each in suspensions(today):
        if each["other_case_no"] is None:
            continue
        resumed = each.get("resumed_on")
        closed = resumed - timedelta(days=source.randint(3, 20)) if resumed else None
        if resumed is None and (today - each["started_on"]).days in (190, 380):
            closed = today - timedelta(days=26)
        rows.append(
            {
                "case_no": each["other_case_no"],
                "unit": each["unit"],
                "court": "示例市中级人民法院",
                "registered_on": each["started_on"],
                "closed_on": closed,
                "result": source.choice(("维持原判", "改判", "调解结案")) if closed else None,
            }
        )
    return rows


def case_extensions(today: date) -> list[Row]:
    """Return returns and extensions of cases of 2024, some of simple cases; and one that is late today."""
    source = Random("退补延期")
    cases = prosecution_cases(today)
    past = [each for each in cases if each.get("decided_on")]
    rows: list[Row] = []
    simple = [each for each in past if each["simple"]][:14]
    serious = [each for each in past if not each["simple"]][:110]
    for case in [*simple, *serious]:
        decided = after(case["accepted_on"], source.randint(5, 20))
        rows.append(_extension(case, source.choice(("return_1", "return_1", "prolong", "adjourn_1")), decided))
        rows[-1] |= {"returned_on": after(decided, source.randint(10, 28)), "reason": "补充关键证据"}
        rows[-1] |= {"simple": case["simple"], "reviewed": case["simple"], "needed": True}
    for row in rows[:3]:
        row |= {"needed": False}
    running = [each for each in cases if not each.get("decided_on")]
    rows.append(
        _extension(running[-1], "return_1", today - timedelta(days=40)) | {"reason": "补充鉴定意见", "simple": False}
    )
    rows.append(_extension(running[7], "return_1", today - timedelta(days=4)) | {"reason": "核实金额", "simple": True})
    return [{"no": f"TB{number:04d}", **row} for number, row in enumerate(rows, 1)]


def _extension(case: Row, kind: str, decided: date) -> Row:
    return {
        "case_no": case["case_no"],
        "unit": case["unit"],
        "department": case["department"],
        "prosecutor": case["prosecutor"],
        "kind": kind,
        "decided_on": decided,
        "reviewed": False,
    }
