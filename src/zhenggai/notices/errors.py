"""What can go wrong with notices, in words."""

from __future__ import annotations

from zhenggai.kit.errors import BadInput, Conflict, DeclarationError, NotAllowed


class BadWording(DeclarationError):
    """The shipped words of notices or a numbering style lack something."""

    code = "notices.BadWording"
    what = "通报文字模板写错了：%(reason)s。"
    where = "%(place)s"
    todo = "请确认安装完整（重新运行 make setup），仍不行时把这段话告诉开发者。"


class NothingToReport(Conflict):
    """The round holds no problem that a notice could tell of."""

    code = "notices.NothingToReport"
    what = "“%(round)s”还没有反馈问题，无法编写通报。"
    where = "巡察轮次“%(round)s”"
    todo = "请先导入反馈意见或整改方案并确认入账。"


class NoticeOpen(Conflict):
    """The round has a notice that is not published yet."""

    code = "notices.NoticeOpen"
    what = "“%(round)s”已有一份通报在办（%(state)s），没有另起新稿。"
    where = "通报“%(title)s”"
    todo = "请继续办理该通报；不再需要的，先将其作废。"


class BadMove(Conflict):
    """The notice is not in a state that permits this."""

    code = "notices.BadMove"
    what = "通报现为“%(state)s”，不能%(move)s，操作没有生效。"
    where = "通报“%(title)s”"
    todo = "请刷新页面查看最新状态。"


class ChangedMeanwhile(Conflict):
    """Somebody else saved the notice after the person opened it."""

    code = "notices.ChangedMeanwhile"
    what = "您打开后，%(who)s已保存了第%(version)s版，您的修改没有保存。"
    where = "通报“%(title)s”第%(version)s版"
    todo = "您输入的文字仍在下方：请对照最新版，把需要的改动并入后再保存。"


class OwnNotice(NotAllowed):
    """The person wrote the notice and cannot approve it."""

    code = "notices.OwnNotice"
    what = "%(who)s参与了编写这份通报，不能自行审批。"
    where = "通报“%(title)s”"
    todo = "请由没有参与编写的负责人审批。"


class NotReady(Conflict):
    """Something in the notice must be mended before it can go on."""

    code = "notices.NotReady"
    what = "通报还不能%(move)s：%(issues)s。"
    where = "通报“%(title)s”"
    todo = "请逐项处理；确有理由的，由有放行权限的负责人说明理由后放行。"


class FigureMoved(Conflict):
    """The figure does not stand where the person saw it."""

    code = "notices.FigureMoved"
    what = "“%(quote)s”已不在原处，没有绑定。"
    where = "通报“%(title)s”"
    todo = "请刷新页面，在最新文字上重新选择。"


class NoSuchSource(BadInput):
    """A figure was to be bound to something that does not exist."""

    code = "notices.NoSuchSource"
    what = "没有这样的数字来源：%(source)s。"
    where = "数字来源"
    todo = "请从列出的计数、指标中选择。"


class NoSuchStyle(BadInput):
    """The numbering style is none."""

    code = "notices.NoSuchStyle"
    what = "没有“%(style)s”这种编号样式。"
    where = "编号样式"
    todo = "请从列出的样式中选择。"


class EvidenceMissing(BadInput):
    """A statement was to be vouched for without any evidence."""

    code = "notices.EvidenceMissing"
    what = "有佐证的陈述须至少指明一份佐证材料。"
    where = "佐证材料"
    todo = "请勾选佐证材料，或者上传一份文件。"


class TextMissing(BadInput):
    """A reason or text is needed."""

    code = "notices.TextMissing"
    what = "“%(label)s”不能为空。"
    where = "%(label)s"
    todo = "请填写后重试。"


class BadValue(BadInput):
    """A value cannot be taken."""

    code = "notices.BadValue"
    what = "“%(label)s”的值“%(value)s”不能用：%(reason)s。"
    where = "%(label)s"
    todo = "请改正后重试。"


class NothingToOverride(Conflict):
    """There is nothing that a reason could let pass."""

    code = "notices.NothingToOverride"
    what = "没有可以放行的事项，放行没有生效。"
    where = "通报“%(title)s”"
    todo = "审批、遮蔽等事项不能放行，须逐项处理。"


class NotPublished(Conflict):
    """What was to be withdrawn is not public."""

    code = "notices.NotPublished"
    what = "这份通报没有公开，或者已经撤回。"
    where = "通报“%(title)s”"
    todo = "请刷新页面查看最新状态。"


class SettingsChanged(Conflict):
    """Somebody else changed the settings of notices after the person opened them."""

    code = "notices.SettingsChanged"
    what = "您打开后，他人已修改“%(unit)s”的通报设置，您的修改没有保存。"
    where = "单位“%(unit)s”"
    todo = "请刷新页面，对照最新设置后再改。"
