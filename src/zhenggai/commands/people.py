"""``zhenggai people …``: the first organisation and its three officers; any password reset; any lock lifted."""

from __future__ import annotations

import argparse

from django.db import transaction

from zhenggai.commands import migrate
from zhenggai.commands.errors import AlreadySetUp, NobodyCalled
from zhenggai.people import actions
from zhenggai.people.access import OPERATOR
from zhenggai.people.models import Unit, User, normal_username
from zhenggai.people.roles import ROLES

FIRST_OFFICERS = (("system_admin", "sysadmin"), ("security_admin", "secadmin"), ("auditor", "auditor"))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="init|reset-password|unlock")
    init = acts.add_parser("init", help="建立第一个单位和三员账号，打印初始密码")
    init.add_argument("organisation", metavar="单位名称")
    for name, words in (("reset-password", "重置任何账号的密码，包括三员"), ("unlock", "解除登录锁定")):
        act = acts.add_parser(name, help=words)
        act.add_argument("username", metavar="用户名")


def run(arguments: argparse.Namespace) -> int:
    """Do the act, as the operator at the server."""
    migrate.require_current()
    if arguments.act == "init":
        return _init(arguments.organisation)
    user = User.objects.filter(username=normal_username(arguments.username)).first()
    if user is None:
        raise NobodyCalled(username=arguments.username)
    if arguments.act == "unlock":
        actions.unlock_user(user, actor=OPERATOR)
        print(f"已解除“{user.username}”的登录锁定。")
    else:
        print(f"“{user.username}”的新密码（登录后须修改）：{actions.reset_password(user, actor=OPERATOR)}")
    return 0


@transaction.atomic
def _init(organisation: str) -> int:
    if User.objects.exists():
        raise AlreadySetUp
    body = actions.create_unit(actor=OPERATOR, kind=Unit.Kind.ORGANISATION, name=organisation)
    print(f"已建立单位“{body.name}”。请把下列账号分别交给三人，首次登录须修改密码：")
    for role, username in FIRST_OFFICERS:
        label = str(ROLES[role].label)
        user, password = actions.create_user(actor=OPERATOR, username=username, name=label)
        actions.grant_post(user, actor=OPERATOR, unit=body, role=role)
        print(f"  {label}  用户名 {username}  初始密码 {password}")
    return 0
