"""What can be wrong with a file that someone wants read.

    BadFile (kit)
    └── UnreadableFile          every refusal of this room; slot ``name``
        ├── NoSuchFile, NotAFile, EmptyFile, TooLarge
        ├── UnknownType, NotADocument, NotATable, Undecodable
        ├── Corrupt, Encrypted, DangerousArchive, DangerousXml, TooDeep, TooMuch
        ├── Scanned, ConverterMissing, ConversionFailed
        └── ReaderFailed, ReadingTimedOut, ReadingOutOfMemory, ReadingCrashed

:func:`error_from` rebuilds an error from its code and slots, for a result that crossed a process border.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from zhenggai.kit.errors import BadFile

_LONGEST_NAME = 120


def clean_name(name: str) -> str:
    """Return *name* fit for a message: no folders, no control or direction characters, at most 120 characters."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    kept = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp", "Co"))
    kept = kept.strip()
    return kept if len(kept) <= _LONGEST_NAME else kept[:80] + "…" + kept[-30:]


class UnreadableFile(BadFile):
    """A file that this room refuses."""

    code = "docparse.UnreadableFile"
    what = "文件无法读取。"
    where = "文件：%(name)s"
    todo = "请换一份文件再试。"

    def __init__(self, **slots: Any) -> None:
        """Keep *slots*; ``name`` is cleaned for display and may be left out."""
        slots["name"] = clean_name(str(slots.get("name", ""))) or "（未命名）"
        super().__init__(**slots)


class NoSuchFile(UnreadableFile):
    """There is nothing at the path, or it may not be opened."""

    code = "docparse.NoSuchFile"
    status = 404
    what = "找不到文件，或没有权限打开。"
    todo = "请核对路径和文件权限。"


class NotAFile(UnreadableFile):
    """The path names a folder or a device."""

    code = "docparse.NotAFile"
    what = "这不是一个普通文件。"
    todo = "请指定一个文件；要读整个文件夹，请在命令行直接给出文件夹。"


class EmptyFile(UnreadableFile):
    """No bytes, or no words."""

    code = "docparse.EmptyFile"
    what = "文件是空的，没有任何文字。"
    todo = "请确认上传或保存时没有中断，再重新选择文件。"


class TooLarge(UnreadableFile):
    """More bytes than the limit; refused before reading."""

    code = "docparse.TooLarge"
    status = 413
    what = "文件大小 %(size)s，超过上限 %(limit)s。"
    todo = "请删去文件里的图片、附件，或拆成几份后再导入。"


class UnknownType(UnreadableFile):
    """Bytes of no known format."""

    code = "docparse.UnknownType"
    status = 415
    what = "无法识别文件的类型：内容不是任何受支持的格式。"
    todo = "请提供 docx、xlsx、xls、html、txt、csv、tsv 或带文字层的 pdf 文件。"


class NotADocument(UnreadableFile):
    """A known format that carries no text we read: a picture, an archive, a program …"""

    code = "docparse.NotADocument"
    status = 415
    what = "文件的内容是%(kind)s，不是可以读取的文书。"
    todo = "请提供 docx、xlsx、xls、html、txt、csv、tsv 或带文字层的 pdf 文件；压缩包请先解压，图片请先识别为文字。"


class NotATable(UnreadableFile):
    """Where a table is asked for: a file that holds none, whatever its name says."""

    code = "docparse.NotATable"
    status = 415
    what = "文件的内容不是表格。"
    todo = "请提供 xlsx、xls、ods、csv、tsv 或 parquet 文件；其他文件请先另存为其中一种，只改文件名没有用。"


class Undecodable(UnreadableFile):
    """Text in an encoding that cannot be told."""

    code = "docparse.Undecodable"
    what = "无法判断文本的编码，文字会成为乱码。"
    todo = "请用记事本另存为 UTF-8 编码后再导入。"


class Corrupt(UnreadableFile):
    """Damaged or cut off."""

    code = "docparse.Corrupt"
    what = "文件已损坏或不完整：%(reason)s。"
    todo = "请重新下载或重新导出；若能用办公软件打开，请另存一份再试。"


