"""What can be wrong with a file that is to be kept, or was."""

from __future__ import annotations

from zhenggai.kit.errors import BadFile, ZhenggaiError


class NoBytes(BadFile):
    """Nothing came."""

    code = "files.NoBytes"
    what = "文件是空的。"
    where = "文件：%(name)s"
    todo = "请确认文件有内容、上传没有中断，再重新选择。"


class TooLarge(BadFile):
    """More bytes than the limit; nothing is kept."""

    code = "files.TooLarge"
    status = 413
    what = "文件超过上限 %(limit)s，没有保存。"
    where = "文件：%(name)s"
    todo = "请压缩其中的图片或拆成几份；上限由系统管理员在环境变量 ZHENGGAI_MAX_UPLOAD_MB 中设定。"


class ForbiddenType(BadFile):
    """A program, which has no place among evidence."""

    code = "files.ForbiddenType"
    status = 415
    what = "文件内容是可执行程序，不能保存。"
    where = "文件：%(name)s"
    todo = "请只上传文书、表格、图片、音视频和压缩包。"


class FileMissing(ZhenggaiError):
    """The row is there, the bytes are not."""

    code = "files.FileMissing"
    what = "文件“%(name)s”的内容不在存储中。"
    where = "文件：%(name)s"
    todo = "请告知系统管理员运行 zhenggai files check，并从备份恢复 files 目录。"


class CannotStore(ZhenggaiError):
    """The disk is full or not writable."""

    code = "files.CannotStore"
    status = 507
    what = "文件“%(name)s”无法写入磁盘：%(reason)s。"
    where = "文件：%(name)s"
    todo = "请告知系统管理员检查数据目录的剩余空间和权限，然后重新上传。"


class NoPreview(BadFile):
    """The kind of file cannot be shown in the browser."""

    code = "files.NoPreview"
    status = 415
    what = "“%(name)s”不能在浏览器中预览。"
    where = "文件：%(name)s"
    todo = "请下载后查看。"
