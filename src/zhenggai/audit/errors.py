"""What can be wrong with the trail."""

from __future__ import annotations

from zhenggai.kit.errors import BadInput, ZhenggaiError


class TrailIsAppendOnly(ZhenggaiError):
    """Something tried to change or remove an entry."""

    code = "audit.TrailIsAppendOnly"
    what = "操作日志只能追加，不能修改或删除。"
    todo = "请把编号告诉系统管理员，由其查明是哪项程序试图改动日志。"


class HeadMissing(ZhenggaiError):
    """There are entries but no head of the chain: the database was tampered with or badly restored."""

    code = "audit.HeadMissing"
    what = "操作日志的链头记录丢失，无法继续记录，操作已全部撤回。"
    todo = "请停止使用，运行 zhenggai audit verify 查明断点，并从备份恢复。"


class BadAnchor(BadInput):
    """An anchor that is not ``sequence:hash``."""

    code = "audit.BadAnchor"
    what = "校验锚点“%(value)s”的写法不对。"
    where = "参数 --anchor"
    todo = "请写成“序号:哈希值”，即上次校验时抄录的那一行。"
