"""``zhenggai manage …``: Django's own management commands, for those who know them."""

from __future__ import annotations

import argparse
import os

from django.core.management import execute_from_command_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take everything that follows as it is."""
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="…", help="Django 管理命令及其参数")


def run(arguments: argparse.Namespace) -> int:
    """Hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenggai.project.settings")
    execute_from_command_line(["zhenggai manage", *arguments.rest])
    return 0
