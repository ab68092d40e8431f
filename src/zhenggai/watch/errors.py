"""What can go wrong with rules, alerts and indicators, in words."""

from __future__ import annotations

from zhenggai.kit.errors import BadInput, Conflict


class AlertNotOpen(Conflict):
    """The alert does not stand where the act may start."""

    code = "watch.AlertNotOpen"
    what = "预警“%(title)s”现为“%(state)s”，不能“%(move)s”。"
    where = "预警“%(title)s”"
    todo = "请刷新页面，按当前状态办理。"


class TextMissing(BadInput):
    """Something has to be said in words."""

    code = "watch.TextMissing"
    what = "请填写“%(label)s”。"
    where = "字段“%(label)s”"
    todo = "写明后重新提交，其他内容没有丢失。"


class BadValue(BadInput):
    """A field holds something that cannot be taken."""

    code = "watch.BadValue"
    what = "“%(label)s”不能填“%(value)s”：%(reason)s。"
    where = "字段“%(label)s”"
    todo = "请改正后重新提交，其他内容没有丢失。"


class NoLetter(Conflict):
    """The rule has no letter to draft."""

    code = "watch.NoLetter"
    what = "规则“%(rule)s”没有可起草的函件。"
    where = "规则“%(rule)s”"
    todo = "请在台账声明中为规则指定函件（letter），或直接在“督办函件”中起草。"


class ReboundEnded(Conflict):
    """Somebody dealt with the rebound, or the condition holds again."""

    code = "watch.ReboundEnded"
    what = "“%(title)s”的反弹现为“%(state)s”，不能再办理。"
    where = "问题“%(title)s”"
    todo = "请刷新页面查看最新情况。"


class UnknownIndicator(BadInput):
    """No ledger declares that indicator, or several do."""

    code = "watch.UnknownIndicator"
    what = "没有可用的指标“%(name)s”：%(reason)s。"
    where = "指标“%(name)s”"
    todo = "请核对指标代码，必要时写成“台账.指标”的样子。"
