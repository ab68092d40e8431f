"""``zhenggai answers rotate-keys``: seal the contact data of the public with a new key and drop the old ones."""

from __future__ import annotations

import argparse

from zhenggai.answers.actions import rotate_keys
from zhenggai.commands import migrate
from zhenggai.people.access import OPERATOR


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="rotate-keys")
    acts.add_parser("rotate-keys", help="用新密钥重新加密公众联系方式，并停用旧密钥")


def run(arguments: argparse.Namespace) -> int:
    """Change the key; people may go on working meanwhile."""
    migrate.require_current()
    done, locked = rotate_keys(actor=OPERATOR)
    print(f"已用新密钥重新加密 {done} 条联系方式。")
    if locked:
        print(f"{locked} 条无法解密，旧密钥仍保留；请把备份时另存的 contact_keys 放回数据目录后重试。")
        return 1
    print("旧密钥已停用。请另行保存数据目录下的 contact_keys，不要与备份放在一起。")
    return 0
