"""``zhenggai demo load|serve|figures``: the invented organisation, with its papers imported, and how to look around in it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from django.utils import timezone

from zhenggai.commands import migrate, serve
from zhenggai.demo.answers import load_answers
from zhenggai.demo.ledgers.loading import load_ledgers
from zhenggai.demo.ledgers.measuring import Found, measured
from zhenggai.demo.load import load_organisation, sign_in_table
from zhenggai.demo.loop import load_loop
from zhenggai.demo.notices import draft_notice, publish_notice
from zhenggai.demo.notifications import load_notifications
from zhenggai.demo.organisation import PASSWORD
from zhenggai.demo.outcomes import load_outcomes
from zhenggai.demo.oversight import load_oversight
from zhenggai.demo.papers import load_papers, state_statuses
from zhenggai.demo.referrals import load_referrals


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="load|serve|figures")
    acts.add_parser("load", help="载入示例（可重复执行，只补缺少的）")
    start = acts.add_parser("serve", help="载入示例并启动服务")
    serve.add_arguments(start)
    acts.add_parser("figures", help="逐项对照：通报写的数、指标算出的数，是否一致")


def run(arguments: argparse.Namespace) -> int:
    """Load the demo; then serve it if asked.  Or compare the figures of its notice with what comes out of its rows."""
    if arguments.act == "figures":
        found = list(measured(timezone.localdate()))
        print(figures_table(found))
        return 0 if all(each.expected for each in found) else 1
    if arguments.act == "serve":
        serve.check_port(arguments.host, arguments.port)
    if migrate.pending():
        migrate.apply()
    load()
    if arguments.act == "load":
        print(how_to_sign_in())
        return 0
    serve.prepare()
    return serve.serve(arguments.host, arguments.port, arguments.workers, when_ready=_say_ready)


def load() -> None:
    """Load organisation and papers, saying what is done."""
    body = load_organisation(_say)
    load_papers(body, _say)
    state_statuses(body, _say)
    load_outcomes(body, _say)
    load_referrals(body, _say)
    load_ledgers(body, _say)
    publish_notice(body, _say)  # before the loop takes the round on: it tells of 24 completed and 16 phased
    load_loop(body, _say)
    load_oversight(body, _say)
    draft_notice(body, _say)
    load_answers(body, _say)
    load_notifications(body, _say)  # last: it reminds of what the others left due


def how_to_sign_in() -> str:
    """Return the table of sign-in names, one person for each role."""
    rows = sign_in_table()
    width = max(_width(role) for role, _name, _username in rows) + 2
    lines = [f"  {role}{' ' * (width - _width(role))}{username:<12} {name}" for role, name, username in rows]
    head = f"  {'角色'}{' ' * (width - 4)}{'用户名':<9} 姓名"
    return "\n".join(["登录（示例账号，密码都是 " + PASSWORD + "）：", head, *lines])


def figures_table(found: Sequence[Found]) -> str:
    """Return a line for each figure: problem, what it is of, stated, indicator, what comes out, whether they agree."""
    rows = [("问题", "事项", "通报", "指标", "计算", "一致")]
    for each in found:
        figure = each.figure
        agrees = "是" if each.agrees else "否"
        note = f"（{figure.note}）" if figure.note else ""
        rows.append(
            (
                figure.finding,
                figure.words,
                figure.stated,
                f"{figure.ledger}.{figure.indicator}",
                each.shown,
                agrees + note,
            )
        )
    widths = [max(_width(row[at]) for row in rows) for at in range(5)]
    lines = [
        "  ".join([*(text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=False)), row[5]])
        for row in rows
    ]
    agreeing = sum(each.agrees for each in found)
    return "\n".join(
        [
            *lines,
            f"{len(found)}个数，{agreeing}个一致；其余由通报自身的错误引起。"
            if agreeing < len(found)
            else f"{len(found)}个数全部一致。",
        ]
    )


def _width(text: str) -> int:
    """Return the columns a terminal gives *text*: two for each Chinese character."""
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in text)


def _say(words: str) -> None:
    print(words, flush=True)


def _say_ready(address: str) -> None:
    _say(f"\n{how_to_sign_in()}\n\n请用浏览器打开 {address}\n建议先用 office（整改办）登录。按 Ctrl+C 停止。")
