"""Names that are stored for ever: audit codes of this room."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COURSE_SET = "workflow.course_set"
PLAN_OPENED = "workflow.plan_opened"
PLAN_SUBMITTED = "workflow.plan_submitted"
PLAN_RETURNED = "workflow.plan_returned"
PLAN_APPROVED = "workflow.plan_approved"
PLAN_FILED = "workflow.plan_filed"
STARTED = "workflow.started"
PROGRESS_WRITTEN = "workflow.progress_written"
PROGRESS_WITHDRAWN = "workflow.progress_withdrawn"
MEASURE_DONE = "workflow.measure_done"
MEASURE_UNDONE = "workflow.measure_undone"
EVIDENCE_ADDED = "workflow.evidence_added"
EVIDENCE_REPLACED = "workflow.evidence_replaced"
EVIDENCE_LINKED = "workflow.evidence_linked"
EVIDENCE_UNLINKED = "workflow.evidence_unlinked"
EVIDENCE_WITHDRAWN = "workflow.evidence_withdrawn"
CRITERION_ADDED = "workflow.criterion_added"
CRITERION_WITHDRAWN = "workflow.criterion_withdrawn"
CRITERION_CONFIRMED = "workflow.criterion_confirmed"
CRITERION_UNCONFIRMED = "workflow.criterion_unconfirmed"
CONDITION_ADDED = "workflow.condition_added"
CONDITION_HOLDS = "workflow.condition_holds"
CONDITION_LAPSED = "workflow.condition_lapsed"
CONDITION_UNKNOWN = "workflow.condition_unknown"
SUBMITTED = "workflow.submitted"
SUBMISSION_WITHDRAWN = "workflow.submission_withdrawn"
COSIGNED = "workflow.cosigned"
LEVEL_PASSED = "workflow.level_passed"
STEPPED_BACK = "workflow.stepped_back"
RETURNED = "workflow.returned"
CLOSED = "workflow.closed"
CLOSE_OUT_FILED = "workflow.close_out_filed"
PHASED = "workflow.phased"
LONG_TERM = "workflow.long_term"
REVOKED = "workflow.revoked"
REOPENED = "workflow.reopened"
EXTENSION_ASKED = "workflow.extension_asked"
EXTENSION_WITHDRAWN = "workflow.extension_withdrawn"
EXTENSION_GRANTED = "workflow.extension_granted"
EXTENSION_REFUSED = "workflow.extension_refused"
HANDED_OVER = "workflow.handed_over"

AUDIT_CODES: dict[str, str | Promise] = {
    COURSE_SET: _("设定轮次规则"),
    PLAN_OPENED: _("编制整改方案"),
    PLAN_SUBMITTED: _("提交整改方案"),
    PLAN_RETURNED: _("退回整改方案"),
    PLAN_APPROVED: _("批准整改方案"),
    PLAN_FILED: _("报备整改方案"),
    STARTED: _("启动整改"),
    PROGRESS_WRITTEN: _("填报进展"),
    PROGRESS_WITHDRAWN: _("撤回进展"),
    MEASURE_DONE: _("措施完成"),
    MEASURE_UNDONE: _("撤销措施完成"),
    EVIDENCE_ADDED: _("提交佐证"),
    EVIDENCE_REPLACED: _("更新佐证"),
    EVIDENCE_LINKED: _("引用佐证"),
    EVIDENCE_UNLINKED: _("取消引用佐证"),
    EVIDENCE_WITHDRAWN: _("撤下佐证"),
    CRITERION_ADDED: _("增加销号标准"),
    CRITERION_WITHDRAWN: _("取消销号标准"),
    CRITERION_CONFIRMED: _("确认达到标准"),
    CRITERION_UNCONFIRMED: _("撤销达标确认"),
    CONDITION_ADDED: _("增加台账条件"),
    CONDITION_HOLDS: _("台账条件达到"),
    CONDITION_LAPSED: _("台账条件未达到"),
    CONDITION_UNKNOWN: _("台账条件无法判断"),
    SUBMITTED: _("提交审核"),
    SUBMISSION_WITHDRAWN: _("撤回提交"),
    COSIGNED: _("会签"),
    LEVEL_PASSED: _("审核通过"),
    STEPPED_BACK: _("退回下级复核"),
    RETURNED: _("退回补正"),
    CLOSED: _("销号"),
    CLOSE_OUT_FILED: _("报备销号"),
    PHASED: _("确认阶段性完成"),
    LONG_TERM: _("转入长期坚持"),
    REVOKED: _("撤销销号"),
    REOPENED: _("重新整改"),
    EXTENSION_ASKED: _("申请延期"),
    EXTENSION_WITHDRAWN: _("撤回延期申请"),
    EXTENSION_GRANTED: _("批准延期"),
    EXTENSION_REFUSED: _("不批准延期"),
    HANDED_OVER: _("移交责任"),
}
"""Audit code → words."""
