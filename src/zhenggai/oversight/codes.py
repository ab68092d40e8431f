"""Names that are stored for ever: audit codes of this room."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LETTER_DRAFTED = "oversight.letter_drafted"
LETTER_CHANGED = "oversight.letter_changed"
LETTER_SUBMITTED = "oversight.letter_submitted"
LETTER_SENT_BACK = "oversight.letter_sent_back"
LETTER_ISSUED = "oversight.letter_issued"
LETTER_RECEIVED = "oversight.letter_received"
LETTER_REPLIED = "oversight.letter_replied"
REPLY_RETURNED = "oversight.reply_returned"
LETTER_CLOSED = "oversight.letter_closed"
LETTER_WITHDRAWN = "oversight.letter_withdrawn"
REGISTER_EXPORTED = "oversight.register_exported"
VISIT_RECORDED = "oversight.visit_recorded"
VISIT_CHANGED = "oversight.visit_changed"
VISIT_TASK_DONE = "oversight.visit_task_done"
CHECK_PLANNED = "oversight.check_planned"
CHECK_ASSIGNED = "oversight.check_assigned"
CHECK_DONE = "oversight.check_done"
CHECK_CANCELLED = "oversight.check_cancelled"
CHECK_REOPENED = "oversight.check_reopened"
DRAWN = "oversight.drawn"
POPULATION_EXPORTED = "oversight.population_exported"
EVALUATION_OPENED = "oversight.evaluation_opened"
EVALUATION_SCORED = "oversight.evaluation_scored"
DISCREPANCY_FOUND = "oversight.discrepancy_found"
DISCREPANCY_WITHDRAWN = "oversight.discrepancy_withdrawn"
EVALUATION_CLOSED = "oversight.evaluation_closed"
EVALUATION_WITHDRAWN = "oversight.evaluation_withdrawn"
SURVEY_RECORDED = "oversight.survey_recorded"
SURVEY_WITHDRAWN = "oversight.survey_withdrawn"

AUDIT_CODES: dict[str, str | Promise] = {
    LETTER_DRAFTED: _("起草函件"),
    LETTER_CHANGED: _("修改函件"),
    LETTER_SUBMITTED: _("送签函件"),
    LETTER_SENT_BACK: _("退回函件修改"),
    LETTER_ISSUED: _("签发函件"),
    LETTER_RECEIVED: _("签收函件"),
    LETTER_REPLIED: _("回复函件"),
    REPLY_RETURNED: _("退回函件回复"),
    LETTER_CLOSED: _("办结函件"),
    LETTER_WITHDRAWN: _("撤回函件"),
    REGISTER_EXPORTED: _("导出收发登记"),
    VISIT_RECORDED: _("登记督导检查"),
    VISIT_CHANGED: _("修改督导检查"),
    VISIT_TASK_DONE: _("完成督导任务"),
    CHECK_PLANNED: _("安排核查"),
    CHECK_ASSIGNED: _("指定核查人"),
    CHECK_DONE: _("登记核查结论"),
    CHECK_CANCELLED: _("取消核查"),
    CHECK_REOPENED: _("核查后重新整改"),
    DRAWN: _("随机抽取"),
    POPULATION_EXPORTED: _("导出抽样总体"),
    EVALUATION_OPENED: _("发起整改评估"),
    EVALUATION_SCORED: _("提交评分"),
    DISCREPANCY_FOUND: _("登记报告与事实不符"),
    DISCREPANCY_WITHDRAWN: _("撤销报告与事实不符"),
    EVALUATION_CLOSED: _("评估定评"),
    EVALUATION_WITHDRAWN: _("撤销评估"),
    SURVEY_RECORDED: _("登记满意度测评"),
    SURVEY_WITHDRAWN: _("撤销满意度测评"),
}
"""Audit code → words."""
