"""Imports as the worker leaves them, read in this process."""

from __future__ import annotations

from itertools import count

from tests.factories.files import make_file
from zhenggai.docparse import read_document, understand
from zhenggai.findings.models import InspectionRound
from zhenggai.intake.drafts import draft_of
from zhenggai.intake.models import Import
from zhenggai.people.models import Unit, User

_numbers = count(1)

NOTICE = """中共示例市人民检察院党组关于巡察整改进展情况的通报
根据市委统一部署,2024年3月7日至5月10日,市委第三巡察组对示例市人民检察院党组开展了常规巡察。2024年7月18日,市委第三巡察组反馈了巡察意见。\
截至2025年1月16日,反馈的4个问题中,已完成整改2个,阶段性完成2个。
一、理论学习方面
(一)关于“理论学习不系统”的问题
1.制定年度学习计划,每月开展集中学习。
2.建立学习台账并按季通报。
(二)关于“联系实际不紧密”的问题
1.组织专题调研三次,形成报告三份。
二、内部管理方面
(一)关于“公务用车管理不严”的问题
1.修订公务用车管理办法,严格派车审批。
(二)关于“固定资产账实不符”的问题
1.开展资产清查,补登资产42件。
2.明确专人管理,按月核对。
"""

PLAN = """示例市人民检察院巡察整改方案
2024年7月18日,市委第三巡察组反馈了巡察意见,现制定整改方案如下。
一、理论学习方面
(一)理论学习不系统
整改措施:
1.完善党组理论学习中心组学习制度。
2.每季度检查一次学习情况。
责任领导:周启明
责任部门:政治部
责任人:段红
整改时限:2024年10月31日
二、内部管理方面
(一)公务用车管理不严
整改措施:
1.修订公务用车管理办法,严格派车审批。
2.安装定位系统并按月核对里程。
责任领导:周启明
责任部门:办公室
责任人:段红
整改时限:2024年12月底前
"""


def make_import(
    text: str = NOTICE,
    *,
    unit: Unit,
    user: User,
    name: str = "",
    round_: InspectionRound | None = None,
) -> Import:
    """Return an import whose draft waits to be checked."""
    name = name or f"通报{next(_numbers)}.txt"
    document = read_document(text.encode(), name=name)
    return Import.objects.create(
        file=make_file(text.encode(), name=name),
        name=name,
        unit=unit,
        round=round_,
        state=Import.State.READ,
        text=document.text,
        draft=draft_of(understand(document)),
        draft_version=1,
        uploaded_by=user,
    )
