"""A pack of an office with small ledgers, and rows in them made through the room's own acts."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings

from zhenggai.ledgers import actions
from zhenggai.ledgers.declared import look_again
from zhenggai.ledgers.models import Row
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit

_numbers = count(1)

CASES = """
ledger: try_cases
label: 试用案件
one: 案件
key: [no]
title: [no, suspect]
date: accepted_on
unit: office
fields:
  - {code: no, label: 案号, type: text, required: true, format: '(示检|示区检)[0-9]+号', format_help: 应形如“示检1号”}
  - {code: suspect, label: 嫌疑人, type: text, personal: name}
  - {code: phone, label: 电话, type: text, personal: phone, unique: true}
  - {code: cause, label: 案由, type: long_text, also: [罪名]}
  - {code: office, label: 承办单位, type: unit}
  - {code: accepted_on, label: 受理日期, type: date}
  - {code: state, label: 状态, type: choice, enumeration: try_states, default: open}
  - {code: tags, label: 标签, type: choices, enumeration: try_states}
  - {code: people, label: 人数, type: integer, minimum: 1, maximum: 500, unit: 人}
  - {code: amount, label: 金额, type: money}
  - {code: share, label: 占比, type: percent}
  - {code: closed, label: 已结, type: boolean}
  - {code: heard_at, label: 听证时间, type: datetime}
views:
  - {view: open, label: 未结, columns: [no, state, accepted_on], sort: [-accepted_on]}
"""
STATES = """
enumeration: try_states
label: 试用状态
versions:
  - since: 2020-01-01
    values:
      - {code: open, label: 在办, also: [办理中]}
      - {code: done, label: 办结}
  - since: 2026-01-01
    values:
      - {code: open, label: 办理中}
      - {code: done, label: 已办结, also: [办结]}
      - {code: paused, label: 中止}
"""
CLOSED = """
ledger: try_closed
label: 专人台账
secrecy: named
key: [no]
fields:
  - {code: no, label: 编号, type: text}
  - {code: who, label: 反映人, type: text, personal: name}
"""
WHOLE = """
ledger: try_whole
label: 整批台账
store: snapshots
key: [no]
date: on_day
fields:
  - {code: no, label: 编号, type: text}
  - {code: name, label: 名称, type: text}
  - {code: on_day, label: 日期, type: date}
  - {code: amount, label: 金额, type: money}
  - {code: case, label: 案件, type: reference, ledger: try_cases}
"""


def declare(*ledgers: str, enumerations: tuple[str, ...] = (STATES,), pack: str = "try_pack") -> Path:
    """Write a pack of the office with these files and return its folder; the same pack again takes the place of the first."""
    folder = Path(settings.ZHENGGAI_HOME) / "packs" / pack
    for kind, texts in (("ledgers", ledgers), ("enumerations", enumerations)):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for old in (folder / kind).iterdir():
            old.unlink()
        for text in texts:
            code = text.split(":", 2)[1].split()[0]
            (folder / kind / f"{code}.yaml").write_text(text, encoding="utf-8")
    (folder / "pack.yaml").write_text(f"pack: {pack}\nlabel: 试用\n", encoding="utf-8")
    look_again()
    return folder


def make_row(body: Unit, ledger: str = "try_cases", **values: Any) -> Row:
    """Return a new row of a declared ledger; a key field *no* is filled in unless given."""
    return actions.create_row(ledger, {"no": f"示检{next(_numbers)}号", **values}, actor=OPERATOR, body=body)
