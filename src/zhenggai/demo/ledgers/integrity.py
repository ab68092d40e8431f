"""Rows about integrity: records of inquiries with their screening, monthly and zero reports, clues, lawyers, relatives, leavers.

1692 records in 2024, 14 of them outside the city's reach and the other 1678 screened; 3 clues proved here, 2 sent to
other provinces, 27 about lawyers sent to those who supervise them.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import cache
from random import Random

from zhenggai.demo.ledgers.people import (
    BASES,
    CITY,
    DEPARTMENT_OF,
    LAWYERS,
    PROSECUTORS,
    UNITS,
    Row,
    after,
    case_no,
    day,
    name,
    numbered,
    parts,
    shuffled,
    unit,
)

RECORDS, OUTSIDE = 1692, 14
SUSPECTED = 5
RELATIVES = (
    # Unit, number of the prosecutor, relation, number of the lawyer, role, in the same area.
    (BASES[0], 2, "spouse", 3, "partner", True), (BASES[3], 5, "child", 12, "lawyer", True), (CITY, 7, "child", 20, "lawyer", False),
    (BASES[5], 1, "parent", 27, "staff", True), (BASES[7], 9, "spouse", 33, "lawyer", False),
)  # fmt: skip
PAIRS = ((BASES[0], 0, 1, 6), (BASES[2], 3, 8, 5), (BASES[4], 6, 15, 4), (CITY, 1, 22, 7), (BASES[8], 4, 30, 4))
"""Unit, number of the prosecutor, number of the lawyer, cases within a year."""
LEAVERS = (
    # Unit, left on, number of the lawyer, practises since.
    (BASES[1], date(2022, 3, 31), 36, date(2024, 5, 6)), (CITY, date(2023, 8, 31), 37, date(2024, 10, 8)),
    (BASES[6], date(2021, 12, 31), None, None), (CITY, date(2024, 2, 29), None, None), (BASES[2], date(2020, 6, 30), 38, date(2023, 1, 9)),
)  # fmt: skip


@cache
def _records() -> tuple[Row, ...]:
    source = Random("三个规定")
    rows: list[Row] = []
    outside = set(source.sample(range(RECORDS), OUTSIDE))
    suspected = set(source.sample([number for number in range(RECORDS) if number not in outside], SUSPECTED))
    for number in range(RECORDS):
        where = unit(source, city=0.2)
        happened = day(source, date(2024, 1, 2), date(2024, 12, 24))
        last = calendar.monthrange(happened.year, happened.month)[1]
        reported = min(happened + timedelta(days=source.randint(0, 5)), happened.replace(day=last))
        identity = source.choice(("other", "other", "other", "insider", "leader", "lawyer"))
        here = number not in outside
        rows.append(
            {
                "unit": where,
                "reporter": source.choice(PROSECUTORS[where]),
                "leader": source.random() < 0.12,
                "happened_on": happened,
                "reported_on": reported,
                "inquirer": name(source),
                "identity": identity,
                "firm": "示例市某单位" if identity != "lawyer" else source.choice(LAWYERS)[2],
                "method": source.choice(("in_person", "phone", "message", "relayed")),
                "attitude": "asking" if number in suspected else source.choice(("learning",) * 29 + ("asking",)),
                "case_no": case_no(where, 2024, "刑诉", source.randint(1, 900)),
                "content": "了解案件办理进展，已按规定答复并记录。",
                "jurisdiction": here,
                "screened_on": happened.replace(day=last) if here else None,
                "screening": ("suspected" if number in suspected else "regular") if here else None,
                "screened_by": "检务督察处" if here else None,
            }
        )
    return tuple(sorted(rows, key=lambda row: (row["reported_on"], row["inquirer"])))


def three_rules_records(today: date) -> list[Row]:
    """Return the 1692 records of 2024, of which 1678 were screened."""
    return numbered(_records(), "no", "SG2024-{:05d}")


def monthly_reports(today: date) -> list[Row]:
    """Return the report of every unit and month since 2024; the last month lacks one, and one unit is silent for three."""
    source = Random("月报送")
    counted: dict[tuple[str, int], int] = {}
    led: dict[tuple[str, int], int] = {}
    for row in _records():
        at = (row["unit"], row["reported_on"].month)
        counted[at] = counted.get(at, 0) + 1
        led[at] = led.get(at, 0) + row["leader"]
    rows: list[Row] = []
    month = date(2024, 1, 31)
    while month < today.replace(day=1):
        silent = (today.year - month.year) * 12 + today.month - month.month
        for where in UNITS:
            if silent == 1 and where == BASES[5] and month.year > 2024:
                continue
            zero = where == BASES[3] and silent <= 3 and month.year > 2024
            records = (
                counted.get((where, month.month), 0) if month.year == 2024 else 0 if zero else source.randint(3, 20)
            )
            leaders = led.get((where, month.month), 0) if month.year == 2024 else min(records, source.randint(0, 3))
            rows.append(
                {
                    "unit": where,
                    "month": month,
                    "reported_on": month + timedelta(days=source.randint(1, 4)),
                    "records": records,
                    "leader_records": leaders,
                    "circulated": True,
                }
            )
        following = month + timedelta(days=1)
        month = following.replace(day=calendar.monthrange(following.year, following.month)[1])
    return numbered(rows, "no", "YB{:05d}")


def integrity_clues(today: date) -> list[Row]:
    """Return the clues of 2024: five from screening, 27 about lawyers."""
    source = Random("线索")
    suspected = [row for row in three_rules_records(today) if row["screening"] == "suspected"]
    rows: list[Row] = []
    for number, record in enumerate(suspected):
        found = record["screened_on"]
        here = number < 3
        rows.append(
            {
                "unit": record["unit"],
                "record_no": record["no"],
                "subject": name(source),
                "persons": 1,
                "lawyer": False,
                "found_on": found,
                "route": "handled_here" if here else "other_province",
                "sent_on": None if here else found + timedelta(days=6),
                "receipt_on": None if here else found + timedelta(days=20),
                "verified": True if here else None,
                "result": "依规依纪处理" if here else "已移送，对方已受理",
                "closed_on": found + timedelta(days=60),
            }
        )
    for number in range(27):
        found = day(source, date(2024, 2, 5), date(2024, 11, 22))
        rows.append(
            {
                "unit": unit(source),
                "subject": LAWYERS[number][0],
                "persons": 1,
                "lawyer": True,
                "found_on": found,
                "route": "bar",
                "sent_on": found + timedelta(days=5),
                "receipt_on": found + timedelta(days=source.randint(10, 30)),
                "closed_on": found + timedelta(days=source.randint(31, 50)),
            }
        )
    return numbered(rows, "no", "XS2024-{:03d}")


def lawyer_relatives(today: date) -> list[Row]:
    """Return who has a relative among the lawyers; two of them in the same area."""
    rows = []
    for where, number, relation, lawyer, role, here in RELATIVES:
        person, lawyer_no, firm = LAWYERS[lawyer]
        rows.append(
            {
                "unit": where,
                "person": PROSECUTORS[where][number],
                "post": "检察官",
                "relation": relation,
                "relative": person,
                "lawyer_no": lawyer_no if role != "staff" else None,
                "firm": firm,
                "role": role,
                "here": here,
                "declared_on": date(2024, 1, 10),
                "updated_on": today - timedelta(days=60 if relation != "parent" else 220),
                "recused_on": date(2024, 9, 6) if role == "partner" else None,
            }
        )
    return numbered(rows, "no", "QS{:03d}")


def leavers(today: date) -> list[Row]:
    """Return who left the service; three practise law, one of them within two years."""
    source = Random("离任")
    rows = []
    for where, left, lawyer, since in LEAVERS:
        person, lawyer_no, firm = LAWYERS[lawyer] if lawyer is not None else (name(source), None, None)
        rows.append(
            {
                "unit": where,
                "person": person,
                "post": "检察官",
                "left_on": left,
                "reason": "辞职" if lawyer is not None else "退休",
                "practises": lawyer is not None,
                "lawyer_no": lawyer_no,
                "firm": firm,
                "practises_since": since,
                "updated_on": today - timedelta(days=45),
            }
        )
    return numbered(rows, "no", "LR{:03d}")


def lawyer_agency(today: date) -> list[Row]:
    """Return which lawyer acted before which prosecutor in 2024: five pairs above the mark, one relative, one leaver."""
    source = Random("律师代理")
    taken = {lawyer for _unit, _n, _relation, lawyer, _role, _here in RELATIVES} | {
        lawyer for _w, _p, lawyer, _c in PAIRS
    }
    taken |= {lawyer for _unit, _left, lawyer, _since in LEAVERS if lawyer is not None}
    firms = {LAWYERS[lawyer][2] for _unit, _n, _relation, lawyer, role, here in RELATIVES if here and role != "staff"}
    others = [number for number in range(40) if number not in taken and LAWYERS[number][2] not in firms]
    rows: list[Row] = []
    for where, number, lawyer, count in PAIRS:
        days = parts(source, 300, count, 10, 200)
        for nth in range(count):
            accepted = date(2024, 1, 8) + timedelta(days=sum(days[: nth + 1]) - days[0])
            rows.append(
                _agency(where, PROSECUTORS[where][number], lawyer, min(accepted, date(2024, 12, 20)), "prosecution")
            )
    for turn in range(260):
        where = UNITS[turn % 10]
        lawyer = others[turn // 10 % len(others)]
        who = PROSECUTORS[where][turn // 10 % 12]
        rows.append(_agency(where, who, lawyer, day(source, date(2024, 1, 3), date(2024, 12, 20)), "prosecution"))
    # The partner's firm in her husband's area, the child of the prosecutor who handles the case, and one who left two years ago less a bit.
    rows.append(_agency(BASES[0], PROSECUTORS[BASES[0]][8], 3, date(2024, 5, 20), "prosecution"))
    rows.append(_agency(BASES[3], PROSECUTORS[BASES[3]][5], 12, date(2024, 6, 12), "civil"))
    rows.append(_agency(BASES[7], PROSECUTORS[BASES[7]][2], 37, date(2024, 11, 13), "prosecution"))
    return numbered(shuffled(source, rows), "no", "DL{:04d}")


def _agency(where: str, who: str, lawyer: int, accepted: date, case_type: str) -> Row:
    person, lawyer_no, firm = LAWYERS[lawyer]
    serial = (accepted - date(2024, 1, 1)).days * 3 + lawyer
    return {
        "case_no": case_no(where, accepted.year, "刑诉", 1000 + serial),
        "unit": where,
        "department": DEPARTMENT_OF[case_type],
        "prosecutor": who,
        "lawyer": person,
        "lawyer_no": lawyer_no,
        "firm": firm,
        "accepted_on": accepted,
        "outcome": "提起公诉",
        "published_on": after(date(2025, 1, 6), 0)
        if any((where, lawyer) == (each[0], each[2]) for each in PAIRS)
        else None,
    }
