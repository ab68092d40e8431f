"""What can go wrong with imports, in words."""

from __future__ import annotations

from zhenggai.kit.errors import BadInput, Conflict


class NoSuchTable(BadInput):
    """The file has no such table."""

    code = "ledgers.NoSuchTable"
    what = "文件“%(name)s”里没有所选的工作表。"
    where = "导入“%(name)s”"
    todo = "请刷新页面后重新选择工作表。"


class BadMapping(BadInput):
    """Columns and fields do not fit."""

    code = "ledgers.BadMapping"
    what = "列与字段的对应不成立：%(reason)s。"
    where = "导入“%(name)s”"
    todo = "请在对应表里改正后再试。"


class WrongStep(Conflict):
    """The import is not at a step that permits this."""

    code = "ledgers.WrongStep"
    what = "导入“%(name)s”现在的状态是“%(state)s”，不能%(act)s。"
    where = "导入“%(name)s”"
    todo = "请刷新页面查看当前状态。"


class HasProblems(Conflict):
    """Rows cannot be taken, and it was chosen to stop then; nothing was written."""

    code = "ledgers.HasProblems"
    what = "“%(name)s”有 %(bad)s 行不能导入，按所选方式没有写入任何一行。"
    where = "导入“%(name)s”"
    todo = "请下载标注了问题的表格，改正后重新导入；或选择“跳过有问题的行”。"


class NothingToWrite(Conflict):
    """The import would change nothing."""

    code = "ledgers.NothingToWrite"
    what = "“%(name)s”里没有可以写入的新内容。"
    where = "导入“%(name)s”"
    todo = "请核对所选的工作表、表头和重复记录的处理方式。"


class ImportBroke(Conflict):
    """The program failed; nothing was written."""

    code = "ledgers.ImportBroke"
    what = "处理“%(name)s”时程序出错（%(reason)s），没有写入任何一行。"
    where = "导入“%(name)s”"
    todo = "请重试；仍不行时把编号告诉系统管理员。"
