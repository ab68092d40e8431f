"""A declared draw: every group gives its share, the seed settles all, and nobody looks at their own or their neighbours' work."""

from __future__ import annotations

from zhenggai.packs.drawing import ask_reviewers, draw_rows
from zhenggai.packs.loading import shipped

DRAW = shipped().ledgers["closed_cases"].draws[0]
TYPES = ("prosecution", "civil", "prosecution")
CASES = [
    {
        "case_no": f"{name}{number}",
        "prosecutor": name,
        "unit": "甲院",
        "department": "一部",
        "case_type": TYPES[number % 3],
    }
    for name, count in (("王一", 60), ("李二", 7), ("张三", 1))
    for number in range(count)
]


def test_every_prosecutor_gives_a_share_of_every_type_and_the_seed_settles_which() -> None:
    shares = draw_rows(DRAW, CASES, key="case_no", seed="2024年第3期")
    assert {share.group[0]: len(share.drawn) for share in shares} == {"王一": 3, "李二": 2, "张三": 1}
    assert shares == draw_rows(DRAW, reversed(CASES), key="case_no", seed="2024年第3期"), (
        "the order of the list is nothing"
    )
    assert shares != draw_rows(DRAW, CASES, key="case_no", seed="2024年第4期")
    of_all = {case["case_no"]: case["case_type"] for case in CASES}
    assert {of_all[key] for key in shares[2].drawn} == {"prosecution", "civil"}


def test_reviewers_stand_aside_from_their_own_and_their_departments_cases() -> None:
    pool = [
        {"name": name, "unit": unit, "department": department, "category": category}
        for name, unit, department, category in (
            ("王一", "甲院", "三部", "prosecution"),
            ("赵四", "甲院", "一部", "prosecution"),
            ("钱五", "乙院", "一部", "prosecution"),
            ("孙六", "乙院", "二部", "prosecution"),
            ("周七", "甲院", "一部", "civil"),
        )
    ]
    rows = [case for case in CASES if case["prosecutor"] == "王一"][:6]
    asked = {each.key: each for each in ask_reviewers(DRAW, rows, pool, key="case_no", seed="种子")}
    of_prosecution = [asked[row["case_no"]] for row in rows if row["case_type"] == "prosecution"]
    assert {each.aside for each in of_prosecution} == {("王一", "赵四")}
    assert sorted(each.reviewer or "" for each in of_prosecution) == ["孙六", "孙六", "钱五", "钱五"], (
        "work is spread evenly"
    )
    civil = next(asked[row["case_no"]] for row in rows if row["case_type"] == "civil")
    assert (civil.reviewer, civil.aside) == (None, ("周七",)), "nobody is left, and that is said rather than bent"
