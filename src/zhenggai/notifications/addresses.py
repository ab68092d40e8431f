"""Addresses of chat robots: what people paste comes in, the one form the sending library takes goes out.

The three services have fixed hosts, so only their keys are taken from what was pasted.  A robot of one's own names a
host; it must not lead into the server's network unless the operator listed it.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from django.utils.translation import gettext as _

from zhenggai.notifications.errors import BadAddress, HostNotAllowed
from zhenggai.notifications.models import Channel

LONGEST = 500
_KEY = re.compile(r"[A-Za-z0-9_-]{8,200}")
_PLAIN_KEY = re.compile(r"[A-Za-z0-9]{8,200}")


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """An address that can be used."""

    url: str
    """As the library takes it, with its secret."""
    hint: str
    """What may be shown of it."""
    host: str = ""
    """The host it names; empty where the service has a fixed one."""


def parse_address(channel: str, text: str, signing_key: str = "") -> ParsedAddress:
    """Return the address that *text* states for *channel*.

    Args:
        channel: one of ``Channel`` except mail.
        text: what was pasted: the webhook's address, or its key alone.
        signing_key: DingTalk's key for signing, where its robot asks for one.

    Raises:
        BadAddress: it is not an address of that service.
    """
    text = text.strip()
    if not text or len(text) > LONGEST or any(sign.isspace() for sign in text):
        raise BadAddress(reason=_("没有填写，或含有空格、过长"))
    match channel:
        case Channel.WECOM:
            key = _key(text, "qyapi.weixin.qq.com", "/cgi-bin/webhook/send", "key", _KEY)
            return ParsedAddress(f"wecombot://{key}/", _tail(key))
        case Channel.DINGTALK:
            token = _key(text, "oapi.dingtalk.com", "/robot/send", "access_token", _PLAIN_KEY)
            return ParsedAddress(f"dingtalk://{_signing(signing_key)}{token}/", _tail(token))
        case Channel.FEISHU:
            token = _feishu_token(text)
            return ParsedAddress(f"feishu://{token}/", _tail(token))
        case Channel.WEBHOOK:
            return _own_robot(text)
        case _:
            raise BadAddress(reason=_("没有这种渠道"))


def check_host(host: str, allowed: Collection[str]) -> None:
    """Go on only when *host* leads to the public internet, or is one of those *allowed*.

    Raises:
        HostNotAllowed: one of its addresses is private, or it has none.
    """
    if not host or host in allowed:
        return
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except OSError as error:
        raise HostNotAllowed(host=host) from error
    if not found or not all(ipaddress.ip_address(str(each).partition("%")[0]).is_global for each in found):
        raise HostNotAllowed(host=host)


def _key(text: str, host: str, path: str, name: str, shape: re.Pattern[str]) -> str:
    found = text
    if "://" in text:
        parts = _split(text)
        if parts.scheme != "https" or parts.netloc.lower() != host or parts.path.rstrip("/") != path:
            raise BadAddress(reason=_("不是 https://%(host)s 的机器人地址") % {"host": host})
        found = parse_qs(parts.query).get(name, [""])[0]
    if not shape.fullmatch(found):
        raise BadAddress(reason=_("缺少密钥，或密钥含有不允许的字符"))
    return found


def _feishu_token(text: str) -> str:
    found = text
    if "://" in text:
        parts = _split(text)
        start = "/open-apis/bot/v2/hook/"
        if parts.scheme != "https" or parts.netloc.lower() != "open.feishu.cn" or not parts.path.startswith(start):
            raise BadAddress(reason=_("不是 https://%(host)s 的机器人地址") % {"host": "open.feishu.cn"})
        found = parts.path.removeprefix(start).strip("/")
    if not _KEY.fullmatch(found):
        raise BadAddress(reason=_("缺少密钥，或密钥含有不允许的字符"))
    return found


def _signing(key: str) -> str:
    key = key.strip()
    if not key:
        return ""
    if not _PLAIN_KEY.fullmatch(key):
        raise BadAddress(reason=_("加签密钥含有不允许的字符"))
    return f"{key}@"


def _own_robot(text: str) -> ParsedAddress:
    parts = _split(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadAddress(reason=_("应以 https:// 或 http:// 开头"))
    if parts.username or parts.password or parts.fragment:
        raise BadAddress(reason=_("地址中不能含有用户名、密码或 # 号"))
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise BadAddress(reason=_("端口不对")) from error
    host = parts.hostname.lower()
    shown = f"[{host}]" if ":" in host else host
    # What stands behind a question mark would be read as options of the library, so it goes there as parameters.
    given = parse_qs(parts.query, keep_blank_values=True)
    options = "&".join(f"-{quote(name, safe='')}={quote(values[-1], safe='')}" for name, values in given.items())
    scheme = "jsons" if parts.scheme == "https" else "json"
    url = f"{scheme}://{shown}{port}{parts.path or '/'}" + (f"?{options}" if options else "")
    return ParsedAddress(url, f"{parts.scheme}://{shown}{port}/…", host)


def host_of(url: str) -> str:
    """Return the host that a robot of one's own names; empty for the services with fixed hosts."""
    parts = urlsplit(url)
    return (parts.hostname or "") if parts.scheme in {"json", "jsons"} else ""


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError as error:
        raise BadAddress(reason=_("地址写法不对")) from error


def _tail(key: str) -> str:
    return f"…{key[-4:]}"
