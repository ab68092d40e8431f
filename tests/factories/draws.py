"""A pack with a list of closed cases, a pool of reviewers and the closed ledger into which cases are drawn."""

from __future__ import annotations

from tests.factories.ledgers import declare, make_row
from zhenggai.people.models import Unit

CASES = """
ledger: drawn_cases
label: 试用办结
key: [no]
date: closed_on
unit: office
fields:
  - {code: no, label: 案号, type: text, required: true, unique: true}
  - {code: office, label: 单位, type: unit}
  - {code: part, label: 部门, type: text}
  - {code: handler, label: 承办人, type: text}
  - {code: kind, label: 类别, type: text}
  - {code: closed_on, label: 办结日期, type: date}
  - {code: key_case, label: 重点, type: boolean, default: false}
draws:
  - draw: routine
    label: 试用抽查
    where: not key_case
    each: [handler]
    strata: [kind]
    percent: ":percent"
    at_least: ":fewest"
    into: drawn_reviews
    fill: {review_no: "PC{draw}-{n}", seed: "{seed}", reviewer: "{reviewer}", assigned_on: "{day}"}
    reviewers: drawn_pool
    present: left_on is null or left_on > as_of
    category: [kind, kind]
    own: handler
    avoid: [office, part]
    relatives: {ledger: drawn_kin, person: person, relative: relative}
    parameters:
      percent: {value: 20, label: 百分之几}
      fewest: {value: 2, label: 最少几件}
"""
POOL = """
ledger: drawn_pool
label: 试用人才库
key: [no]
fields:
  - {code: no, label: 编号, type: text}
  - {code: name, label: 姓名, type: text}
  - {code: office, label: 单位, type: unit}
  - {code: part, label: 部门, type: text}
  - {code: kind, label: 类别, type: text}
  - {code: left_on, label: 离库, type: date}
"""
KIN = """
ledger: drawn_kin
label: 试用亲属
key: [no]
fields:
  - {code: no, label: 编号, type: text}
  - {code: person, label: 本人, type: text}
  - {code: relative, label: 亲属, type: text, personal: name}
"""
REVIEWS = """
ledger: drawn_reviews
label: 试用评查
secrecy: named
key: [review_no]
title: [review_no, no]
date: assigned_on
unit: office
fields:
  - {code: review_no, label: 评查编号, type: text, required: true, unique: true}
  - {code: no, label: 案号, type: text, required: true}
  - {code: office, label: 单位, type: unit}
  - {code: handler, label: 承办人, type: text}
  - {code: kind, label: 类别, type: text}
  - {code: level, label: 层级, type: text, required: true}
  - {code: seed, label: 种子, type: text}
  - {code: reviewer, label: 评查员, type: text}
  - {code: assigned_on, label: 分派日期, type: date}
"""
CHOSEN = "drawn_cases.routine"


def make_drawable(body: Unit) -> None:
    """Declare the pack and enter twelve cases of two handlers, a key case, and a pool of four."""
    declare(CASES, POOL, KIN, REVIEWS, enumerations=())
    for number in range(12):
        handler = ("王一", "李二")[number % 2]
        part = ("一部", "二部")[number % 2]
        make_row(
            body, "drawn_cases", no=f"案{number}", office=str(body.pk), part=part, handler=handler, kind="刑事",
            closed_on=f"2026-03-{number + 1:02d}",
        )  # fmt: skip
    make_row(body, "drawn_cases", no="重1", handler="王一", kind="刑事", closed_on="2026-03-05", key_case=True)
    for name, part in (("王一", "三部"), ("赵四", "一部"), ("钱五", "四部"), ("孙六", "二部")):
        make_row(body, "drawn_pool", name=name, office=str(body.pk), part=part, kind="刑事")
    make_row(body, "drawn_pool", name="周七", office=str(body.pk), part="四部", kind="刑事", left_on="2026-01-01")
    make_row(body, "drawn_kin", person="孙六", relative="王一")
