"""What can go wrong between upload and confirmation, in words."""

from __future__ import annotations

from zhenggai.kit.errors import BadInput, Conflict, NotFound


class NotReady(Conflict):
    """The import is not in a state that permits this act."""

    code = "intake.NotReady"
    what = "文件“%(name)s”目前的状态是“%(state)s”，不能执行此操作。"
    where = "导入文件“%(name)s”"
    todo = "请刷新页面查看最新状态。"


class AlreadyConfirmed(Conflict):
    """The import became part of the record already."""

    code = "intake.AlreadyConfirmed"
    what = "文件“%(name)s”已经入账，不能再次确认或修改草稿。"
    where = "导入文件“%(name)s”"
    todo = "请到问题台账中查看和修改入账的问题。"


class DraftChanged(Conflict):
    """Someone else corrected the draft after it was opened."""

    code = "intake.DraftChanged"
    what = "草稿在您打开之后已被 %(who)s 修改（%(label)s），您刚才的操作没有执行。"
    where = "导入文件“%(name)s”"
    todo = "请刷新核对页面后重新操作。"


class NoSuchPiece(NotFound):
    """The draft holds no such finding, measure or aspect, or holds it no longer."""

    code = "intake.NoSuchPiece"
    what = "草稿中没有这一条内容（%(key)s），它可能已被删除或合并。"
    where = "草稿条目 %(key)s"
    todo = "请刷新核对页面后重新操作。"


class BadCorrection(BadInput):
    """A correction that cannot be made."""

    code = "intake.BadCorrection"
    what = "无法这样修改草稿：%(reason)s。"
    where = "草稿条目 %(key)s"
    todo = "请按提示调整后重新操作。"


class NothingToUndo(Conflict):
    """There is no correction to take back, or to bring again."""

    code = "intake.NothingToUndo"
    what = "没有可以%(act)s的修改。"
    where = "导入文件“%(name)s”"
    todo = "请刷新核对页面查看修改记录。"


class DraftIncomplete(Conflict):
    """The draft cannot become the record yet."""

    code = "intake.DraftIncomplete"
    status = 422
    what = "草稿还不能入账：%(problems)s。"
    where = "导入文件“%(name)s”"
    todo = "请在核对页面逐条补齐后再确认入账。"


class MatchGone(Conflict):
    """A finding that a person linked is not there any more, or is linked twice."""

    code = "intake.MatchGone"
    what = "“%(title)s”所对应的台账问题已不存在、已撤下或被重复对应。"
    where = "草稿条目 %(key)s"
    todo = "请在匹配列表中为它重新选择对应的问题。"


class RoundOfOther(Conflict):
    """The chosen round belongs to another unit's tree."""

    code = "intake.RoundOfOther"
    what = "巡察轮次“%(round)s”不属于文件所在的单位“%(unit)s”。"
    where = "导入文件“%(name)s”"
    todo = "请选择本单位的巡察轮次，或新建轮次。"


class ReadingBroke(Conflict):
    """Reading ended in a way that was not foreseen."""

    code = "intake.ReadingBroke"
    status = 500
    what = "读取文件“%(name)s”时发生意外（%(reason)s），没有产生草稿，也没有写入台账。"
    where = "导入文件“%(name)s”"
    todo = "请点击“重新读取”；再次失败时请把文件和时间告诉系统管理员。"
