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

COMMANDS: dict[str, tuple[str, str]] = {
    "read": ("zhenggai.commands.read", "读取文件，打印草稿：方面、问题、措施、事实和异常"),
}
"""Name → (module, one line of help)."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one sub-command.

    Args:
        argv: arguments without the program's name; those of the process by default.

    Returns:
        The exit status: 0 when all went well, 1 when something failed, 2 when it was called wrongly.
    """
    speak_utf8()
    words = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="zhenggai", description="整改：从巡察反馈到对账销号。")
    commands = parser.add_subparsers(dest="command", metavar="命令")
    wanted = next((word for word in words if not word.startswith("-")), "")
    for name, (module, help_text) in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        if name == wanted:
            import_module(module).add_arguments(command)
    arguments = parser.parse_args(words)
    if not arguments.command:
        parser.print_help()
        return 2
    try:
        status = import_module(COMMANDS[arguments.command][0]).run(arguments)
        sys.stdout.flush()
        return int(status)
    except BrokenPipeError:
        # the reader of our output has gone, as with `| head`; keep the interpreter from complaining at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def speak_utf8() -> None:
    """Make standard output and error UTF-8 whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
