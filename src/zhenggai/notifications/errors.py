"""What can go wrong with telling people things, in words."""

from __future__ import annotations

from zhenggai.kit.errors import BadInput, Conflict


class BadAddress(BadInput):
    """The address of a chat robot cannot be used."""

    code = "notifications.BadAddress"
    what = "这个机器人地址不能使用：%(reason)s。"
    where = "机器人地址"
    todo = "请从群聊的机器人设置中复制完整的 Webhook 地址，再粘贴一次。"


class HostNotAllowed(BadInput):
    """The address leads into the server's own network, which only the operator may open."""

    code = "notifications.HostNotAllowed"
    what = "机器人地址中的主机“%(host)s”在内部网络，或无法解析，不能使用。"
    where = "机器人地址"
    todo = "确需使用内网机器人的，请运维人员把该主机列入 ZHENGGAI_CHAT_HOSTS。"


class BadChoice(BadInput):
    """A choice about messages that does not exist."""

    code = "notifications.BadChoice"
    what = "没有“%(value)s”这一选项，提醒设置没有改动。"
    where = "提醒设置"
    todo = "请刷新页面后重新选择。"


class TooSoon(Conflict):
    """A test message was asked for again at once."""

    code = "notifications.TooSoon"
    status = 429
    what = "刚刚发过一条测试消息，尚未满一分钟。"
    where = "测试消息"
    todo = "请等一分钟再试。"


class NoMail(Conflict):
    """Mail cannot go out: none is set up, or the person has no address."""

    code = "notifications.NoMail"
    what = "不能发送邮件：%(reason)s。"
    where = "电子邮件"
    todo = "请填写自己的邮箱；平台尚未接通邮件服务器的，请联系运维人员设置 ZHENGGAI_MAIL_URL。"


class TooManyAddresses(Conflict):
    """Someone has as many robots as one may have."""

    code = "notifications.TooManyAddresses"
    what = "已有 %(count)s 个机器人，不能再添加。"
    where = "机器人地址"
    todo = "请先移除不用的机器人。"
