"""What can go wrong with ledgers, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from zhenggai.kit.errors import BadInput, Conflict, ZhenggaiError
from zhenggai.packs.reading import Problem


class BadValue(BadInput):
    """A field cannot take the value."""

    code = "ledgers.BadValue"
    what = "“%(label)s”不能填“%(value)s”：%(reason)s。"
    where = "字段“%(label)s”"
    todo = "请改正该字段后重新保存，其他内容未受影响。"


class BadRow(BadInput):
    """Fields of a row cannot be taken; ``problems`` has a sentence for each."""

    code = "ledgers.BadRow"
    what = "有 %(count)s 个字段需要改正：%(listed)s。"
    where = "台账“%(ledger)s”"
    todo = "请按提示改正后重新保存，其他内容未受影响。"

    problems: Mapping[str, str] = MappingProxyType({})
    """Field code → sentence."""

    @classmethod
    def of(cls, ledger: str, problems: Mapping[str, str]) -> BadRow:
        """Return the error that tells of all *problems* of a row of the ledger called *ledger*."""
        error = cls(ledger=ledger, count=len(problems), listed="；".join(problems.values()))
        error.problems = dict(problems)
        return error


class UnknownField(BadInput):
    """The ledger has no such field that can be entered."""

    code = "ledgers.UnknownField"
    what = "台账“%(ledger)s”没有名为“%(field)s”的可填写字段。"
    where = "字段 %(field)s"
    todo = "请刷新页面后重试；由计算得出的字段不能填写。"


class KeyTaken(Conflict):
    """Another row has the same key."""

    code = "ledgers.KeyTaken"
    what = "台账“%(ledger)s”已有“%(key)s”这条记录。"
    where = "字段“%(label)s”"
    todo = "请核对是否重复登记；如确需修改，请打开已有记录。"


class ValueTaken(Conflict):
    """Another row has the same value in a field that must be unique."""

    code = "ledgers.ValueTaken"
    what = "“%(label)s”不能重复：“%(value)s”已用于另一条记录。"
    where = "字段“%(label)s”"
    todo = "请核对是否重复登记，或改用其他值。"


class ChangedMeanwhile(Conflict):
    """Someone else changed the row after it was opened."""

    code = "ledgers.ChangedMeanwhile"
    what = "“%(title)s”在您打开之后已由%(who)s修改：%(changes)s。您的修改没有保存。"
    where = "记录“%(title)s”"
    todo = "请重新打开该记录，核对他人的修改后再保存。"


class IsWithdrawn(Conflict):
    """The row was taken off the ledger."""

    code = "ledgers.IsWithdrawn"
    what = "“%(title)s”已从台账撤下，不能修改。"
    where = "记录“%(title)s”"
    todo = "如需继续办理，请先恢复该记录。"


class NotWithdrawn(Conflict):
    """What should be restored stands on the ledger."""

    code = "ledgers.NotWithdrawn"
    what = "“%(title)s”没有被撤下，无需恢复。"
    where = "记录“%(title)s”"
    todo = "请刷新页面查看当前状态。"


class ReasonMissing(BadInput):
    """The act needs a reason."""

    code = "ledgers.ReasonMissing"
    what = "必须写明原因。"
    where = "字段“原因”"
    todo = "请填写原因后再提交。"


class NothingChosen(BadInput):
    """A bulk act was asked for without rows or without anything to change."""

    code = "ledgers.NothingChosen"
    what = "没有选中任何记录，或没有填写要修改的内容。"
    todo = "请先勾选记录，再填写至少一项要修改的内容。"


class SomeOutOfReach(Conflict):
    """Some rows of a bulk act are absent or may not be changed; nothing was changed."""

    code = "ledgers.SomeOutOfReach"
    status = 403
    what = "选中的 %(asked)s 条记录中有 %(missing)s 条不存在、已撤下或您无权修改，因此全部未作修改。"
    todo = "请刷新台账后重新勾选。"


class NotKeptByHand(Conflict):
    """The ledger is imported whole; its rows are only corrected."""

    code = "ledgers.NotKeptByHand"
    what = "台账“%(ledger)s”整批导入自其他系统，不能这样修改。"
    where = "台账“%(ledger)s”"
    todo = "个别差错请用“更正”办理；整体更新请重新导入。"


class NotASnapshot(Conflict):
    """The ledger is kept by hand; it has no snapshots."""

    code = "ledgers.NotASnapshot"
    what = "台账“%(ledger)s”逐条登记，没有整批快照。"
    where = "台账“%(ledger)s”"
    todo = "请直接修改记录，或用导入功能逐条写入。"


class BadSnapshot(BadInput):
    """A file cannot be taken as a snapshot of the ledger."""

    code = "ledgers.BadSnapshot"
    what = "文件不能作为台账“%(ledger)s”的快照：%(reason)s。"
    where = "台账“%(ledger)s”"
    todo = "请重新导入；如仍失败，请把编号告诉系统管理员。"


class CannotUndo(Conflict):
    """A batch cannot be taken back, since rows were changed after it."""

    code = "ledgers.CannotUndo"
    what = "不能撤销“%(label)s”：%(reason)s。"
    where = "批次“%(label)s”"
    todo = "请核对相关记录的历史，逐条处理。"


class BadQuery(BadInput):
    """A filter, order or grouping cannot be used."""

    code = "ledgers.BadQuery"
    what = "不能按“%(label)s”筛选、排序或分组：%(reason)s。"
    where = "字段“%(label)s”"
    todo = "请换一个条件；个人信息字段须有查看权限才能作为条件。"


class AlreadyReader(Conflict):
    """The person is named for the ledger already, or the ledger names nobody."""

    code = "ledgers.AlreadyReader"
    what = "%(name)s 不能被指定查阅“%(ledger)s”：%(reason)s。"
    where = "台账“%(ledger)s”"
    todo = "请刷新名单后核对。"


class TooManyForWorkbook(BadInput):
    """More rows were asked for than a workbook is good for."""

    code = "ledgers.TooManyForWorkbook"
    what = "符合条件的有 %(rows)s 条，超过一个 Excel 工作簿的上限 %(most)s 条，没有导出。"
    where = "台账“%(ledger)s”"
    todo = "请缩小范围，或改用文本表格（.csv）导出。"


class ExportBroke(ZhenggaiError):
    """A file could not be made in the background."""

    code = "ledgers.ExportBroke"
    what = "导出时出错，没有生成文件。"
    where = "台账 %(ledger)s"
    todo = "请重新导出；仍不行时告诉系统管理员。"


class BadDeclaration(BadInput):
    """The text of a declaration has mistakes; ``problems`` has each with its line."""

    code = "ledgers.BadDeclaration"
    what = "台账声明有 %(count)s 处需要改正，没有保存。"
    where = "%(file)s"
    todo = "请按所列行号改正后再保存，原来的声明仍然有效。"

    problems: tuple[Problem, ...] = ()
    """In the order of their lines."""

    @classmethod
    def of(cls, file: str, problems: Sequence[Problem]) -> BadDeclaration:
        """Return the error that tells of all *problems* of a file."""
        error = cls(file=file, count=len(problems))
        error.problems = tuple(problems)
        return error


class NotOwnDeclaration(Conflict):
    """The declaration is none of the office's own, or would open what only those who name people may open."""

    code = "ledgers.NotOwnDeclaration"
    what = "不能这样修改台账“%(ledger)s”的声明：%(reason)s。"
    where = "台账“%(ledger)s”"
    todo = "自带台账的调整请写成“extends”；查阅范围由安全保密管理员决定。"


