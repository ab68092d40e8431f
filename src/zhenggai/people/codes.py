"""Audit codes of this room; for ever."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUDIT_CODES: dict[str, str | Promise] = {
    "people.unit_created": _("设立单位"),
    "people.unit_moved": _("调整单位隶属"),
    "people.unit_renamed": _("单位更名"),
    "people.unit_closed": _("撤销单位"),
    "people.user_created": _("新建账号"),
    "people.user_deactivated": _("停用账号"),
    "people.user_reactivated": _("启用账号"),
    "people.password_reset": _("重置密码"),
    "people.password_changed": _("修改密码"),
    "people.password_change_failed": _("修改密码时当前密码有误"),
    "people.user_unlocked": _("解除锁定"),
    "people.name_locked": _("连续登录失败，锁定用户名"),
    "people.address_blocked": _("登录失败过多，暂停网络地址"),
    "people.post_granted": _("授予岗位"),
    "people.post_ended": _("终止岗位"),
    "people.charges_set": _("设置分管范围"),
    "people.email_set": _("修改邮箱"),
    "people.deputy_appointed": _("指定代理"),
    "people.deputy_ended": _("结束代理"),
    "people.signed_in": _("登录"),
    "people.sign_in_failed": _("登录失败"),
    "people.signed_out": _("退出"),
    "people.session_ended": _("结束会话"),
}
