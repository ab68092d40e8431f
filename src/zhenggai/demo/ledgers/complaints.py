"""Rows about complaints and aid: petitions, judicial aid, hearings, and the property of cases.

874 hearings in 2024, of which 54, 596 and 77 under chief, deputies and other leaders, after 523 the year before; aid in
173 cases for 359 people, 202.6 万元 in all.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from zhenggai.demo.ledgers.people import (
    BASES,
    DEPARTMENT_OF,
    UNITS,
    Row,
    after,
    case_no,
    day,
    name,
    numbered,
    parts,
    prosecutor,
    repeated,
    shuffled,
    unit,
)

CHAIRS_2024 = {"chief": 54, "deputy": 596, "other_leader": 77, "prosecutor": 147}
TOPICS_2024 = {
    "non_prosecution": 788,
    "custody": 12,
    "complaint": 22,
    "civil": 14,
    "administrative": 10,
    "public_interest": 16,
    "aid": 12,
}
CHAIRS_2023 = {"chief": 9, "deputy": 96, "other_leader": 30, "prosecutor": 388}
TOPICS_2023 = {
    "non_prosecution": 358,
    "custody": 60,
    "complaint": 45,
    "civil": 20,
    "administrative": 10,
    "public_interest": 20,
    "aid": 10,
}
TYPE_OF = {"non_prosecution": "prosecution", "custody": "prosecution", "aid": "complaint"}
CHANNELS = ("letter", "visit", "visit", "hotline", "network", "transferred")
CATEGORIES = ("accusation", "report", "criminal_complaint", "criminal_complaint", "civil_complaint", "other")


def petitions(today: date) -> list[Row]:
    """Return the petitions of 2024, some matters brought up again and again, and those that run today."""
    source = Random("信访")
    rows: list[Row] = []
    for number in range(1, 321):
        where = unit(source, city=0.4)
        matter = f"XF2024-{number:03d}"
        received = day(source, date(2024, 1, 3), date(2024, 9, 13))
        who = _petitioner(source)
        first = _petition(source, where, matter, received, who) | {"first": True}
        again = 3 if number % 53 == 0 else 1 if number % 9 == 0 else 0
        first |= {"up_to": source.choice(("city", "province")) if number % 11 == 0 else None, "resolved": again == 0}
        rows.append(first)
        for nth in range(1, again + 1):
            later = _petition(source, where, matter, received + timedelta(days=40 * nth), who) | {"first": False}
            rows.append(later | {"category": first["category"], "leader": name(source), "resolved": again == 1})
    for number, days in enumerate((1, 3, 5, 6, 9, 30, 70, 82, 86, 95), 901):
        where = unit(source, city=0.4)
        received = today - timedelta(days=days)
        row = _petition(source, where, f"XF{today.year}-{number}", received, _petitioner(source)) | {
            "first": True,
            "answered_on": None,
        }
        rows.append(row | {"replied_on": after(received, 4) if days > 9 else None})
    return numbered(rows, "no", "XF{:05d}")


def _petitioner(source: Random) -> Row:
    born = f"19{source.randint(50, 99)}{source.randint(1, 12):02d}{source.randint(1, 28):02d}"
    return {
        "petitioner": name(source),
        "identity": f"999999{born}{source.randint(100, 999)}0",
        "phone": f"199{source.randint(0, 99999999):08d}",
    }


def _petition(source: Random, where: str, matter: str, received: date, who: Row) -> Row:
    return {
        "unit": where,
        **who,
        "channel": source.choice(CHANNELS),
        "category": source.choice(CATEGORIES),
        "matter": matter,
        "content": "不服有关处理决定，请求依法审查并答复。",
        "received_on": received,
        "handler": prosecutor(source, where, "complaint"),
        "replied_on": after(received, source.randint(1, 6)),
        "answered_on": after(received, source.randint(20, 80)),
    }


def judicial_aid(today: date) -> list[Row]:
    """Return the 173 cases of 2024 for 359 people and 202.6 万元, and two that run today."""
    source = Random("司法救助")
    people = parts(source, 359, 173, 1, 6)
    hundreds = parts(source, 20260, 173, 30, 280)  # the money in hundreds of yuan
    rows: list[Row] = []
    for number, (count, amount) in enumerate(zip(people, hundreds, strict=True), 1):
        where = unit(source, city=0.1)
        applied = day(source, date(2024, 1, 5), date(2024, 11, 22))
        examined = after(applied, source.randint(4, 11))
        decided = after(examined, source.randint(3, 10))
        rows.append(
            _aid(source, where, applied, number)
            | {"people": count, "examined_on": examined, "decided_on": decided, "paid_on": after(decided, 10)}
            | {"amount": Decimal(amount * 100)}
        )
        if amount * 100 / count > 30000:
            rows[-1] |= {"amount_reason": "遭受重大人身伤害，治疗费用高"}
    for number, days in enumerate((6, 18), 901):
        rows.append(_aid(source, BASES[number % 9], today - timedelta(days=days), number) | {"people": 1})
    return rows


def _aid(source: Random, where: str, applied: date, number: int) -> Row:
    return {
        "case_no": case_no(where, applied.year, "救助", number),
        "unit": where,
        "from_case_no": case_no(where, applied.year, "刑诉", 6000 + number),
        "recipient": name(source),
        "account": f"62{source.randint(10**15, 10**16 - 1)}",
        "type": "tort" if number % 9 == 0 else "crime",
        "groups": sorted(
            set(source.sample(("rural", "veteran", "minor", "disabled", "woman", "petitioner"), 1 + number % 2))
        ),
        "applied_on": applied,
    }


def hearings(today: date) -> list[Row]:
    """Return 874 hearings of 2024, 523 of 2023, and since then some of every unit in every quarter."""
    rows = _since(today)
    for year, chairs, topics in ((2023, CHAIRS_2023, TOPICS_2023), (2024, CHAIRS_2024, TOPICS_2024)):
        source = Random(f"听证{year}")
        pairs = zip(shuffled(source, repeated(chairs)), shuffled(source, repeated(topics)), strict=True)
        for number, (chair, topic) in enumerate(pairs, 1):
            # Every unit holds some in every quarter, whatever the dice say.
            where = UNITS[number % 10] if number <= 40 else unit(source, city=0.06)
            first = date(year, 1 + 3 * ((number - 1) // 10 % 4), 2) if number <= 40 else date(year, 1, 3)
            held = day(source, first, first + timedelta(days=80) if number <= 40 else date(year, 12, 20))
            rows.append(_hearing(source, where, held, number, chair, topic))
    return rows


def _since(today: date) -> list[Row]:
    """Return a hearing of every unit in every quarter from 2025 on."""
    source = Random("听证以后")
    rows: list[Row] = []
    for year in range(2025, today.year + 1):
        for number, (month, where) in enumerate(((month, where) for month in (2, 5, 8, 11) for where in UNITS), 1):
            if (held := date(year, month, 12)) < today:
                rows.append(_hearing(source, where, held, number, "deputy", "non_prosecution"))
    return rows


def _hearing(source: Random, where: str, held: date, number: int, chair: str, topic: str) -> Row:
    return {
        "no": f"TZ{held.year}-{number:04d}",
        "case_no": case_no(where, held.year, "办", 4000 + number),
        "unit": where,
        "department": DEPARTMENT_OF[TYPE_OF.get(topic, topic)],
        "topic": topic,
        "noticed_on": held - timedelta(days=source.randint(3, 8)),
        "held_on": held,
        "chair": chair,
        "hearers": source.choice((3, 3, 5, 5, 7)),
        "public": topic != "custody",
        "complicated": source.random() < 0.08,
        "opinion": "同意检察机关拟作出的处理意见。",
        "adopted": True,
    }


def case_property(today: date) -> list[Row]:
    """Return things and money of cases: five late at the inspection, none at the notice, and some due today."""
    source = Random("涉案财物")
    rows: list[Row] = []
    for number in range(1, 121):
        where = unit(source, city=0.1)
        received = day(source, date(2023, 6, 1), date(2024, 6, 28))
        based = after(received, source.randint(40, 150))
        late = number <= 5
        if late:
            received = date(2023, 7, 3 + number)
            based = date(2023, 11, 6 + number)
        disposed = date(2024, 6, 14) if late else after(based, source.randint(3, 26))
        money = number % 2 == 0
        rows.append(
            _property(source, where, received, money=money)
            | {"basis": "not_prosecuted" if number % 6 == 0 else "judgment", "basis_on": based, "disposed_on": disposed}
            | {
                "disposal": source.choice(
                    ("treasury", "returned") if money else ("returned", "destroyed", "transferred")
                )
            }
        )
    for days, basis, based_days in (
        (90, "judgment", 24), (80, "judgment", 36), (60, "unrelated", 1), (70, "withdrawn", 26), (120, "judgment", 95), (3, None, 0)
    ):  # fmt: skip
        row = _property(source, source.choice(BASES), today - timedelta(days=days), money=days % 20 == 0)
        row |= {"basis": basis, "basis_on": today - timedelta(days=based_days) if basis else None}
        rows.append(row | ({"stored_on": None} if basis is None else {}))
    return numbered(rows, "no", "CW{:05d}")


def _property(source: Random, where: str, received: date, *, money: bool) -> Row:
    return {
        "case_no": case_no(where, received.year, "刑诉", source.randint(1, 1500)),
        "unit": where,
        "department": "普通犯罪检察部",
        "prosecutor": prosecutor(source, where, "prosecution"),
        "name": "扣押款" if money else source.choice(("手机一部", "电动车一辆", "银行卡一张", "笔记本电脑一台")),
        "kind": "money" if money else source.choice(("goods", "electronic", "vehicle")),
        "amount": Decimal(source.randint(5, 900) * 100),
        "received_on": received,
        "stored_on": received + timedelta(days=1),
    }
