"""What can go wrong with the entries of a register, in words."""

from __future__ import annotations

from zhenggai.kit.errors import BadInput, Conflict


class EntryChanged(Conflict):
    """Someone else changed the entry after it was opened."""

    code = "registers.EntryChanged"
    what = "“%(title)s”在您打开之后已被他人修改，您的修改没有保存。"
    where = "登记“%(title)s”"
    todo = "请重新打开该条登记，核对后再修改。"


class EntryWithdrawn(Conflict):
    """The entry was withdrawn."""

    code = "registers.EntryWithdrawn"
    what = "“%(title)s”已被撤下，不能修改。"
    where = "登记“%(title)s”"
    todo = "请返回列表查看当前登记。"


class ReasonMissing(BadInput):
    """Withdrawing needs a reason."""

    code = "registers.ReasonMissing"
    what = "没有写明原因，未作处理。"
    where = "字段“原因”"
    todo = "请填写原因后重新提交。"
