"""What can go wrong with letters, visits, checks and evaluations, in words."""

from __future__ import annotations

from zhenggai.kit.errors import BadInput, Conflict, DeclarationError


class LetterNotOpen(Conflict):
    """The letter does not stand where the move may start."""

    code = "oversight.LetterNotOpen"
    what = "函件“%(title)s”现为“%(state)s”，不能“%(move)s”。"
    where = "函件“%(title)s”"
    todo = "请刷新页面，按当前状态办理。"


class ChangedMeanwhile(Conflict):
    """Someone else saved the same paper while it was being edited."""

    code = "oversight.ChangedMeanwhile"
    what = "“%(title)s”在您打开后已被他人修改，您的修改没有写入。"
    where = "“%(title)s”"
    todo = "请复制您的内容，刷新页面后重新修改。"


class OwnDraft(Conflict):
    """Drafter and signer would be the same person."""

    code = "oversight.OwnDraft"
    what = "函件“%(title)s”由您起草或送签，不能由您签发。"
    where = "函件“%(title)s”"
    todo = "请由其他有签发权限的人员签发。"


class LetterStale(Conflict):
    """Findings in the letter were settled since it was drafted."""

    code = "oversight.LetterStale"
    what = "函件“%(title)s”所列问题已有变化：%(changed)s。未签发，函件没有编号。"
    where = "函件“%(title)s”"
    todo = "请退回起草人核对正文，更新后重新送签。"


class NoRecipient(BadInput):
    """A letter goes to nobody."""

    code = "oversight.NoRecipient"
    what = "函件“%(title)s”没有主送单位或人员。"
    where = "字段“主送”"
    todo = "请至少选择一个单位或一名人员。"


class NotRecipient(Conflict):
    """The letter was not sent to the person or their unit, or it was received or answered already."""

    code = "oversight.NotRecipient"
    what = "函件“%(title)s”不能由您“%(move)s”：%(reason)s。"
    where = "函件“%(title)s”"
    todo = "请由主送单位负责人或收件人本人办理。"


class ReplyMissing(Conflict):
    """A letter is closed only when everybody answered."""

    code = "oversight.ReplyMissing"
    what = "函件“%(title)s”还有 %(count)s 个收件方没有回复，不能办结。"
    where = "函件“%(title)s”"
    todo = "请催办回复；确不需要回复的，在办结说明中写明理由。"


class TextMissing(BadInput):
    """Something has to be said in words."""

    code = "oversight.TextMissing"
    what = "请填写“%(label)s”。"
    where = "字段“%(label)s”"
    todo = "写明后重新提交，其他内容没有丢失。"


class BadValue(BadInput):
    """A field holds something that cannot be taken."""

    code = "oversight.BadValue"
    what = "“%(label)s”不能填“%(value)s”：%(reason)s。"
    where = "字段“%(label)s”"
    todo = "请改正后重新提交，其他内容没有丢失。"


class OwnWork(Conflict):
    """The checker took part in the work that is checked."""

    code = "oversight.OwnWork"
    what = "“%(title)s”的整改由%(who)s参与办理，不能由本人核查。"
    where = "问题“%(title)s”"
    todo = "请由没有参与办理的人员核查。"


class CheckNotOpen(Conflict):
    """The check is not in a state that permits this."""

    code = "oversight.CheckNotOpen"
    what = "对“%(title)s”的核查现为“%(state)s”，不能“%(move)s”。"
    where = "核查“%(title)s”"
    todo = "请刷新页面查看当前状态。"


class CannotReopen(Conflict):
    """What the check found, or where the finding stands, gives no ground to reopen it."""

    code = "oversight.CannotReopen"
    what = "“%(title)s”不能据此重新整改：%(reason)s。"
    where = "问题“%(title)s”"
    todo = "请核对核查结论和问题当前环节。"


class NothingToDraw(BadInput):
    """The population is empty, or too small for what is asked."""

    code = "oversight.NothingToDraw"
    what = "不能抽取：%(reason)s。"
    where = "抽查范围"
    todo = "请调整范围或数量后重新抽取。"


class EvaluationNotOpen(Conflict):
    """The evaluation is closed or withdrawn."""

    code = "oversight.EvaluationNotOpen"
    what = "评估“%(title)s”现为“%(state)s”，不能“%(move)s”。"
    where = "评估“%(title)s”"
    todo = "请刷新页面查看当前状态。"


class EvaluationUnscored(Conflict):
    """No judge has handed in marks."""

    code = "oversight.EvaluationUnscored"
    what = "评估“%(title)s”只有 %(count)s 名评委提交评分，至少需要 %(least)s 名。"
    where = "评估“%(title)s”"
    todo = "请等评委提交评分后再定评。"


class JudgeInvolved(Conflict):
    """The judge answers for what is evaluated."""

    code = "oversight.JudgeInvolved"
    what = "%(name)s在被评估单位任职或承办该单位的整改，不能担任评委。"
    where = "评估“%(title)s”"
    todo = "请由没有参与该单位整改的人员评分。"


class BadScheme(DeclarationError):
    """A scheme of scoring, a formula, a check sheet or a wording cannot be used."""

    code = "oversight.BadScheme"
    what = "“%(place)s”无法使用：%(reason)s。"
    where = "%(place)s"
    todo = "请改正该文件，或恢复随软件提供的版本。"
