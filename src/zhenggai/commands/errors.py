"""What can go wrong on the command line."""

from __future__ import annotations

from zhenggai.kit.errors import BadFile, BadInput, Conflict, NotFound, ZhenggaiError


class PendingMigrations(Conflict):
    """The database is of an older version."""

    code = "commands.PendingMigrations"
    what = "数据库有 %(count)s 步更新尚未执行，不能启动。"
    todo = "请先运行 zhenggai backup 备份，再运行 zhenggai migrate 更新，然后重新启动。"


class PortInUse(Conflict):
    """The server cannot listen there."""

    code = "commands.PortInUse"
    what = "无法监听 %(host)s:%(port)s：%(reason)s。"
    where = "参数 --host、--port"
    todo = "请停止占用该端口的程序，或用 --port 换一个端口（make demo 用 PORT=8001）。"


class NobodyCalled(NotFound):
    """No account has this name."""

    code = "commands.NobodyCalled"
    what = "没有用户名为“%(username)s”的账号。"
    where = "参数 用户名"
    todo = "请核对用户名。"


class AlreadySetUp(Conflict):
    """The three officers exist already."""

    code = "commands.AlreadySetUp"
    what = "系统中已有账号，不能再次初始化。"
    todo = "请由系统管理员在页面上新建账号，由安全管理员授予岗位。"


class BadBackup(BadFile):
    """A file that is not a whole backup of this program."""

    code = "commands.BadBackup"
    what = "备份文件不能使用：%(reason)s。"
    where = "文件：%(name)s"
    todo = "请换一份备份文件；可用 sha256sum 与备份时打印的哈希值核对。"


class BackupFailed(ZhenggaiError):
    """A backup or restore could not be finished."""

    code = "commands.BackupFailed"
    what = "备份或恢复没有完成：%(reason)s。"
    todo = "请检查磁盘空间、权限和数据库工具（pg_dump、pg_restore）后重试；原有数据没有改动。"


class WouldOverwrite(Conflict):
    """There is something where the result would go."""

    code = "commands.WouldOverwrite"
    what = "“%(place)s”已有内容，没有覆盖。"
    where = "%(place)s"
    todo = "请换一个位置；恢复时如确需替换现有数据，请加 --replace（原数据会移到旁边保留）。"


class BadDate(BadInput):
    """A day on the command line that is none."""

    code = "commands.BadDate"
    what = "“%(value)s”不是日期。"
    where = "参数 %(argument)s"
    todo = "请写成 2025-06-30 的样子。"


class NoSuchRule(BadInput):
    """A rule on the command line that no ledger declares."""

    code = "commands.NoSuchRule"
    what = "没有规则“%(rule)s”。"
    where = "参数 --explain"
    todo = "规则的代码用 zhenggai rules run 或台账的“规则”页查看；几本台账有同名规则时，写成“台账.规则”。"


class NoSuchLedger(BadInput):
    """A ledger on the command line that no pack declares."""

    code = "commands.NoSuchLedger"
    what = "没有代码为“%(ledger)s”的台账。"
    where = "参数 --ledger"
    todo = "台账的代码用 zhenggai packs list 查看，例如：%(near)s。"


class BadDeadlineArgument(BadInput):
    """Something asked of a time limit on the command line that cannot be read."""

    code = "commands.BadDeadlineArgument"
    what = "参数 %(argument)s 的值“%(value)s”无法使用：%(reason)s。"
    where = "参数 %(argument)s"
    todo = "请改正后重试；写法见 zhenggai deadline --help。"
