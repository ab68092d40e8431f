"""Addresses of chat robots, as people paste them; what the library makes of them; what is refused."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from zhenggai.notifications.addresses import check_host, parse_address
from zhenggai.notifications.errors import BadAddress, HostNotAllowed
from zhenggai.notifications.models import Channel
from zhenggai.notifications.sending import robot_of, send_chat

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=c0ffee00c0ffee00"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/0a1b2c3d-4e5f-6789-abcd-ef0123456789"


@pytest.fixture
def posts(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Keep the requests the library would make, and answer none."""
    kept: list[tuple[str, dict[str, Any]]] = []

    class Answer:
        status_code = 200
        content = b'{"code": 0}'

    def post(url: str, **given: Any) -> Answer:
        kept.append((url, given))
        return Answer()

    monkeypatch.setattr("requests.post", post)
    return kept


@pytest.mark.parametrize(
    ("channel", "pasted", "signing", "asked", "word"),
    [
        (Channel.WECOM, WECOM, "", WECOM, '"content": '),
        (Channel.WECOM, "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa", "", WECOM, '"msgtype": "text"'),
        (Channel.DINGTALK, DINGTALK, "", DINGTALK, '"content": '),
        (Channel.DINGTALK, DINGTALK, "SEC0123456789abcdef", DINGTALK, '"msgtype": "text"'),
        (Channel.FEISHU, FEISHU, "", f"{FEISHU}/", '"msg_type": "text"'),
    ],
)
def test_what_people_paste_reaches_the_service(
    channel: str, pasted: str, signing: str, asked: str, word: str, posts: list[tuple[str, dict[str, Any]]]
) -> None:
    parsed = parse_address(channel, pasted, signing)
    assert parsed.host == ""
    assert parsed.hint.startswith("…")
    assert len(parsed.hint) == 5
    send_chat(parsed.url, "整改提醒 2 条", "请登录平台办理。")
    ((url, given),) = posts
    assert url == asked
    body = given["data"].decode() if isinstance(given["data"], bytes) else given["data"]
    assert word in body
    assert given["allow_redirects"] is False
    assert given["timeout"]
    if signing:
        assert set(given["params"]) == {"timestamp", "sign"}


@pytest.mark.parametrize(
    ("channel", "pasted"),
    [
        (Channel.WECOM, ""),
        (Channel.WECOM, "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx"),
        (Channel.WECOM, "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=693a91f6-7xxx"),
        (Channel.WECOM, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"),
        (Channel.WECOM, "abc def ghij"),
        (Channel.DINGTALK, WECOM),
        (Channel.DINGTALK, "key@127.0.0.1/12345678"),
        (Channel.FEISHU, "https://open.feishu.cn/open-apis/bot/v2/hook/"),
        (Channel.FEISHU, DINGTALK),
        (Channel.WEBHOOK, "file:///etc/passwd"),
        (Channel.WEBHOOK, "mailto://someone@example.cn"),
        (Channel.WEBHOOK, "https://user:word@robot.example.cn/"),
        (Channel.WEBHOOK, "https://robot.example.cn:port/"),
        (Channel.WEBHOOK, "https://[robot/"),
        (Channel.WEBHOOK, "https://robot.example.cn/" + "x" * 600),
        (Channel.EMAIL, "someone@example.cn"),
    ],
)
def test_everything_else_is_refused(channel: str, pasted: str) -> None:
    with pytest.raises(BadAddress):
        parse_address(channel, pasted)


def test_a_robot_of_ones_own_cannot_be_given_options_of_the_library() -> None:
    parsed = parse_address(Channel.WEBHOOK, "https://robot.example.cn/in?redirect=yes&verify=no&method=GET&a=%E4%B8%80")
    robot: Any = robot_of(parsed.url)
    assert (robot.redirects, robot.verify_certificate, robot.method) == (False, True, "POST")
    assert robot.params == {"redirect": "yes", "verify": "no", "method": "GET", "a": "一"}
    assert (parsed.host, parsed.hint) == ("robot.example.cn", "https://robot.example.cn/…")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "::1", "10.1.2.3", "192.168.0.9", "169.254.169.254", "0.0.0.0", "fe80::1"]
)
def test_hosts_of_the_own_network_are_refused_unless_listed(host: str) -> None:
    with pytest.raises(HostNotAllowed):
        check_host(host, ())
    check_host(host, (host,))


def test_a_name_is_judged_by_what_it_leads_to(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[str] = []
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *args, **kwargs: [(2, 1, 6, "", (address, 0)) for address in found]
    )
    found[:] = ["93.184.215.14"]
    check_host("robot.example.cn", ())
    found[:] = ["93.184.215.14", "10.0.0.8"]
    with pytest.raises(HostNotAllowed):
        check_host("robot.example.cn", ())
    found[:] = []
    with pytest.raises(HostNotAllowed):
        check_host("nowhere.example.cn", ())
