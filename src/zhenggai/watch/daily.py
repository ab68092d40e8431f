"""What the room does once a day: rules run again since the calendar went on, people get their digest, killed runs are marked.

The digests 日提示 周通报 月考评 季小结 年清盘 come from the same alerts; none of them puts units in an order.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.utils.translation import gettext as _

from zhenggai.ledgers.access import is_named
from zhenggai.ledgers.declared import current
from zhenggai.notifications.actions import Item, notify
from zhenggai.notifications.kinds import Kind
from zhenggai.people.access import OPERATOR, Actor
from zhenggai.people.models import User
from zhenggai.rulesql.plans import Grain
from zhenggai.watch.access import HANDLE, watched_bodies
from zhenggai.watch.digests import DIGEST_NAMES, digest_of
from zhenggai.watch.models import Alert, RuleRun
from zhenggai.watch.periods import last_ended
from zhenggai.watch.running import forget_killed
from zhenggai.watch.tasks import ask_run
from zhenggai.watch.telling import gather, holders, items_of

MOST_ITEMS = 50


def run_daily(today: date, *, since: date, actor: Actor = OPERATOR) -> dict[str, int]:
    """Ask for runs of all ledgers, and tell people what stands; return counts.

    The runs themselves are done by the worker one after the other, so that none of them holds the day's transaction.

    Args:
        today: the present day.
        since: the last day on which this was done.
        actor: on whose account it happens.
    """
    asked = 0
    for ledger in current().ledgers.values():
        if ledger.rules:
            asked += sum(ask_run(ledger.ledger, body, RuleRun.Cause.DAILY) for body in watched_bodies())
    killed = forget_killed()
    return {
        "asked": asked,
        "killed": killed,
        "told": _tell_day(today, actor),
        "digests": _tell_periods(today, since, actor),
    }


def _tell_day(today: date, actor: Actor) -> int:
    """Tell each person once of the alerts that stand and concern them 日提示."""
    standing = Alert.objects.filter(state=Alert.State.OPEN).order_by("ledger", "pk")
    mine: dict[int, list[Alert]] = defaultdict(list)
    by_ledger: dict[str, list[Alert]] = defaultdict(list)
    for alert in standing[:5000]:
        by_ledger[alert.ledger].append(alert)
    for code, alerts in by_ledger.items():
        ledger = current().ledgers.get(code)
        if ledger is not None:
            for key, found in gather(ledger, alerts).items():
                mine[key] += found
    people = User.objects.in_bulk(list(mine))
    told = 0
    for key, alerts in sorted(mine.items()):
        if key not in people:
            continue
        title = _("日提示：待处理预警 %(count)s 条") % {"count": len(alerts)}
        told += len(
            notify(
                [people[key]], actor=actor, kind=Kind.REMINDER, title=title, path="/alerts/?state=open",
                key=f"alerts-day:{today.isoformat()}:{key}", items=items_of(alerts),
            )
        )  # fmt: skip
    return told


def _tell_periods(today: date, since: date, actor: Actor) -> int:
    """Tell those who handle alerts what a week, month, quarter or year brought, on the day after it ended."""
    told = 0
    for grain in (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR):
        period = last_ended(today, grain)
        if not since <= period.end < today:
            continue
        for body in watched_bodies():
            digest = digest_of(period, body, _open_ledgers())
            if not digest.lines:
                continue
            items = [Item(line.label, f"/alerts/?ledger={line.ledger}", line.sentence) for line in digest.lines]
            title = _("%(name)s（%(period)s）：新出现 %(opened)s 条，消除 %(resolved)s 条，未消除 %(open)s 条") % {
                "name": DIGEST_NAMES[grain],
                "period": period.label,
                "opened": digest.opened,
                "resolved": digest.resolved,
                "open": digest.open,
            }
            told += len(
                notify(
                    holders(HANDLE, body), actor=actor, kind=Kind.REMINDER, title=title,
                    path=f"/alerts/summary/?grain={grain.value}", key=f"alerts-{grain.value}:{period.start}:{body.pk}",
                    items=items[:MOST_ITEMS],
                )
            )  # fmt: skip
    return told


def _open_ledgers() -> list[str]:
    return [each.ledger for each in current().ledgers.values() if not is_named(each)]