class CannotDraw(BadInput):
    """Nothing can be drawn so: no rows, no such draw, or numbers that make no sense."""

    code = "ledgers.CannotDraw"
    what = "不能抽取“%(label)s”：%(reason)s。"
    where = "抽取“%(label)s”"
    todo = "请调整期间、比例或件数后重试。"


class PoolTooSmall(Conflict):
    """For some rows everybody in the pool has to stand aside, or nobody knows the matter."""

    code = "ledgers.PoolTooSmall"
    what = "抽中的 %(count)s 件无人可派（%(listed)s）：“%(pool)s”中没有对应类别的人员，或全部需要回避。没有抽取。"
    where = "台账“%(pool)s”"
    todo = "请补充相应类别的人员后重新留存种子并抽取。"


class SourceOutOfReach(Conflict):
    """The draw needs a ledger that the person may not read for that body."""

    code = "ledgers.SourceOutOfReach"
    status = 403
    what = "抽取要读取的台账中，有您不能查阅的：%(ledger)s。"
    where = "台账“%(ledger)s”"
    todo = "请由有权查阅该台账的人员办理，或申请相应权限。"


class DrawOver(Conflict):
    """The draw was carried out already."""

    code = "ledgers.DrawOver"
    what = "“%(label)s”已经抽取过。"
    where = "抽取“%(label)s”"
    todo = "请刷新页面查看结果；需要再抽的，请另行留存种子。"


class FrameDiffers(Conflict):
    """The list recorded with the seed cannot be read again as it was."""

    code = "ledgers.FrameDiffers"
    what = "“%(label)s”的%(part)s与留存的指纹不符，没有抽取。"
    where = "抽取“%(label)s”"
    todo = "多因台账格式在留存之后调整过；请另行留存种子并抽取。"
