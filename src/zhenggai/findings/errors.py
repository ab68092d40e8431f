"""What can go wrong with the record, in words."""

from __future__ import annotations

from zhenggai.kit.errors import BadFile, BadInput, Conflict


class BadValue(BadInput):
    """A field cannot take the value."""

    code = "findings.BadValue"
    what = "“%(label)s”不能填“%(value)s”：%(reason)s。"
    where = "字段“%(label)s”"
    todo = "请改正该字段后重新保存，其他内容未受影响。"


class UnknownField(BadInput):
    """There is no such field to change here."""

    code = "findings.UnknownField"
    what = "没有名为“%(field)s”的可修改字段。"
    where = "字段 %(field)s"
    todo = "请刷新页面后重试。"


class ChangedMeanwhile(Conflict):
    """Someone else changed the finding after it was opened."""

    code = "findings.ChangedMeanwhile"
    what = "第 %(no)s 项“%(title)s”在您打开之后已被修改：%(changes)s。您的修改没有保存。"
    where = "问题“%(title)s”"
    todo = "请重新打开该问题，核对他人的修改后再保存。"


class IsWithdrawn(Conflict):
    """The finding or measure was taken off the ledger."""

    code = "findings.IsWithdrawn"
    what = "“%(title)s”已从台账撤下，不能修改。"
    where = "问题“%(title)s”"
    todo = "如需继续办理，请先恢复该问题。"


class Governed(Conflict):
    """The field moves only with the loop, once the plan is approved."""

    code = "findings.Governed"
    what = "“%(title)s”已按批准的整改方案办理，“%(label)s”不能直接修改。"
    where = "问题“%(title)s”"
    todo = "状态随提交、审核、销号变化；时限请通过延期申请调整。"


class NotWithdrawn(Conflict):
    """What should be restored stands on the ledger."""

    code = "findings.NotWithdrawn"
    what = "“%(title)s”没有被撤下，无需恢复。"
    where = "问题“%(title)s”"
    todo = "请刷新页面查看当前状态。"


class NothingChosen(BadInput):
    """A bulk act was asked for without findings or without anything to change."""

    code = "findings.NothingChosen"
    what = "没有选中任何问题，或没有填写要修改的内容。"
    todo = "请先勾选问题，再填写至少一项要修改的内容。"


class SomeOutOfReach(Conflict):
    """Some findings of a bulk act are absent or may not be changed; nothing was changed."""

    code = "findings.SomeOutOfReach"
    status = 403
    what = "选中的 %(asked)s 个问题中有 %(missing)s 个不存在、已撤下或您无权修改，因此全部未作修改。"
    todo = "请刷新台账后重新勾选。"


class ReasonMissing(BadInput):
    """Taking something off the ledger needs a reason."""

    code = "findings.ReasonMissing"
    what = "撤下问题必须写明原因。"
    where = "字段“原因”"
    todo = "请填写原因（例如：重复导入）后再提交。"


class RoundNameTaken(Conflict):
    """The unit already has a round of that name."""

    code = "findings.RoundNameTaken"
    what = "单位“%(unit)s”已有名为“%(name)s”的巡察轮次。"
    where = "字段“轮次名称”"
    todo = "请选用已有轮次，或换一个名称。"


class BadWorkbook(BadFile):
    """The workbook cannot be read as a ledger."""

    code = "findings.BadWorkbook"
    what = "无法把文件作为问题台账读取：%(reason)s。"
    where = "%(place)s"
    todo = "请使用本系统导出的 Excel 文件修改后再上传，不要改动表头。"


class WorkbookEmpty(BadInput):
    """The workbook would change nothing."""

    code = "findings.WorkbookEmpty"
    what = "文件中没有可以应用的修改。"
    todo = "请核对文件内容；被拒绝的行已在预览中逐行列出原因。"


class WorkbookApplied(Conflict):
    """The previewed workbook was applied before."""

    code = "findings.WorkbookApplied"
    what = "这次预览的表格已经应用过，没有重复写入。"
    todo = "请到台账核对结果；如需再次应用，请重新上传并预览。"