class Encrypted(UnreadableFile):
    """Protected by a password."""

    code = "docparse.Encrypted"
    what = "文件有密码保护，无法打开。"
    todo = "请用办公软件打开，取消密码后另存，再导入；请勿导入涉密文件。"


class DangerousArchive(UnreadableFile):
    """An archive built to exhaust memory or disk."""

    code = "docparse.DangerousArchive"
    what = "文件展开后异常庞大（%(reason)s），疑似压缩炸弹，已拒绝读取。"
    todo = "请核实文件来源；若文件可信，请用办公软件另存一份再试。"


class DangerousXml(UnreadableFile):
    """XML that declares entities or a document type, which office files never do."""

    code = "docparse.DangerousXml"
    what = "文件内部含有不应出现的实体声明，已拒绝读取。"
    todo = "请核实文件来源；若文件可信，请用办公软件另存一份再试。"


class TooDeep(UnreadableFile):
    """Nesting beyond any real document."""

    code = "docparse.TooDeep"
    what = "文件的结构嵌套过深（%(reason)s），已拒绝读取。"
    todo = "请把内容粘贴到新文件后另存，再导入。"


class TooMuch(UnreadableFile):
    """More cells, pages or characters than one document may have."""

    code = "docparse.TooMuch"
    status = 413
    what = "文件内容过多：%(amount)s，上限为 %(limit)s。"
    todo = "请只保留需要导入的工作表或章节，或拆成几份后再导入。"


class Scanned(UnreadableFile):
    """A PDF made of pictures."""

    code = "docparse.Scanned"
    what = "这份 PDF 是扫描件，只有图像，没有文字层。"
    todo = "请用识别软件转成文字后再导入，或向印发单位索取电子版。"


class ConverterMissing(UnreadableFile):
    """An old format whose conversion needs LibreOffice, which is not installed."""

    code = "docparse.ConverterMissing"
    status = 415
    what = "读取 %(format)s 格式需要 LibreOffice，本机没有安装。"
    todo = "请用办公软件另存为 docx 或 xlsx 后再导入，或请系统管理员安装 LibreOffice。"


class ConversionFailed(UnreadableFile):
    """LibreOffice could not convert the file."""

    code = "docparse.ConversionFailed"
    what = "LibreOffice 未能转换这份 %(format)s 文件：%(reason)s。"
    todo = "请用办公软件打开后另存为 docx 或 xlsx，再导入。"


class ReaderFailed(UnreadableFile):
    """A reader met something it did not foresee: a defect of ours or of a plug-in."""

    code = "docparse.ReaderFailed"
    status = 500
    what = "读取程序处理这份文件时出错（%(reason)s）。"
    todo = "请把文件交给系统管理员反馈；也可另存为其他格式再试。"


class ReadingTimedOut(UnreadableFile):
    """The separate process took longer than allowed."""

    code = "docparse.ReadingTimedOut"
    what = "读取超过 %(seconds)s 秒仍未完成，已停止。"
    todo = "请拆成几份较小的文件，或另存一份后再试。"


class ReadingOutOfMemory(UnreadableFile):
    """The separate process needed more memory than allowed."""

    code = "docparse.ReadingOutOfMemory"
    what = "读取这份文件所需的内存超过上限，已停止。"
    todo = "请拆成几份较小的文件，或另存一份后再试。"


class ReadingCrashed(UnreadableFile):
    """The separate process ended without an answer."""

    code = "docparse.ReadingCrashed"
    what = "读取进程意外终止（%(reason)s），系统其他部分不受影响。"
    todo = "请用办公软件打开后另存一份再试；仍不行时把文件交给系统管理员。"


def _tree(root: type[UnreadableFile]) -> Iterator[type[UnreadableFile]]:
    yield root
    for child in root.__subclasses__():
        yield from _tree(child)


def error_from(code: str, slots: dict[str, Any]) -> UnreadableFile:
    """Return the error of class *code* with *slots*; an unknown code becomes :class:`ReadingCrashed`."""
    for cls in _tree(UnreadableFile):
        if cls.code == code:
            return cls(**slots)
    return ReadingCrashed(name=slots.get("name", ""), reason=code)
