"""Sends one message by one channel: words come in, nothing goes out, or the reason why it could not be sent.

Nothing is looked up here and nothing written.  Network calls have time limits and follow no redirect.
"""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from zhenggai.kit.errors import ZhenggaiError
from zhenggai.notifications.addresses import check_host, host_of

if TYPE_CHECKING:
    from apprise import NotifyBase


class NotSent(Exception):
    """The message did not go out; ``str`` of it says why, without any secret."""


def send_mail(to: str, subject: str, text: str, message_id: str) -> None:
    """Send a plain mail.

    Args:
        to: one address.
        subject: its subject, one line.
        text: its text.
        message_id: the same for each try, so that a server that took it twice can tell.

    Raises:
        NotSent: the server refused, or could not be reached.
    """
    if not settings.ZHENGGAI_MAIL:
        raise NotSent(_("平台尚未接通邮件服务器"))
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(subject=" ".join(subject.split()), body=text, to=[to], headers=headers)
    try:
        mail.send()
    except (SMTPException, OSError, ValueError) as error:  # ValueError: an address that mail cannot carry
        raise NotSent(f"{type(error).__name__}: {error}"[:300]) from error


def send_chat(url: str, title: str, text: str) -> None:
    """Send a message to a chat robot.

    Raises:
        NotSent: the robot refused, could not be reached, or stands where it may not.
    """
    try:
        check_host(host_of(url), settings.ZHENGGAI_CHAT_HOSTS)
    except ZhenggaiError as error:
        raise NotSent(error.describe().what) from error
    # apprise costs half a second and some memory, which only a process that sends should pay.
    from apprise import LogCapture

    robot = robot_of(url)
    with LogCapture(level=logging.WARNING, fmt="%(message)s") as said:  # type: ignore[no-untyped-call]  # the library's
        sent = robot.notify(body=text, title=title)
        told = said.getvalue().strip()
    if not sent:
        raise NotSent(" ".join(told.split())[:300] or _("机器人没有接受消息"))


def robot_of(url: str) -> NotifyBase:
    """Return the library's own object for an address.

    Only the four plug-ins that are used are loaded; the library's own way would load all of its hundred.

    Raises:
        NotSent: the library cannot read it.
    """
    # apprise, as above.
    from apprise import AppriseAsset
    from apprise.exception import AppriseException
    from apprise.plugins.custom_json import NotifyJSON
    from apprise.plugins.dingtalk import NotifyDingTalk
    from apprise.plugins.feishu import NotifyFeishu
    from apprise.plugins.wecombot import NotifyWeComBot

    known: dict[str, type[NotifyBase]] = {
        "wecombot": NotifyWeComBot,
        "dingtalk": NotifyDingTalk,
        "feishu": NotifyFeishu,
        "json": NotifyJSON,
        "jsons": NotifyJSON,
    }
    plugin = known.get(url.partition(":")[0])
    parts = plugin.parse_url(url) if plugin else None
    if plugin is None or not parts:
        raise NotSent(_("机器人地址无法识别"))
    asset = AppriseAsset(app_id="Zhenggai", app_desc="Zhenggai", app_url="", http_redirects=False)
    try:
        return plugin(**{**parts, "asset": asset})
    except AppriseException as error:
        raise NotSent(_("机器人地址无法识别")) from error
