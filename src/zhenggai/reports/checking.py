"""A Word template an office brings → what in it may not be used, each with its paragraph; nothing of it is run.

Only a small language is taken: names, their parts, comparisons, a few filters, loops over lists that have names, and
conditions.  What is not on the lists below is refused, so that no template can call, reach into objects, include
files, or loop beyond what the record holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from jinja2 import Environment, TemplateSyntaxError, nodes

from zhenggai.docparse.readers.archive import Archive
from zhenggai.docparse.readers.limits import MEBI, Limits
from zhenggai.gongwen.word_file import WordParagraph, WordTable, read_word
from zhenggai.reports.names import Name, by_name

MOST_BYTES = 5 * MEBI
_LIMITS = Limits(max_bytes=MOST_BYTES, max_unpacked=60 * MEBI, max_part=20 * MEBI, max_entries=400)
MOST_LOOPS = 3
"""Loops within loops."""
FILTERS = frozenset(
    {"join", "length", "count", "default", "first", "last", "trim", "truncate", "round", "int", "upper", "lower"}
)
TESTS = frozenset({"defined", "none", "equalto", "odd", "even", "in"})
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_HALF = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_PREFIX = re.compile(r"^\{%-?(?P<kind>p|tr|tc|r)?(?=\s)")
_OUT_PREFIX = re.compile(r"^\{\{(?:p|r|tr|tc)\s")
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
_FIELDS = frozenset(
    {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "TOC", "REF", "PAGEREF", "STYLEREF", "HYPERLINK", "TITLE"}
)
_FIELD = re.compile(rb"<w:instrText[^>]*>([^<]*)</w:instrText>|<w:fldSimple[^>]*w:instr=\"([^\"]*)\"")
_BESIDE = re.compile(r"word/(?:header|footer|footnotes|endnotes|comments)\w*\.xml|docprops/")
_XML_TAG = re.compile(r"<[^>]*>")
_LONGEST_MARK = 400
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const, nodes.For,
    nodes.If, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr, nodes.Filter, nodes.Test,
    nodes.Add, nodes.Sub, nodes.Concat, nodes.Neg,
)  # fmt: skip
_LOOP = Name(
    "loop", "", parts=tuple(Name(each, "") for each in ("index", "index0", "first", "last", "length", "revindex"))
)
_PARSER = Environment(autoescape=True)  # parses and never runs


@dataclass(frozen=True, slots=True)
class TemplateIssue:
    """One thing in a template that may not be used."""

    place: str
    """Where: the paragraph and its words."""
    found: str
    """The mark."""
    reason: str
    """Why, and what to do."""


@dataclass(frozen=True, slots=True)
class _Mark:
    text: str
    place: str


def check_template(content: bytes, names: tuple[Name, ...], name: str = "") -> tuple[TemplateIssue, ...]:
    """Return what in the .docx *content* may not be used as a template whose values have these *names*.

    Raises:
        UnreadableFile: it is no Word file, or asks for more than a template may.
    """
    issues = list(_parts(content, name))
    if not issues:
        marks = list(_marks(content, name, issues))
        issues += _Walk(names).check(marks)
    return tuple(issues)


def _parts(content: bytes, name: str) -> Iterator[TemplateIssue]:
    """Look at what the package carries beside words: programs, links to elsewhere, fields that fetch."""
    with Archive(content, name, _LIMITS) as archive:
        for member in archive.names:
            lower = member.lower()
            if (
                "vbaproject" in lower
                or "activex" in lower
                or "/embeddings/" in lower
                or lower.endswith((".bin", ".exe", ".js"))
            ):
                yield TemplateIssue(_("文件"), member, _("模板不能带宏、控件或嵌入对象，请删去后另存"))
            elif lower.endswith(".rels"):
                yield from _links(archive, member)
            elif lower.endswith(".xml") and not lower.startswith(("[content", "word/theme")):
                data = archive.read(member)
                if _BESIDE.search(lower) and _HALF.search(_XML_TAG.sub("", data.decode("utf-8", "replace"))):
                    yield TemplateIssue(_beside(lower), "", _("标记只能写在正文里，这里的请删去"))
                for match in _FIELD.finditer(data):
                    words = (match.group(1) or match.group(2) or b"").decode("utf-8", "replace").split()
                    if words and words[0].upper() not in _FIELDS and words[0].isascii() and words[0].isupper():
                        yield TemplateIssue(_("域"), words[0][:40], _("模板不能使用取自别处的域，请改为文字"))


def _beside(member: str) -> str:
    if "header" in member or "footer" in member:
        return _("页眉或页脚")
    return _("文件属性") if member.startswith("docprops/") else _("脚注或批注")


def _links(archive: Archive, member: str) -> Iterator[TemplateIssue]:
    for relation in archive.xml(member):
        kind = relation.get("Type", "").rpartition("/")[2]
        if relation.get("TargetMode") == "External" and kind != "hyperlink":
            yield TemplateIssue(
                _("文件"), (relation.get("Target") or "")[:60], _("模板不能引用文件之外的内容，请改为嵌入")
            )


def _marks(content: bytes, name: str, issues: list[TemplateIssue]) -> Iterator[_Mark]:
    file = read_word(content, name)
    if file.boxes:
        issues.append(TemplateIssue(_("文本框"), "", _("文本框里的内容不会出现在预览和PDF里，请改为普通段落")))
    for paragraph, place in _paragraphs(file.pieces):
        text = paragraph.text
        where = _("%(place)s“%(words)s”") % {"place": place, "words": _short(text)}
        for match in _TAG.finditer(text):
            yield _Mark(match.group(), where)
        if stray := _HALF.search(_TAG.sub("", text)):
            issues.append(
                TemplateIssue(
                    where,
                    stray.group(),
                    _("标记不完整：%(open)s要与%(close)s成对，并写在同一段里")
                    % {"open": "“{{”“{%”", "close": "“}}”“%}”"},
                )
            )


def _paragraphs(pieces: Iterable[object]) -> Iterator[tuple[WordParagraph, str]]:
    tables = 0
    for piece in pieces:
        if isinstance(piece, WordParagraph):
            yield piece, _("第%(number)s段") % {"number": piece.number}
        elif isinstance(piece, WordTable):
            tables += 1
            for row, cells in enumerate(piece.rows, start=1):
                for column, cell in enumerate(cells, start=1):
                    for paragraph in cell.paragraphs:
                        yield (
                            paragraph,
                            _("第%(table)s个表格第%(row)s行第%(column)s格")
                            % {"table": tables, "row": row, "column": column},
                        )


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 40 else flat[:40] + "…"


@dataclass(slots=True)
class _Open:
    """A loop or condition that is not closed yet."""

    word: str
    place: str
    variable: str = ""
    path: str = ""


class _Walk:
    """Goes through the marks in order with the names that hold at each place."""

    def __init__(self, names: tuple[Name, ...]) -> None:
        self._scopes: list[Mapping[str, Name]] = [by_name(names)]
        self._open: list[_Open] = []
        self._issues: list[TemplateIssue] = []

    def check(self, marks: Iterable[_Mark]) -> list[TemplateIssue]:
        for mark in marks:
            if mark.text.startswith("{#"):
                continue
            if len(mark.text) > _LONGEST_MARK:
                self._say(mark, _("标记过长，最多%(most)s字") % {"most": _LONGEST_MARK})
                continue
            text = mark.text.translate(_QUOTES)
            if text.startswith("{{"):
                self._output(mark, text)
            else:
                self._statement(mark, text)
        for each in self._open:
            self._say(_Mark(each.word, each.place), _("“%(word)s”没有对应的“end%(word)s”") % {"word": each.word})
        return self._issues

    def _say(self, mark: _Mark, reason: str) -> None:
        self._issues.append(TemplateIssue(mark.place, mark.text[:80], reason))

    def _output(self, mark: _Mark, text: str) -> None:
        if _OUT_PREFIX.match(text):
            self._say(mark, _("只能用“{{ 名称 }}”的形式"))
            return
        tree = self._parse(mark, text)
        if tree is not None:
            for node in tree.body:
                self._expression(mark, node)

    def _statement(self, mark: _Mark, text: str) -> None:
        prefix = _PREFIX.match(text)
        inner = text[prefix.end() : -2].strip(" -") if prefix else text[2:-2].strip(" -")
        word = inner.split(None, 1)[0] if inner else ""
        match word:
            case "for":
                self._enter(mark, inner)
            case "if":
                if tree := self._parse(mark, f"{{% {inner} %}}{{% endif %}}"):
                    self._expression(mark, tree.body[0])
                self._open.append(_Open("if", mark.place))
            case "elif":
                if tree := self._parse(mark, f"{{% if {inner[4:]} %}}{{% endif %}}"):
                    self._expression(mark, tree.body[0])
                self._needs(mark, "if")
            case "else":
                self._needs(mark, "if")
            case "endif" | "endfor":
                self._leave(mark, word.removeprefix("end"))
            case _:
                self._say(
                    mark, _("模板不能使用“%(word)s”，只能用 for、if、elif、else 和对应的 end") % {"word": word or text}
                )

    def _needs(self, mark: _Mark, word: str) -> None:
        if not self._open or self._open[-1].word != word:
            self._say(mark, _("这里没有可对应的“%(word)s”") % {"word": word})

    def _leave(self, mark: _Mark, word: str) -> None:
        if not self._open or self._open[-1].word != word:
            self._say(mark, _("“end%(word)s”没有对应的“%(word)s”，或交叉嵌套") % {"word": word})
            return
        if self._open.pop().word == "for":
            self._scopes.pop()

    def _enter(self, mark: _Mark, inner: str) -> None:
        opened = _Open("for", mark.place)
        scope: dict[str, Name] = dict(self._scopes[-1])
        tree = self._parse(mark, f"{{% {inner} %}}{{% endfor %}}")
        loop = tree.body[0] if tree and tree.body else None
        if isinstance(loop, nodes.For):
            found = self._resolve(mark, loop.iter)
            opened.path = _path(loop.iter)
            if not isinstance(loop.target, nodes.Name):
                self._say(mark, _("循环只能写成“for 名称 in 列表”"))
            elif found is not None and not found.many:
                self._say(mark, _("“%(path)s”不是列表，不能循环") % {"path": opened.path})
            else:
                name = loop.target.name
                opened.variable = name
                if loop.test is not None or loop.recursive or loop.else_:
                    self._say(mark, _("循环只能写成“for 名称 in 列表”"))
                scope[name] = Name(name, "", parts=found.parts if found else ())
                scope["loop"] = _LOOP
            self._bound(mark, opened)
        self._scopes.append(scope)
        self._open.append(opened)

    def _bound(self, mark: _Mark, opened: _Open) -> None:
        around = [each for each in self._open if each.word == "for"]
        if len(around) >= MOST_LOOPS:
            self._say(mark, _("循环最多嵌套%(most)s层") % {"most": MOST_LOOPS})
        root = opened.path.split(".")[0]
        inside = {each.variable for each in around}
        if around and root not in inside:
            self._say(
                mark,
                _("内层循环只能取外层的内容，如“for m in %(outer)s.measures”") % {"outer": around[-1].variable or "x"},
            )

    def _parse(self, mark: _Mark, text: str) -> nodes.Template | None:
        try:
            return _PARSER.parse(text)
        except (TemplateSyntaxError, RecursionError) as error:
            reason = str(getattr(error, "message", "") or _("过于复杂"))
            self._say(mark, _("语法错误：%(reason)s") % {"reason": reason})
            return None

    def _expression(self, mark: _Mark, tree: nodes.Node) -> None:
        for node in _all(tree):
            if not isinstance(node, _ALLOWED):
                self._say(
                    mark, _("模板不能使用“%(kind)s”，只能取值、比较和使用所列的过滤器") % {"kind": type(node).__name__}
                )
                return
            if isinstance(node, nodes.Filter) and node.name not in FILTERS:
                self._say(
                    mark,
                    _("没有过滤器“%(name)s”，可用：%(filters)s")
                    % {"name": node.name, "filters": "、".join(sorted(FILTERS))},
                )
            elif isinstance(node, nodes.Test) and node.name not in TESTS:
                self._say(mark, _("没有判断“%(name)s”") % {"name": node.name})
        for node in _outermost(tree):
            self._resolve(mark, node)

    def _resolve(self, mark: _Mark, node: nodes.Node) -> Name | None:
        """Return the name that *node* stands for; what it is not is told, and None returned."""
        match node:
            case nodes.Name():
                found = self._scopes[-1].get(node.name)
                if found is None:
                    self._say(mark, _no_name(node.name, self._scopes[-1]))
                return found
            case nodes.Getattr(attr=part) | nodes.Getitem(arg=nodes.Const(value=str(part))):
                owner = self._resolve(mark, node.node)
                if owner is None:
                    return None
                parts = by_name(owner.parts)
                if owner.many or part not in parts:
                    self._say(mark, _no_part(_path(node.node), part, parts))
                    return None
                return parts[part]
            case nodes.Getitem(arg=nodes.Const(value=int())):
                owner = self._resolve(mark, node.node)
                return Name(owner.name, "", parts=owner.parts) if owner and owner.many else None
            case _:
                self._say(mark, _("循环只能取自有名称的列表"))
                return None


def _all(tree: nodes.Node) -> Iterator[nodes.Node]:
    yield tree
    for child in tree.iter_child_nodes():
        yield from _all(child)


def _outermost(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Yield the names and the whole paths of parts in *tree*, not the pieces of a path."""
    if isinstance(tree, nodes.Getattr | nodes.Getitem | nodes.Name):
        yield tree
        return
    for child in tree.iter_child_nodes():
        yield from _outermost(child)


def _path(node: nodes.Node) -> str:
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{_path(node.node)}.{node.attr}"
        case nodes.Getitem(arg=nodes.Const(value=value)):
            return f"{_path(node.node)}.{value}"
        case _:
            return "…"


def _no_name(word: str, known: Mapping[str, Name]) -> str:
    if near := _near(word, known):
        return _("没有“%(name)s”这个名称，是不是“%(near)s”") % {"name": word, "near": near}
    return _("没有“%(name)s”这个名称") % {"name": word}


def _no_part(owner: str, word: str, known: Mapping[str, Name]) -> str:
    if near := _near(word, known):
        return _("“%(owner)s”没有“%(part)s”，是不是“%(near)s”") % {"owner": owner, "part": word, "near": near}
    return _("“%(owner)s”没有“%(part)s”") % {"owner": owner, "part": word}


def _near(word: str, known: Mapping[str, Name]) -> str:
    """Return which of the *known* names was probably meant; empty when none is near."""
    return next((each for each in known if each and (each in word or word in each or _alike(each, word))), "")


def _alike(left: str, right: str) -> bool:
    if abs(len(left) - len(right)) > 2:
        return False
    return len(set(left) ^ set(right)) <= 2 and left[:2] == right[:2]
