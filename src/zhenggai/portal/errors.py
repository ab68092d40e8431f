"""What can be wrong with what a reader asks for."""

from __future__ import annotations

from zhenggai.kit.errors import BadInput, NotFound, UserError, ZhenggaiError


class NoSuchPage(NotFound):
    """Nothing public has this address."""

    code = "portal.NoSuchPage"
    what = "没有这个页面。"
    todo = "请检查地址，或从公开目录重新查找。"


class Withdrawn(UserError):
    """A notice that was public and is not any more; its address stays taken."""

    code = "portal.Withdrawn"
    status = 410
    what = "这份通报已于%(day)s撤回。"
    where = "%(title)s"
    todo = "撤回原因：%(why)s。"


class WrongMethod(UserError):
    """The page exists but does not take this method."""

    code = "portal.WrongMethod"
    status = 405
    what = "这个地址不接受此种提交方式。"
    todo = "请从页面上的按钮操作。"


class BadQuery(BadInput):
    """What was sent cannot be understood."""

    code = "portal.BadQuery"
    status = 400
    what = "提交的内容不完整或格式有误，没有保存。"
    todo = "请返回上一页重试。"


class TooMuch(BadInput):
    """More was sent than is taken at once."""

    code = "portal.TooMuch"
    status = 413
    what = "一次提交的内容超过了上限，没有保存。"
    todo = "请减少附件，或压缩后再提交。"


class Busy(UserError):
    """The server that the staff works on takes one answer at a time."""

    code = "portal.Busy"
    status = 503
    what = "现在提交的人较多，这次没有保存。"
    todo = "请返回上一页，过一会儿再提交；填写的内容仍在。"


class Broken(ZhenggaiError):
    """Something broke that the reader cannot mend."""

    code = "portal.Broken"
    what = "服务器处理时出错。"
    todo = "请稍后重试。"
