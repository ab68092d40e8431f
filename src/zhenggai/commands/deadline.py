"""``zhenggai deadline``: count a statutory time limit and explain every step; list all limits."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from zhenggai.commands import migrate
from zhenggai.commands.errors import BadDeadlineArgument
from zhenggai.kit.time_counting import count
from zhenggai.kit.time_limits import PARAMETERS, Limit, Span, Undated, cite
from zhenggai.kit.time_steps import Counted, Pause, Restart
from zhenggai.kit.time_warnings import WarningDay, warning_days
from zhenggai.packs.deadline_declarations import parse_span
from zhenggai.packs.deadlines import Deadlines, in_force, is_about
from zhenggai.policy.queries import work_calendar


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "code", nargs="?", default="", metavar="代码", help="期限代码，如 CR06；与 --list 同用时为检索词"
    )
    parser.add_argument(
        "start", nargs="?", default="", metavar="开始日", help="如 2026-01-31；以小时计算的写 2026-01-31T10:20"
    )
    parser.add_argument("--list", action="store_true", help="列出全部期限（可加检索词）")
    parser.add_argument("--variant", metavar="情形", help="如 重大复杂")
    parser.add_argument("--custody", action="store_true", help="犯罪嫌疑人、被告人在押")
    parser.add_argument(
        "--extension",
        action="append",
        default=[],
        metavar="事由[=长度]",
        help="依次批准的延长，可写多次，如 grave 或 special=2日",
    )
    parser.add_argument(
        "--pause",
        action="append",
        default=[],
        metavar="起..止[:事由]",
        help="不计入的期间，可写多次，如 2026-02-03..2026-02-10:psychiatric",
    )
    parser.add_argument("--restart", action="append", default=[], metavar="日期[:事由]", help="重新起算，可写多次")
    parser.add_argument("--set", action="append", default=[], metavar="参数=值", help="如 unit=workday、amount=5")
    parser.add_argument("--scheme", default="platform", metavar="预警档", help="预警方案（默认 platform）")
    parser.add_argument("--as-of", default="", metavar="日期", help="按哪一天算剩余天数（默认今天）")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")


def run(arguments: argparse.Namespace) -> int:
    """Print the answer with its steps, or the table."""
    known = in_force(settings.ZHENGGAI_HOME)
    for problem in known.problems:
        print(problem, file=sys.stderr)
    if arguments.list or not arguments.code:
        table: list[Limit | Undated] = [*known.limits.values(), *known.undated.values()]
        found = [each for each in table if is_about(each, arguments.code)]
        print(
            json.dumps([_entry(each) for each in found], ensure_ascii=False, indent=1)
            if arguments.json
            else _table(found)
        )
        return 0
    migrate.require_current()
    limit = known.limit(arguments.code)
    counted = count(
        limit,
        _start(arguments.start),
        calendar=work_calendar(),
        variant=arguments.variant,
        custody=arguments.custody,
        extensions=[_extension(each) for each in arguments.extension],
        pauses=[_pause(each) for each in arguments.pause],
        restarts=[_restart(each) for each in arguments.restart],
        parameters=dict(_parameter(each) for each in arguments.set),
    )
    today = _day("--as-of", arguments.as_of) if arguments.as_of else timezone.localdate()
    warnings = _warnings(known, arguments.scheme, counted)
    if arguments.json:
        print(json.dumps(_answer(counted, warnings, today), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(counted, warnings, today)))
    return 0


def _warnings(known: Deadlines, scheme: str, counted: Counted) -> tuple[WarningDay, ...]:
    if scheme not in known.schemes:
        raise BadDeadlineArgument(argument="--scheme", value=scheme, reason="可选：" + "、".join(known.schemes))
    return warning_days(known.schemes[scheme], counted)


def _lines(counted: Counted, warnings: tuple[WarningDay, ...], today: date) -> Iterator[str]:
    limit = counted.limit
    end = f"{counted.due_at:%Y-%m-%d %H:%M}" if counted.due_at else counted.due_on.isoformat()
    left = counted.days_left(today)
    yield f"{limit.code} {limit.matter}：{end} 届满（{_left(left)}）"
    if not limit.verified:
        yield "※ 原文未经核对"
    for number, step in enumerate(counted.steps, 1):
        mark = "!" if step.kind == "warn" else f"{number}."
        places = cite(step.basis)
        yield f"  {mark} {step.describe()}" + (f"〔{places}〕" if places else "")
    if limit.note:
        yield f"  备注：{limit.note}"
    for warning in warnings:
        yield f"  预警 {warning.day}：{warning.what}"


def _left(days: int) -> str:
    if days < 0:
        return f"已超 {-days} 日"
    return f"还有 {days} 日" if days else "今天届满"


def _answer(counted: Counted, warnings: tuple[WarningDay, ...], today: date) -> dict[str, Any]:
    return {
        **_entry(counted.limit),
        "start": counted.start.isoformat(),
        "due_on": counted.due_on.isoformat(),
        "due_at": counted.due_at.isoformat() if counted.due_at else None,
        "days_left": counted.days_left(today),
        "steps": [
            {
                "kind": step.kind,
                "text": step.describe(),
                "day": step.day.isoformat(),
                "basis": [each.words for each in step.basis],
            }
            for step in counted.steps
        ],
        "warnings": [
            {"day": each.day.isoformat(), "days": each.days, "severity": each.severity, "what": each.what}
            for each in warnings
        ],
    }


def _entry(limit: Limit | Undated) -> dict[str, Any]:
    entry: dict[str, Any] = {"code": limit.code, "matter": limit.matter, "group": limit.group}
    if isinstance(limit, Limit):
        entry |= {
            "span": limit.span.words,
            "event": limit.event,
            "variants": {each.name: each.span.words for each in limit.variants},
            "extensions": [
                {"code": each.code, "label": each.label, "span": each.span.words if each.span else None}
                for each in limit.extensions
            ],
        }
    else:
        entry["rule"] = limit.rule
    return entry | {"basis": [each.words for each in limit.basis], "verified": limit.verified}


def _table(found: list[Limit | Undated]) -> str:
    lines, group = [], ""
    for each in found:
        if each.group != group:
            group = each.group
            lines.append(f"■ {group}")
        lines.append(f"  {each.code:<8}{each.matter}：{_length(each)}" + ("" if each.verified else "（未核对）"))
        if each.basis:
            lines.append(f"{'':10}" + cite(each.basis))
    return "\n".join(lines) or "没有符合的期限。"


def _length(limit: Limit | Undated) -> str:
    if isinstance(limit, Undated):
        return limit.rule.rstrip("。")
    parts = [f"{'提前 ' if limit.backward else ''}{limit.span.words}"]
    parts += [f"{each.name} {each.span.words}" for each in limit.variants]
    parts += [
        f"+{each.span.words if each.span else '批准的长度'}（{each.code} {each.label}）" for each in limit.extensions
    ]
    return "；".join(parts)


def _start(text: str) -> date:
    if "T" in text:
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise BadDeadlineArgument(argument="开始日", value=text, reason="应写成 2026-01-31T10:20") from error
    return _day("开始日", text)


def _day(argument: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadDeadlineArgument(argument=argument, value=text, reason="日期应写成 2026-01-31") from error


def _extension(text: str) -> str | tuple[str, Span]:
    code, given, length = text.partition("=")
    if not given:
        return code
    try:
        return code, parse_span(length)
    except ValueError as error:
        raise BadDeadlineArgument(argument="--extension", value=text, reason=str(error)) from error


def _pause(text: str) -> Pause:
    days, _colon, reason = text.partition(":")
    first, two_dots, last = days.partition("..")
    if not two_dots:
        raise BadDeadlineArgument(argument="--pause", value=text, reason="应写成 2026-02-03..2026-02-10")
    return Pause(_day("--pause", first), _day("--pause", last), reason)


def _restart(text: str) -> Restart:
    day, _colon, reason = text.partition(":")
    return Restart(_day("--restart", day), reason)


def _parameter(text: str) -> tuple[str, int | str | bool]:
    name, _equals, value = text.partition("=")
    kind = PARAMETERS.get(name)
    if kind is bool and value in ("true", "false"):
        return name, value == "true"
    if kind is int and value.isascii() and value.isdecimal() and len(value) < 6:
        return name, int(value)
    if kind is str:
        return name, value
    raise BadDeadlineArgument(argument="--set", value=text, reason="可设：" + "、".join(PARAMETERS))
