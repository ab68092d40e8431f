"""``zhenggai``: one table of sub-commands, each loaded only when it is called.

A sub-command is a module with ``add_arguments(parser)`` and ``run(arguments) -> exit status``.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from zhenggai.kit.errors import ZhenggaiError

COMMANDS: dict[str, tuple[str, str]] = {
    "read": ("zhenggai.commands.read", "读取文件，打印草稿：方面、问题、措施、事实和异常"),
    "figures": ("zhenggai.commands.figures", "核对文件中的数字：占比、合计、平均、增减、日期"),
    "layout": ("zhenggai.commands.layout", "检查Word文件的公文格式（GB/T 9704）"),
    "demo": ("zhenggai.commands.demo", "载入示例单位和示例文件，并启动服务"),
    "serve": ("zhenggai.commands.serve", "启动网页服务和任务进程"),
    "worker": ("zhenggai.commands.worker", "只运行任务进程"),
    "tick": ("zhenggai.commands.tick", "办理每日事项：到期提醒等（任务进程会自动办理）"),
    "deadline": ("zhenggai.commands.deadline", "计算法定期限并逐步说明；列出全部期限"),
    "packs": ("zhenggai.commands.packs", "检查和列出声明的台账、规则、指标和文书"),
    "rules": ("zhenggai.commands.rules", "运行台账规则，说明一条规则"),
    "indicators": ("zhenggai.commands.indicators", "查看指标：值、分子分母、同比和分期"),
    "migrate": ("zhenggai.commands.migrate", "把数据库更新到本版本"),
    "people": ("zhenggai.commands.people", "初始化单位和三员，重置密码，解除锁定"),
    "audit": ("zhenggai.commands.audit", "校验或导出操作日志"),
    "files": ("zhenggai.commands.files", "核对已存文件"),
    "ledgers": ("zhenggai.commands.ledgers", "按改动后的格式转换台账记录，重建检索用词"),
    "answers": ("zhenggai.commands.answers", "更换公众联系方式的加密密钥"),
    "search": ("zhenggai.commands.search", "重建检索索引"),
    "backup": ("zhenggai.commands.backup", "把全部数据备份为一个文件"),
    "restore": ("zhenggai.commands.restore", "从备份文件恢复全部数据"),
    "manage": ("zhenggai.commands.manage", "Django 的管理命令"),
}
"""Name → (module, one line of help)."""

WITHOUT_RECORD = frozenset({"read", "figures", "layout", "manage"})
"""Sub-commands that neither need settings nor a database, or bring their own; the others find both ready."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one sub-command.

    Args:
        argv: arguments without the program's name; those of the process by default.

    Returns:
        The exit status: 0 when all went well, 1 when something failed, 2 when it was called wrongly.
    """
    speak_utf8()
    words = list(sys.argv[1:] if argv is None else argv)
    wanted = next((word for word in words if not word.startswith("-")), "")
    try:
        if wanted in COMMANDS and wanted not in WITHOUT_RECORD:
            make_ready()
        parser = build_parser(wanted)
        arguments = parser.parse_args(words)
        if not arguments.command:
            parser.print_help()
            return 2
        status = import_module(COMMANDS[arguments.command][0]).run(arguments)
        sys.stdout.flush()
        return int(status)
    except ZhenggaiError as error:
        print(in_words(error), file=sys.stderr)
        return 1
    except BrokenPipeError:
        # the reader of our output has gone, as with `| head`; keep the interpreter from complaining at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def build_parser(wanted: str) -> argparse.ArgumentParser:
    """Return the parser of all sub-commands; only the *wanted* one is loaded and has its own arguments."""
    parser = argparse.ArgumentParser(prog="zhenggai", description="整改：从巡察反馈到对账销号。")
    commands = parser.add_subparsers(dest="command", metavar="命令")
    for name, (module, help_text) in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        if name == wanted:
            import_module(module).add_arguments(command)
    return parser


def make_ready() -> None:
    """Load the settings and the rooms.

    Raises:
        BadSetting: an environment variable holds a value that cannot be used.
    """
    import django  # heavy, and `read` does without

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenggai.project.settings")
    django.setup()


def in_words(error: ZhenggaiError) -> str:
    """Return what happened, where, and what to do, one per line, with the code."""
    words = error.describe()
    lines = [f"错误 {words.code}：{words.what}", words.where, words.todo]
    return "\n  ".join(line for line in lines if line)


def speak_utf8() -> None:
    """Make standard output and error UTF-8 whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
