"""Word file (.docx, .docm) → Document."""

from __future__ import annotations

from zhenggai.docparse.document import Document
from zhenggai.docparse.errors import Corrupt
from zhenggai.docparse.readers.archive import Archive
from zhenggai.docparse.readers.assemble import Assembler
from zhenggai.docparse.readers.base import Source
from zhenggai.docparse.readers.limits import Limits
from zhenggai.docparse.readers.word.body import BodyReader
from zhenggai.docparse.readers.word.names import w
from zhenggai.docparse.readers.word.numbering import Numbering
from zhenggai.docparse.readers.word.package import Package
from zhenggai.docparse.readers.word.runs import Tally
from zhenggai.docparse.readers.word.styles import Styles


class WordReader:
    """Reads WordprocessingML; headers, footers and comments are not content."""

    name = "docx"
    kinds = ("docx",)

    def read(self, source: Source, limits: Limits) -> Document:
        """Return the text of the final version, with automatic numbers as labels."""
        with Archive(source.data, source.name, limits) as archive:
            package = Package(archive)
            data = package.main_bytes()
            root = package.parse(data, package.main)
            body = root.find(w("body"))
            if body is None:
                raise Corrupt(name=source.name, reason="正文部分没有内容")
            out = Assembler(source, limits)
            tally = Tally()
            numbering = Numbering(lambda: package.related("numbering"))
            styles = Styles(package.related_bytes("styles"), source.name)
            reader = BodyReader(data, root, styles, numbering, out, limits, source.name, tally)
            reader.walk(body)
            if reader.references:
                reader.notes({"footnote": package.related("footnotes"), "endnote": package.related("endnotes")})
            _remark(out, tally, package.has_macros())
            return out.document("docx", title=package.core_title())


def _remark(out: Assembler, tally: Tally, macros: bool) -> None:
    if tally.inserted or tally.deleted or tally.moved:
        out.note(
            "tracked_changes",
            f"文件里有未接受的修订：保留插入 {tally.inserted} 处，略去删除 {tally.deleted} 处，"
            f"移动 {tally.moved} 处按新位置读取。",
            hint="请确认这是定稿；如不是，请接受或拒绝修订后重新导入。",
        )
    if tally.hidden:
        shown = "、".join(text[:30] for text in tally.hidden[:5] if text.strip())
        out.note(
            "hidden_text", f"有 {len(tally.hidden)} 处隐藏文字未读入：{shown}", hint="请核对隐藏文字是否应当出现。"
        )
    if macros:
        out.note("macros_ignored", "文件带有宏，读取时没有运行，也没有读入。", hint="请核实文件来源。")
    if tally.comments:
        out.note("comments_ignored", f"有 {tally.comments} 处批注未读入。")
    if tally.contents:
        out.note("contents_skipped", f"目录共 {tally.contents} 行未读入。")
    if tally.boxes:
        out.note("text_boxes", f"有 {tally.boxes} 个文本框，其文字排在所在段落之后。")
    if tally.pictures:
        out.note(
            "pictures_skipped",
            f"有 {tally.pictures} 张图片或对象，其中的文字无法读取。",
            hint="如图片里有正文，请先识别为文字。",
        )
