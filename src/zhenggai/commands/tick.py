"""``zhenggai tick``: the work of a day for every room, once however often it is called; the worker does it by itself.

Each room that has such work offers ``run_daily(today, *, since, actor) -> counts`` and stands in :data:`ROOMS`.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable, Mapping
from datetime import date, time

from django.utils import timezone

from zhenggai.answers import daily as answers
from zhenggai.commands import migrate
from zhenggai.commands.errors import BadDate
from zhenggai.files import daily as files
from zhenggai.notices.actions import publish_due
from zhenggai.notifications.actions import run_once
from zhenggai.notifications.delivering import deliver_due, hand_on
from zhenggai.notifications.models import DailyRun
from zhenggai.notifications.queries import was_run
from zhenggai.outcomes import actions as outcomes
from zhenggai.oversight import actions as oversight
from zhenggai.people.access import OPERATOR
from zhenggai.referrals import actions as referrals
from zhenggai.watch import daily as watch
from zhenggai.workflow import daily as workflow

logger = logging.getLogger("zhenggai.tick")

Daily = Callable[..., Mapping[str, int]]


ROOMS: tuple[tuple[str, Daily], ...] = (
    ("workflow", workflow.run_daily),
    ("oversight", oversight.run_daily),
    ("outcomes", outcomes.run_daily),
    ("referrals", referrals.run_daily),
    ("files", files.run_daily),
    ("watch", watch.run_daily),
    ("answers", answers.run_daily),
)
"""Room → its work of a day, in order; names are stored for ever."""

STARTS_AT = time(5, 0)
"""From when on a day's work is done by the worker: before people come, and before the digests go out."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--date", metavar="日期", default="", help="按哪一天计算（默认今天，如 2025-06-30）")


def run(arguments: argparse.Namespace) -> int:
    """Do the day's work, then send what is due."""
    migrate.require_current()
    today = _day(arguments.date)
    failed = []
    for room, _work in ROOMS:
        try:
            done = run_room(room, today)
        except Exception:
            # One room's trouble must not keep the others from their work; the traceback is in the log.
            logger.exception("daily work of %s failed", room)
            failed.append(room)
            print(f"{room}：未完成，详见数据目录下的 logs。")
            continue
        print(f"{room}：{today} 已办过。" if done is None else f"{room}：{_counts(done.counts)}")
    due = publish_due()
    print(f"发布 {due['published']} 份通报，{due['held']} 份到时未能发布。")
    hand_on()
    print(f"发出 {deliver_due()} 封邮件和聊天消息。")
    return 1 if failed else 0


def run_room(room: str, today: date) -> DailyRun | None:
    """Do the work of *today* of one room; None when it was done before."""
    work = dict(ROOMS)[room]
    return run_once(room, today, lambda since: work(today, since=since, actor=OPERATOR))


def rooms_to_run() -> list[str]:
    """Return the rooms that have not done their work of today although it is time."""
    now = timezone.localtime()
    if now.time() < STARTS_AT:
        return []
    return [room for room, _work in ROOMS if not was_run(room, now.date())]


def _day(text: str) -> date:
    if not text:
        return timezone.localdate()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadDate(value=text, argument="--date") from error


def _counts(counts: Mapping[str, int]) -> str:
    return "，".join(f"{name} {count}" for name, count in counts.items())
