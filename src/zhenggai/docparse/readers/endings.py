"""The ending of a file's name beside what its content turned out to be."""

from __future__ import annotations

from zhenggai.docparse.document import Note

_PLAIN = frozenset({"txt", "text", "csv", "tsv", "tab", "log", "md"})
_PAGE = frozenset({"html", "htm", "xhtml", "shtml", "mht", "mhtml"})
_FITTING: dict[str, frozenset[str]] = {
    "txt": _PLAIN,
    "csv": _PLAIN,
    "tsv": _PLAIN,
    "html": _PAGE,
    "mht": _PAGE,
    "docx": frozenset({"docx", "docm", "dotx", "dotm", "wps"}),
    "doc": frozenset({"doc", "dot", "wps"}),
    "wps": frozenset({"wps", "doc"}),
    "rtf": frozenset({"rtf", "doc"}),
    "odt": frozenset({"odt", "fodt"}),
    "xlsx": frozenset({"xlsx", "xlsm", "xltx", "xltm", "et"}),
    "xlsb": frozenset({"xlsb"}),
    "xls": frozenset({"xls", "xlt", "et"}),
    "ods": frozenset({"ods", "fods"}),
    "pdf": frozenset({"pdf"}),
}
_KNOWN = frozenset().union(*_FITTING.values())


def ending_remark(ending: str, kind: str) -> Note | None:
    """Return a note when a name ends in the manner of another kind of file; the content was believed."""
    fitting = _FITTING.get(kind)
    if fitting is None or ending not in _KNOWN or ending in fitting:
        return None
    return Note(
        "ending_differs",
        f"文件名以 .{ending} 结尾，内容却是 {kind} 格式，已按内容读取。",
        hint="请核对是否选对了文件。",
    )
