"""What a role may do, as data: role → permission → scope.

Role codes, permission codes and scopes are stored or spoken of for ever; labels may change.  The page of the matrix
and ``docs/people.md`` are generated from the same table, and :mod:`zhenggai.people.access` is its only reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenggai.people.models import Unit


class Permission(StrEnum):
    """Something that may be done."""

    VIEW_FINDINGS = "findings.view"
    EDIT_FINDINGS = "findings.edit"
    ASSIGN_FINDINGS = "findings.assign"
    ATTACH_TO_FINDINGS = "findings.attach"
    EXPORT_FINDINGS = "findings.export"
    IMPORT = "intake.import"
    PLAN = "workflow.plan"
    APPROVE_PLAN = "workflow.approve_plan"
    WORK = "workflow.work"
    REVIEW = "workflow.review"
    EXTEND = "workflow.extend"
    REOPEN = "workflow.reopen"
    HAND_OVER = "workflow.hand_over"
    MANAGE_POLICY = "policy.manage"
    VIEW_OVERSIGHT = "oversight.view"
    MANAGE_OVERSIGHT = "oversight.manage"
    SIGN_LETTERS = "oversight.sign"
    INSPECT = "oversight.inspect"
    EVALUATE = "oversight.evaluate"
    MANAGE_OUTCOMES = "outcomes.manage"
    MANAGE_REFERRALS = "referrals.manage"
    HANDLE_CLUES = "referrals.clues"
    VIEW_LEDGERS = "ledgers.view"
    KEEP_LEDGERS = "ledgers.keep"
    IMPORT_LEDGERS = "ledgers.import"
    READ_PERSONAL = "ledgers.personal"
    DECLARE_LEDGERS = "ledgers.declare"
    RUN_RULES = "watch.run"
    HANDLE_ALERTS = "watch.handle"
    DISMISS_ALERTS = "watch.dismiss"
    SET_RULES = "watch.set_rules"
    WRITE_REPORTS = "reports.write"
    MANAGE_TEMPLATES = "reports.templates"
    VIEW_NOTICES = "notices.view"
    WRITE_NOTICES = "notices.write"
    APPROVE_NOTICES = "notices.approve"
    PUBLISH_NOTICES = "notices.publish"
    OVERRIDE_NOTICES = "notices.override"
    HANDLE_ANSWERS = "answers.handle"
    VIEW_PEOPLE = "people.view"
    MANAGE_PEOPLE = "people.manage"
    ASSIGN_POSTS = "people.assign_posts"
    READ_TRAIL = "audit.read"
    OPERATE = "system.operate"


PERMISSION_LABELS: Mapping[Permission, Promise] = {
    Permission.VIEW_FINDINGS: _("查看问题"),
    Permission.EDIT_FINDINGS: _("修改问题"),
    Permission.ASSIGN_FINDINGS: _("分派责任"),
    Permission.ATTACH_TO_FINDINGS: _("上传附件"),
    Permission.EXPORT_FINDINGS: _("导出台账"),
    Permission.IMPORT: _("导入文件"),
    Permission.PLAN: _("编制整改方案"),
    Permission.APPROVE_PLAN: _("批准整改方案"),
    Permission.WORK: _("办理整改"),
    Permission.REVIEW: _("审核整改"),
    Permission.EXTEND: _("审批延期"),
    Permission.REOPEN: _("撤销销号与重新整改"),
    Permission.HAND_OVER: _("移交整改责任"),
    Permission.MANAGE_POLICY: _("维护规则参数"),
    Permission.VIEW_OVERSIGHT: _("查看督导与成效"),
    Permission.MANAGE_OVERSIGHT: _("起草函件与督导安排"),
    Permission.SIGN_LETTERS: _("签发函件"),
    Permission.INSPECT: _("回头看与抽查"),
    Permission.EVALUATE: _("整改评估"),
    Permission.MANAGE_OUTCOMES: _("登记会议、制度与问责"),
    Permission.MANAGE_REFERRALS: _("登记交办与共性问题"),
    Permission.HANDLE_CLUES: _("办理问题线索"),
    Permission.VIEW_LEDGERS: _("查看业务台账"),
    Permission.KEEP_LEDGERS: _("登记业务台账"),
    Permission.IMPORT_LEDGERS: _("导入业务台账"),
    Permission.READ_PERSONAL: _("查看未遮盖的个人信息"),
    Permission.DECLARE_LEDGERS: _("设计台账格式"),
    Permission.RUN_RULES: _("运行台账规则"),
    Permission.HANDLE_ALERTS: _("处理预警与预警函件"),
    Permission.DISMISS_ALERTS: _("排除预警"),
    Permission.SET_RULES: _("设定台账规则"),
    Permission.WRITE_REPORTS: _("编制报告与文书"),
    Permission.MANAGE_TEMPLATES: _("维护文书模板"),
    Permission.VIEW_NOTICES: _("查看通报"),
    Permission.WRITE_NOTICES: _("编写通报"),
    Permission.APPROVE_NOTICES: _("审批通报"),
    Permission.PUBLISH_NOTICES: _("发布与撤回通报"),
    Permission.OVERRIDE_NOTICES: _("说明理由后放行通报"),
    Permission.HANDLE_ANSWERS: _("办理公众意见"),
    Permission.VIEW_PEOPLE: _("查看单位与人员"),
    Permission.MANAGE_PEOPLE: _("管理单位与账号"),
    Permission.ASSIGN_POSTS: _("授予岗位与解锁"),
    Permission.READ_TRAIL: _("查看与校验操作日志"),
    Permission.OPERATE: _("系统运维"),
}


class Scope(StrEnum):
    """How far a permission reaches."""

    ALL = "all"
    """Every unit of this installation."""
    UNIT = "unit"
    """The body the post belongs to (the post's unit, or for a department the organisation around it) and all below."""
    CHARGE = "charge"
    """The departments and units the post is in charge of, and what the person leads."""
    DEPARTMENT = "department"
    """What the post's department leads or assists with, and what the person leads or owns."""
    OWN = "own"
    """What the person leads or owns."""
    FILED = "filed"
    """Of the bodies the post is in charge of, what was filed with it."""


SCOPE_LABELS: Mapping[Scope, Promise] = {
    Scope.ALL: _("全部单位"),
    Scope.UNIT: _("本单位及下属单位"),
    Scope.CHARGE: _("分管范围"),
    Scope.DEPARTMENT: _("本部门牵头或配合"),
    Scope.OWN: _("本人牵头或负责"),
    Scope.FILED: _("监督范围内已报备的"),
}

_BODIES = (Unit.Kind.ORGANISATION, Unit.Kind.GRASSROOTS)
_BODIES_AND_DEPARTMENTS = (*_BODIES, Unit.Kind.DEPARTMENT)


@dataclass(frozen=True, slots=True)
class Role:
    """One role."""

    code: str
    """Stored in ``Post.role``."""
    label: Promise
    """What people call it."""
    note: Promise
    """What it is for, in a sentence."""
    grants: Mapping[Permission, Scope]
    """Permission → scope; what is not listed is not allowed."""
    unit_kinds: tuple[str, ...] = field(default=_BODIES_AND_DEPARTMENTS)
    """Kinds of unit in which the role can be held."""
    officer: bool = False
    """One of the three officers, who hold no other role."""
    has_charges: bool = False
    """Whether posts of the role name what they are in charge of."""


_VIEW, _EDIT, _ASSIGN = Permission.VIEW_FINDINGS, Permission.EDIT_FINDINGS, Permission.ASSIGN_FINDINGS
_ATTACH, _EXPORT, _PEOPLE = Permission.ATTACH_TO_FINDINGS, Permission.EXPORT_FINDINGS, Permission.VIEW_PEOPLE
_WORK, _REVIEW, _SEE = Permission.WORK, Permission.REVIEW, Permission.VIEW_OVERSIGHT
_READS = {Permission.VIEW_LEDGERS: Scope.UNIT}
"""What everybody with a post may do with the ledgers of their own body and below."""
_KEEPS = {**_READS, Permission.KEEP_LEDGERS: Scope.UNIT, Permission.READ_PERSONAL: Scope.UNIT}
"""What those who enter rows may do."""
_IMPORTS = {**_KEEPS, Permission.IMPORT_LEDGERS: Scope.UNIT}
_DECLARES = {**_IMPORTS, Permission.DECLARE_LEDGERS: Scope.UNIT}
_LEADS = {
    Permission.APPROVE_PLAN: Scope.UNIT,
    _REVIEW: Scope.UNIT,
    Permission.EXTEND: Scope.UNIT,
    Permission.REOPEN: Scope.UNIT,
    _SEE: Scope.UNIT,
    Permission.SIGN_LETTERS: Scope.UNIT,
    Permission.HANDLE_CLUES: Scope.UNIT,
    Permission.HANDLE_ALERTS: Scope.UNIT,
    Permission.DISMISS_ALERTS: Scope.UNIT,
}
"""What those who answer for the whole body may do in the loop."""
_REPORT, _READ_NOTICES = Permission.WRITE_REPORTS, Permission.VIEW_NOTICES
_ANSWERS_FOR_NOTICES = {
    _REPORT: Scope.UNIT,
    _READ_NOTICES: Scope.UNIT,
    Permission.APPROVE_NOTICES: Scope.UNIT,
    Permission.OVERRIDE_NOTICES: Scope.UNIT,
}
"""What those who sign the public notice may do with it: never write it."""
_WRITES_NOTICES = {
    _REPORT: Scope.UNIT,
    Permission.MANAGE_TEMPLATES: Scope.UNIT,
    _READ_NOTICES: Scope.UNIT,
    Permission.WRITE_NOTICES: Scope.UNIT,
    Permission.PUBLISH_NOTICES: Scope.UNIT,
    Permission.HANDLE_ANSWERS: Scope.UNIT,
}
"""What those who write the reports and the public notice may do: never approve them."""
_RUN, _HANDLE, _DISMISS = Permission.RUN_RULES, Permission.HANDLE_ALERTS, Permission.DISMISS_ALERTS
_SUPERVISES = {
    _REVIEW: Scope.UNIT,
    Permission.REOPEN: Scope.UNIT,
    _SEE: Scope.UNIT,
    Permission.INSPECT: Scope.UNIT,
    Permission.EVALUATE: Scope.UNIT,
}
"""What those who verify may do: never what they verify."""

_DECLARED = (
    Role(
        "first_responsible_person",
        _("第一责任人"),
        _("党组书记、检察长，对整改负总责：看全部，定责任。"),
        {
            _VIEW: Scope.UNIT,
            _ASSIGN: Scope.UNIT,
            _EXPORT: Scope.UNIT,
            _PEOPLE: Scope.UNIT,
            **_LEADS,
            **_READS,
            **_ANSWERS_FOR_NOTICES,
        },
        _BODIES,
    ),
    Role(
        "executive_deputy",
        _("常务副组长"),
        _("领导小组常务副组长，分管日常工作的副职：看全部，定责任。"),
        {
            _VIEW: Scope.UNIT,
            _ASSIGN: Scope.UNIT,
            _EXPORT: Scope.UNIT,
            _PEOPLE: Scope.UNIT,
            **_LEADS,
            **_READS,
            **_ANSWERS_FOR_NOTICES,
        },
        _BODIES,
    ),
    Role(
        "leader_in_charge",
        _("分管领导"),
        _("班子成员，对分管部门和条线的整改负责。"),
        {
            _VIEW: Scope.CHARGE,
            _ASSIGN: Scope.CHARGE,
            _ATTACH: Scope.CHARGE,
            _EXPORT: Scope.CHARGE,
            _PEOPLE: Scope.UNIT,
            _REVIEW: Scope.CHARGE,
            Permission.EXTEND: Scope.CHARGE,
            _SEE: Scope.UNIT,
            **_READS,
            _HANDLE: Scope.CHARGE,
            _REPORT: Scope.CHARGE,
            _READ_NOTICES: Scope.UNIT,
        },
        _BODIES,
        has_charges=True,
    ),
    Role(
        "leading_group_member",
        _("领导小组成员"),
        _("巡察整改工作领导小组成员：看全部，不改动。"),
        {
            _VIEW: Scope.UNIT,
            _EXPORT: Scope.UNIT,
            _PEOPLE: Scope.UNIT,
            _SEE: Scope.UNIT,
            **_READS,
            _READ_NOTICES: Scope.UNIT,
        },
    ),
    Role(
        "rectification_office",
        _("整改办"),
        _("整改工作办公室：导入文件、维护台账、分派责任、汇总导出。"),
        {
            _VIEW: Scope.UNIT,
            _EDIT: Scope.UNIT,
            _ASSIGN: Scope.UNIT,
            _ATTACH: Scope.UNIT,
            _EXPORT: Scope.UNIT,
            Permission.IMPORT: Scope.UNIT,
            _PEOPLE: Scope.UNIT,
            Permission.PLAN: Scope.UNIT,
            _REVIEW: Scope.UNIT,
            Permission.HAND_OVER: Scope.UNIT,
            Permission.MANAGE_POLICY: Scope.UNIT,
            _SEE: Scope.UNIT,
            Permission.MANAGE_OVERSIGHT: Scope.UNIT,
            Permission.MANAGE_OUTCOMES: Scope.UNIT,
            Permission.MANAGE_REFERRALS: Scope.UNIT,
            **_DECLARES,
            _RUN: Scope.UNIT,
            _HANDLE: Scope.UNIT,
            _DISMISS: Scope.UNIT,
            Permission.SET_RULES: Scope.UNIT,
            **_WRITES_NOTICES,
        },
    ),
    Role(
        "department_head",
        _("部门负责人"),
        _("牵头或配合部门的负责人：看本部门的问题，交佐证。"),
        {
            _VIEW: Scope.DEPARTMENT,
            _ATTACH: Scope.DEPARTMENT,
            _EXPORT: Scope.DEPARTMENT,
            _PEOPLE: Scope.UNIT,
            _WORK: Scope.DEPARTMENT,
            _REVIEW: Scope.DEPARTMENT,
            **_KEEPS,
            _HANDLE: Scope.DEPARTMENT,
            _REPORT: Scope.DEPARTMENT,
        },
        (Unit.Kind.DEPARTMENT,),
    ),
    Role(
        "owner",
        _("责任人"),
        _("具体承办的人：看本人负责的问题，交佐证。"),
        {_VIEW: Scope.OWN, _ATTACH: Scope.OWN, _WORK: Scope.OWN, **_READS},
    ),
    Role(
        "case_management_clerk",
        _("案管人员"),
        _("案件管理部门经办人：看本部门牵头或配合的问题，交佐证。"),
        {
            _VIEW: Scope.DEPARTMENT,
            _ATTACH: Scope.DEPARTMENT,
            _EXPORT: Scope.DEPARTMENT,
            _WORK: Scope.DEPARTMENT,
            **_DECLARES,
            _RUN: Scope.UNIT,
            _HANDLE: Scope.UNIT,
        },
        (Unit.Kind.DEPARTMENT,),
    ),
    Role(
        "supervision_group",
        _("督促组"),
        _("巡察整改督促工作领导小组：看全部、做核验，从不改动。"),
        {
            _VIEW: Scope.UNIT,
            _EXPORT: Scope.UNIT,
            _PEOPLE: Scope.UNIT,
            **_SUPERVISES,
            **_READS,
            _READ_NOTICES: Scope.UNIT,
        },
    ),
    Role(
        "discipline_group",
        _("驻院纪检监察组"),
        _("派驻纪检监察组：看全部，开展日常监督，办理问题线索。"),
        {
            _VIEW: Scope.UNIT,
            _EXPORT: Scope.UNIT,
            _PEOPLE: Scope.UNIT,
            **_SUPERVISES,
            Permission.HANDLE_CLUES: Scope.UNIT,
            Permission.MANAGE_REFERRALS: Scope.UNIT,
            **_READS,
            Permission.READ_PERSONAL: Scope.UNIT,
            _READ_NOTICES: Scope.UNIT,
        },
    ),
    Role(
        "grassroots_chief",
        _("基层院检察长"),
        _("基层单位主要负责人：看本单位的问题，定责任，审本单位的整改。"),
        {
            _VIEW: Scope.UNIT,
            _ASSIGN: Scope.UNIT,
            _EXPORT: Scope.UNIT,
            _PEOPLE: Scope.UNIT,
            _REVIEW: Scope.UNIT,
            **_READS,
            _HANDLE: Scope.UNIT,
            _DISMISS: Scope.UNIT,
            **_ANSWERS_FOR_NOTICES,
        },
        (Unit.Kind.GRASSROOTS,),
    ),
    Role(
        "grassroots_liaison",
        _("基层院联络员"),
        _("基层单位联络员：看本单位的问题，交佐证。"),
        {
            _VIEW: Scope.UNIT,
            _ATTACH: Scope.UNIT,
            _EXPORT: Scope.UNIT,
            _PEOPLE: Scope.UNIT,
            _WORK: Scope.UNIT,
            **_IMPORTS,
            _HANDLE: Scope.UNIT,
        },
        (Unit.Kind.GRASSROOTS,),
    ),
    Role(
        "inspection_office",
        _("巡察办"),
        _("上级巡察机构：看其监督的单位已报备的内容，只读。"),
        {_VIEW: Scope.FILED, _EXPORT: Scope.FILED},
        (Unit.Kind.EXTERNAL,),
        has_charges=True,
    ),
    Role(
        "system_admin",
        _("系统管理员"),
        _("三员之一：管单位、账号和运维；不能授权，看不到日志和业务。"),
        {Permission.VIEW_PEOPLE: Scope.ALL, Permission.MANAGE_PEOPLE: Scope.ALL, Permission.OPERATE: Scope.ALL},
        officer=True,
    ),
    Role(
        "security_admin",
        _("安全管理员"),
        _("三员之一：授予岗位、解锁账号；不能建账号，看不到日志和业务。"),
        {Permission.VIEW_PEOPLE: Scope.ALL, Permission.ASSIGN_POSTS: Scope.ALL},
        officer=True,
    ),
    Role(
        "auditor",
        _("安全审计员"),
        _("三员之一：查看、校验、导出操作日志；其他一概不能。"),
        {Permission.READ_TRAIL: Scope.ALL},
        officer=True,
    ),
)

ROLES: Mapping[str, Role] = {role.code: role for role in _DECLARED}
OFFICERS = frozenset(role.code for role in _DECLARED if role.officer)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One role in the displayed matrix."""

    role: Role
    """The role."""
    cells: tuple[tuple[Permission, Scope | None], ...]
    """Every permission in the order of :class:`Permission`, with its scope or ``None``."""


def matrix() -> tuple[MatrixRow, ...]:
    """Return the whole matrix, roles in declared order."""
    return tuple(MatrixRow(role, tuple((p, role.grants.get(p)) for p in Permission)) for role in _DECLARED)
