"""Rows about supervision: divergence and protests, suggestions, opinions to agencies, reverse links, public interest.

34 major divergences led to 10 of 28 protests; 108 suggestions were reviewed when filed; of 419 opinions 233 went without
feedback, of which 206 were put again and punished and 27 became suggestions, 18 of them answered; 461 public-interest cases.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from random import Random

from zhenggai.demo.ledgers.people import (
    AGENCIES,
    BASES,
    CRIMES,
    Row,
    after,
    case_no,
    day,
    parts,
    prosecutor,
    repeated,
    shuffled,
    unit,
)

MATTERS = (
    "辖区内{place}共享电动自行车乱停乱放、挤占盲道，建议完善投放审批、增设停放点并加强巡查",
    "办案发现{place}快递网点实名收寄制度执行不严，建议开展专项检查并建立通报机制",
    "{place}部分娱乐场所接纳未成年人消费，建议落实身份查验并纳入日常执法检查",
    "{place}校园周边商店向未成年人销售烟酒和电子烟，建议联合排查并公布举报电话",
    "{place}农村集贸市场食品摊点证照不全，建议逐户登记、分类规范",
    "{place}电话卡、银行卡开办审核不严被用于电信网络诈骗，建议压实网点责任并开展风险提示",
    "{place}建筑工地安全生产培训流于形式，建议开展回头看并建立违规记录",
    "{place}小区消防通道被占用堵塞，建议划线标识、明确物业责任并定期抽查",
)
PLACES = (
    "东街片区",
    "南门片区",
    "西郊片区",
    "北湖片区",
    "老城片区",
    "新城片区",
    "开发区",
    "高铁站周边",
    "大学城",
    "河东片区",
    "河西片区",
    "临港片区",
)
TRADITIONAL = {"environment": 151, "food_drug": 72, "state_property": 19, "state_land": 12}
OTHERS = {
    "minors": 34,
    "safety": 71,
    "personal_data": 28,
    "heritage": 22,
    "accessibility": 24,
    "heroes": 9,
    "other": 19,
}
GREEN = "生态绿心专项"


@cache
def _protests() -> tuple[Row, ...]:
    source = Random("抗诉")
    rows: list[Row] = []
    for number in range(1, 29):
        where = unit(source)
        protested = day(source, date(2024, 1, 15), date(2024, 11, 29))
        result = source.choice(("changed", "changed", "sent_back", "upheld"))
        rows.append(
            {
                "case_no": case_no(where, 2024, "刑诉", 2000 + number),
                "unit": where,
                "prosecutor": prosecutor(source, where, "prosecution"),
                "crime": source.choice(CRIMES),
                "kind": "retrial" if number % 7 == 0 else "second",
                "protested_on": protested,
                "supported_on": after(protested, 12),
                "result": result,
                "result_on": after(protested, source.randint(50, 140)),
                "appraised": result == "upheld",
            }
        )
    return tuple(rows)


def protests(today: date) -> list[Row]:
    """Return the 28 protests of 2024."""
    return [dict(row) for row in _protests()]


def divergences(today: date) -> list[Row]:
    """Return 34 major divergences of 2024, of which 10 were protested, others of less weight, and one of today."""
    source = Random("诉判不一")
    rows: list[Row] = []
    for case in [row for row in _protests() if row["kind"] == "second"][:10]:
        received = case["protested_on"] - timedelta(days=source.randint(4, 9))
        rows.append(_divergence(source, case, received, "protest", major=True) | {"protested_on": case["protested_on"]})
    for number in range(1, 25 + 46):
        where = unit(source)
        case = {
            "case_no": case_no(where, 2024, "刑诉", 3000 + number),
            "unit": where,
            "prosecutor": prosecutor(source, where, "prosecution"),
            "crime": source.choice(CRIMES),
        }
        received = day(source, date(2024, 1, 15), date(2024, 12, 6))
        rows.append(_divergence(source, case, received, "no_protest", major=number <= 24))
    where = BASES[2]
    running = {
        "case_no": case_no(where, today.year, "刑诉", 9500),
        "unit": where,
        "prosecutor": prosecutor(source, where, "prosecution"),
        "crime": CRIMES[2],
        "major": True,
        "differs": "term",
        "received_on": today - timedelta(days=8),
    }
    return [*rows, running]


def _divergence(source: Random, case: Row, received: date, result: str, *, major: bool) -> Row:
    reviewed = after(received, 3)
    return {
        "case_no": case["case_no"],
        "unit": case["unit"],
        "prosecutor": case["prosecutor"],
        "crime": case["crime"],
        "major": major,
        "differs": source.choice(("charge", "facts", "amount", "term", "penalty")),
        "received_on": received,
        "first_review": result,
        "first_on": reviewed,
        "second_review": result if major else None,
        "second_on": reviewed + timedelta(days=1) if major else None,
        "result": result,
    }


def suggestions(today: date) -> list[Row]:
    """Return the 108 suggestions that were reviewed when filed in 2024, five of them repeats, and others."""
    source = Random("检察建议")
    rows: list[Row] = []
    opinions = parts(source, 213, 108, 1, 4)
    triples = [(where, agency, matter) for where in BASES for agency in AGENCIES for matter in MATTERS]
    for where, agency, matter in source.sample(triples, 103):
        issued = day(source, date(2024, 1, 8), date(2024, 10, 18))
        text = matter.format(place=f"{where[:3]}{source.choice(PLACES)}")
        rows.append(_suggestion(where, f"{where[:3]}{agency}", text, issued))
    for first in rows[:5]:
        again = after(first["issued_on"], 60)
        rows.append(_suggestion(first["unit"], first["addressee"], first["problem"] + "，并抓紧落实", again))
    for row, count in zip(rows, opinions, strict=True):
        row |= {"filing_opinions": count, "filing_adopted": count, "filing_reviewed_on": after(row["issued_on"], 10)}
    for days, replied in ((20, False), (55, False), (58, False), (75, False), (110, True)):
        where = source.choice(BASES)
        issued = today - timedelta(days=days)
        row = _suggestion(
            where,
            f"{where[:3]}{source.choice(AGENCIES)}",
            MATTERS[days % 8].format(place=f"{where[:3]}{days}号片区"),
            issued,
        )
        rows.append(
            row
            | {"kind": "other", "replied_on": None if not replied else today, "result": "adopted" if replied else None}
        )
    return [
        {"no": f"{row['unit'][:2]}检建〔{row['issued_on'].year}〕{number}号", **row}
        for number, row in enumerate(rows, 1)
    ]


def _suggestion(where: str, addressee: str, problem: str, issued: date) -> Row:
    return {
        "unit": where,
        "department": "法律政策研究室",
        "kind": "governance",
        "addressee": addressee,
        "problem": problem,
        "reviewed_on": issued - timedelta(days=2),
        "issued_on": issued,
        "delivered_on": issued + timedelta(days=1),
        "replied_on": after(issued, 45),
        "result": "adopted",
        "filed_on": issued + timedelta(days=3),
    }


def agency_opinions(today: date) -> list[Row]:
    """Return 419 opinions of three years; 233 without feedback: 206 put again and punished, 27 became suggestions."""
    source = Random("检察意见")
    kinds = shuffled(source, repeated({"answered": 186, "again": 206, "answered_suggestion": 18, "open_suggestion": 9}))
    rows: list[Row] = []
    for number, kind in enumerate(kinds, 1):
        where = unit(source, city=0.1)
        police = kind == "again" or (kind == "answered" and source.random() < 0.5)
        agency = f"{where[:3]}公安局" if police else f"{where[:3]}{source.choice(AGENCIES)}"
        issued = day(source, date(2021, 7, 5), date(2024, 4, 26))
        row: Row = {
            "no": f"{where[:2]}检意〔{issued.year}〕{number}号",
            "unit": where,
            "department": "行政检察部",
            "agency": agency,
            "police": police,
            "case_no": case_no(where, issued.year, "刑不诉", number),
            "matter": "被不起诉人的行为应当给予行政处罚，请依法处理并反馈结果。",
            "issued_on": issued,
            "received_on": issued + timedelta(days=2),
        }
        if kind == "answered":
            row |= {
                "replied_on": after(issued, source.randint(15, 55)),
                "result": source.choice(("penalty", "penalty", "no_penalty")),
            }
        elif kind == "again":
            again = day(source, date(2024, 8, 5), date(2024, 10, 25))
            row |= {
                "follow": "opinion",
                "followed_on": again,
                "follow_replied_on": after(again, 30),
                "result": "penalty",
            }
        else:
            followed = day(source, date(2024, 8, 12), date(2024, 9, 27))
            answered = after(followed, source.randint(25, 80)) if kind == "answered_suggestion" else None
            row |= {"follow": "suggestion", "followed_on": followed, "follow_replied_on": answered}
            row |= {"result": "penalty" if answered else None}
        rows.append(row)
    for number, days in enumerate((10, 54, 58, 66), 420):
        where = source.choice(BASES)
        issued = today - timedelta(days=days)
        rows.append(
            {
                "no": f"{where[:2]}检意〔{issued.year}〕{number}号",
                "unit": where,
                "department": "行政检察部",
                "agency": f"{where[:3]}{source.choice(AGENCIES)}",
                "police": False,
                "issued_on": issued,
                "received_on": issued + timedelta(days=1),
            }
        )
    return rows


def reverse_links(today: date) -> list[Row]:
    """Return the non-prosecutions whose opinions are among those of the three years, and some where none was needed."""
    source = Random("反向衔接")
    rows: list[Row] = []
    for opinion in agency_opinions(today)[:419:2]:
        decided = opinion["issued_on"] - timedelta(days=source.randint(12, 25))
        rows.append(
            {
                "case_no": opinion["case_no"],
                "unit": opinion["unit"],
                "crime": source.choice(CRIMES),
                "not_prosecuted_on": decided,
                "received_on": decided + timedelta(days=source.randint(2, 9)),
                "need_penalty": True,
                "opinion_no": opinion["no"],
                "opinion_on": opinion["issued_on"],
                "agency": opinion["agency"],
                "result": opinion.get("result"),
                "result_on": opinion.get("replied_on") or opinion.get("follow_replied_on"),
            }
        )
    for number in range(1, 41):
        where = unit(source)
        decided = day(source, date(2024, 1, 8), date(2024, 11, 22))
        row = {"unit": where, "crime": source.choice(CRIMES), "not_prosecuted_on": decided}
        rows.append(
            {
                "case_no": case_no(where, 2024, "刑不诉", 5000 + number),
                "received_on": decided + timedelta(days=4),
                "need_penalty": False,
                **row,
            }
        )
    for number, days in enumerate((3, 9, 15), 9001):
        where = source.choice(BASES)
        rows.append(
            {
                "case_no": case_no(where, today.year, "刑不诉", number),
                "unit": where,
                "not_prosecuted_on": today - timedelta(days=days),
            }
        )
    return rows


def public_interest(today: date) -> list[Row]:
    """Return the 461 cases of 2024 with three suits, and the nine suits of the three years before."""
    source = Random("公益诉讼")
    fields = shuffled(source, repeated({**TRADITIONAL, **OTHERS}))
    rows: list[Row] = []
    for number, field in enumerate(fields, 1):
        where = unit(source)
        filed = day(source, date(2024, 1, 3), date(2024, 12, 27))
        suggested = after(filed, 20) if source.random() < 0.5 and filed < date(2024, 10, 1) else None
        rows.append(
            _filed(source, where, 2024, number, field, filed)
            | {
                "suggested_on": suggested,
                "replied_on": after(suggested, 40) if suggested else None,
                "mended": bool(suggested) or None,
            }
            | {"decided_on": None if suggested else after(filed, 30)}
        )
    environment = [row for row in rows if row["field"] == "environment"]
    for number, row in enumerate(environment[:26]):
        row |= {"tag": GREEN, "suggested_on": after(row["filed_on"], 18) if number < 8 else None}
        row |= {
            "replied_on": after(row["filed_on"], 50) if number < 8 else None,
            "mended": number < 8 or None,
            "decided_on": None,
        }
        row |= {"decided_on": after(row["filed_on"], 30) if number >= 8 else None}
    sued = [environment[0], environment[30], environment[31]]
    for number, row in enumerate(sued):
        filed = date(2024, 1, 10 + number)
        row |= {"filed_on": filed, "suggested_on": date(2024, 1, 26), "replied_on": date(2024, 3, 22), "mended": False}
        row |= {"sued_on": date(2024, 5, 10 + number), "decided_on": date(2024, 9, 12 + number)}
        row |= {"suit_result": "judged" if number == 0 else "withdrawn"}
    for number, result in enumerate(repeated({"judged": 1, "terminated": 2, "withdrawn": 6}), 1):
        year = 2021 + number % 3
        row = _filed(source, unit(source), year, 900 + number, "environment", date(year, 2, 1 + number))
        row |= {"suggested_on": date(year, 3, 2), "mended": False, "sued_on": date(year, 6, 10 + number)}
        rows.append(row | {"replied_on": date(year, 4, 28), "suit_result": result, "decided_on": date(year + 1, 1, 15)})
    return rows


def _filed(source: Random, where: str, year: int, number: int, field: str, filed: date) -> Row:
    return {
        "case_no": case_no(where, year, "公立", number),
        "unit": where,
        "prosecutor": prosecutor(source, where, "public_interest"),
        "field": field,
        "administrative": True,
        "filed_on": filed,
    }
