"""The kinds of claims, with the words that people read. What is stored is for ever: add, never rename."""

from __future__ import annotations

KINDS: dict[str, str] = {
    "share": "占比",
    "rate": "比率",
    "parts": "分项与合计",
    "standing": "各类状态与总数",
    "average": "平均数",
    "growth": "增减幅度",
    "multiple": "倍数",
    "points": "百分点",
    "unit_misuse": "单位误用",
    "restated": "同一数换算",
    "listed": "所列项数",
    "date_order": "日期先后",
    "duration": "起止与天数",
    "impossible_date": "不存在的日期",
    "mentioned_twice": "前后不一",
    "approximate": "约数",
    "damaged_count": "残缺的数字",
    "damaged_date": "残缺的日期",
    "impossible": "不可能的数值",
    "answered": "多于所提",
    "subset": "部分多于全体",
}
"""Code → words."""
