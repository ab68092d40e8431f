"""``zhenggai indicators show CODE …``: figures with numerator and denominator, as of a moment, and the rows behind them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from zhenggai.commands import migrate
from zhenggai.commands.rules import moment_of
from zhenggai.kit.errors import NotFound
from zhenggai.people.models import Unit
from zhenggai.watch.access import watched_bodies
from zhenggai.watch.indicators import Figure, Shown, find_indicator, read_indicator, rows_behind
from zhenggai.watch.periods import parse_period


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="show")
    show = acts.add_parser("show", help="查看一个或几个指标")
    show.add_argument("codes", nargs="+", metavar="指标", help="指标代码，同名时写“台账.指标”")
    show.add_argument("--period", default="", metavar="期间", help="2026、2026-H1、2026-Q3、2026-03；默认全部")
    show.add_argument("--unit", default="", metavar="单位", help="只看这个单位（名称）的记录")
    show.add_argument("--by", default="", metavar="字段", help="按这个字段分开")
    show.add_argument("--as-of", default="", metavar="时刻", help="按当时的台账（如 2026-06-30）")
    show.add_argument("--rows", action="store_true", help="列出分子后面的记录编号")
    show.add_argument("--json", action="store_true", help="输出 JSON")


def run(arguments: argparse.Namespace) -> int:
    """Show figures."""
    migrate.require_current()
    moment = moment_of(arguments.as_of) or timezone.now()
    told: list[dict[str, Any]] = []
    for code in arguments.codes:
        ledger, indicator = find_indicator(code)
        for body, about in _places(arguments.unit):
            period = parse_period(arguments.period)
            shown = read_indicator(ledger, indicator, body, period=period, about=about, by=arguments.by, as_of=moment)
            one = _told(shown)
            if arguments.rows:
                _ledger, ids = rows_behind(ledger, indicator, body, period=period, about=about, as_of=moment)
                one["rows"] = list(ids)
            told.append(one)
            if not arguments.json:
                print("\n".join(_lines(shown, one)))
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    return 0


def _places(unit: str) -> list[tuple[Unit, Unit | None]]:
    bodies = list(watched_bodies())
    if not unit:
        return [(body, None) for body in bodies]
    found = Unit.objects.filter(name=unit).first() or Unit.objects.filter(short_name=unit).first()
    if found is None:
        raise NotFound
    return [(body, None if body == found else found) for body in bodies if found.path.startswith(body.path)]


def _told(shown: Shown) -> dict[str, Any]:
    return {
        "indicator": f"{shown.ledger.ledger}.{shown.indicator.indicator}",
        "label": shown.indicator.label,
        "body": shown.body.name,
        "unit": shown.about.name if shown.about else "",
        "as_of": shown.as_of.isoformat(),
        **_figure(shown.figure),
        "previous": _figure(shown.previous) if shown.previous else None,
        "last_year": _figure(shown.last_year) if shown.last_year else None,
        "target": shown.indicator.target,
        "base": shown.indicator.base,
        "series": [_figure(each) for each in shown.series],
        "by": [{"key": each.key, "label": each.label, **_figure(each)} for each in shown.by],
        "undated": shown.undated,
    }


def _figure(figure: Figure) -> dict[str, str | None]:
    parts = {"value": figure.value, "numerator": figure.numerator, "denominator": figure.denominator}
    return {"period": figure.period_code, **{name: None if v is None else format(v, "f") for name, v in parts.items()}}


def _lines(shown: Shown, one: dict[str, Any]) -> Iterable[str]:
    figure = shown.figure
    parts = "" if figure.denominator is None else f"（{_plain(figure.numerator)} ÷ {_plain(figure.denominator)}）"
    where = shown.about.name if shown.about else shown.body.name
    yield f"{shown.indicator.label} {figure.period_label} {where}：{figure.shown}{parts}"
    if shown.last_year is not None:
        yield f"  上年同期 {shown.last_year.shown}，上期 {shown.previous.shown if shown.previous else '—'}"
    for each in shown.by:
        yield f"  {each.label}：{each.shown}"
    if shown.undated and figure.period is not None:
        yield f"  另有 {shown.undated} 条没有日期，不计入任何期间"
    if "rows" in one:
        yield "  记录：" + "、".join(one["rows"][:200])


def _plain(number: Any) -> str:
    return "—" if number is None else f"{number.normalize():f}"
