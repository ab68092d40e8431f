"""Names that several papers share."""

from __future__ import annotations

from zhenggai.reports.names import Name, many, number, text

BASE: tuple[Name, ...] = (
    text("title", "标题", "关于巡察整改进展情况的报告"),
    text("unit", "单位名称", "示例市人民检察院"),
    text("round", "巡察轮次", "2024年市委巡察整改"),
    text("inspecting_body", "巡察机构", "市委第三巡察组"),
    text("feedback_on", "反馈日期", "2024年7月18日"),
    text("today", "今天的日期", "2025年1月16日"),
    text("department", "所选部门，未选时为空", "第一检察部"),
    text("period", "所选期间", "2025年1月6日至1月12日"),
    text("signature", "署名", "示例市人民检察院巡察整改工作领导小组办公室"),
)
COUNTS: tuple[Name, ...] = (
    number("total", "问题数"), number("completed", "已完成"), number("phased", "阶段性完成"), number("long_term", "长期坚持"),
    number("in_review", "审核中"), number("ongoing", "正在整改"), number("extended", "延期办理"), number("overdue", "超期未完"),
    number("returned", "退回补正"), number("reopened", "重新整改"), number("not_completed", "未完成"), number("unknown", "未说明"),
    number("open", "尚未完成的合计"), number("late", "超过时限的（与状态另计）"),
    text("status_line", "各状态一句话，分项之和等于问题数", "共3个问题，其中已完成2个、正在整改1个"),
    text("completed_rate", "完成率", "66.67%"),
    number("measures_total", "措施数"), number("measures_completed", "已完成的措施数"), text("measures_rate", "措施完成率", "50.00%"),
)  # fmt: skip
MEASURE: tuple[Name, ...] = (
    number("no", "措施序号", 1), text("text", "整改措施"), text("nature", "性质（当下改、长久立）"), text("criterion", "完成标准"),
    text("leader", "责任领导"), text("department", "责任部门"), text("assist", "配合部门"), text("owner", "责任人"),
    text("due", "整改时限", "2024-12-31"), text("status", "状态"), text("progress", "整改进展"),
)  # fmt: skip
FINDING: tuple[Name, ...] = (
    number("index", "连续序号", 1), text("no", "问题编号", "1"), text("number", "层次序号", "（一）"), text("aspect", "方面"),
    text("title", "问题"), text("description", "具体表现"), text("unit", "单位"), text("leader", "责任领导"),
    text("department", "责任部门"), text("assist", "配合部门"), text("owner", "责任人"), text("due", "整改时限（表格用）", "2024-12-31"), text("due_prose", "整改时限（行文用）", "2024年12月31日"),
    text("closed_prose", "销号日期（行文用）", "2024年12月30日"), text("criteria", "整改目标"), text("status", "状态"), text("closed_on", "销号日期", "2024-12-30"),
    Name("is_late", "是否超期", False), text("measures_text", "全部措施，一条一行"), text("progress_text", "全部进展，一条一行"),
    many("measures", "措施", *MEASURE),
)  # fmt: skip
FINDINGS = many("findings", "问题", *FINDING)
GROUP_COUNTS: tuple[Name, ...] = (
    number("total", "问题数"), number("completed", "已完成"), number("phased", "阶段性完成"), number("long_term", "长期坚持"),
    number("open", "尚未完成"), number("late", "超过时限"),
)  # fmt: skip
ASPECTS = many("aspects", "方面", text("number", "层次序号", "一、"), text("title", "方面"), *GROUP_COUNTS, FINDINGS)
DEPARTMENTS = many("departments", "责任部门", text("name", "部门"), *GROUP_COUNTS)
TASKS = many("tasks", "措施（逐条）", number("index", "连续序号", 1), text("title", "问题"), *MEASURE)
