"""Puts the demo's rows into its ledgers by the act that imports use, and names who reads those that are closed."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from zhenggai.demo.ledgers import ROWS, rows_of
from zhenggai.ledgers.actions import create_rows, name_reader
from zhenggai.ledgers.declared import current
from zhenggai.ledgers.models import LedgerReader, Row
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit, User

READERS = {"案件质量": "casework", "内部监督": "wanguoqiang"}
"""Heading of ledgers that are closed → sign-in name of the person who keeps them."""
LABEL = "示例数据"
DECISION = "院党组会决定由专人负责"


@transaction.atomic
def load_ledgers(body: Unit, say: Callable[[str], None]) -> None:
    """Give every shipped ledger that is still empty its rows.

    Args:
        body: the demo's organisation, which keeps them all.
        say: told what was done.
    """
    today = timezone.localdate()
    filled = set(Row.objects.order_by().values_list("ledger", flat=True).distinct())
    counts: dict[str, int] = {}
    for code in ROWS:
        ledger = current().ledgers.get(code)
        if ledger is None or code in filled:
            continue
        rows = rows_of(ledger, today)
        create_rows(code, rows, actor=OPERATOR, body=body, label=LABEL)
        counts[ledger.group] = counts.get(ledger.group, 0) + len(rows)
        _name(code, body)
    if counts:
        told = "，".join(f"{group} {count} 条" for group, count in counts.items())
        say(f"台账：{len(set(ROWS) - filled)} 本，{sum(counts.values())} 条记录（{told}）。")


def _name(code: str, body: Unit) -> None:
    """Name who keeps a ledger that is closed to all others."""
    ledger = current().ledgers[code]
    username = READERS.get(ledger.group)
    if ledger.secrecy != "named" or username is None:
        return
    user = User.objects.get(username=username)
    if not LedgerReader.objects.filter(ledger=code, user=user, body=body, ended_at=None).exists():
        name_reader(code, actor=OPERATOR, user=user, body=body, reason=DECISION, may_keep=True)
