"""Reading a YAML file of a pack: plain values, and the line that each of them stands on.

Stricter than YAML: no anchors or aliases (a file of a few lines could grow without end), no tags, no repeated keys, bounded
size and depth.  Only ``true`` and ``false`` are booleans and a date stays text, so that ``no`` or ``on`` may be a field's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

LARGEST = 1_000_000
"""Characters that a file of a pack may have."""
DEEPEST = 30
"""Levels that a file of a pack may nest."""
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where PyYAML was built with it: eight times as fast, and the same tree."""
INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")

_REASONS = (
    ("mapping values are not allowed", "这里不应再有“: ”，多半是缩进没有对齐，或者文字没有加引号"),
    ("',' or ']'", "方括号没有成对，或者项目之间少了逗号"),
    ("',' or '}'", "大括号没有成对，或者项目之间少了逗号"),
    ("end of stream", "引号或者括号没有成对"),
    ("cannot start any token", "文字不能以这个符号开头，请加引号"),
    ("'-' indicator", "列表的各项没有对齐"),
    ("expected key", "缩进没有对齐，或者引号没有成对"),
    ("<block end>", "缩进没有对齐，或者引号没有成对"),
    ("another document", "一个文件只写一份声明，不能再有“---”隔开的第二份"),
    ("character", "有不能使用的字符"),
)
"""What PyYAML says, by a part of it, in words for the author."""

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a declaration, for its author."""

    file: str
    """The file, as the author knows it: relative to the folder of packs."""
    line: int
    """Line in the file, counted from 1; 0 when the mistake has no line, e.g. a missing file."""
    excerpt: str
    """The line as it stands there, without its margin."""
    message: str
    """What is wrong, in Chinese."""
    hint: str = ""
    """What to write instead, in Chinese."""
    path: str = ""
    """Where in the data, e.g. ``rules[0].when``."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        parts = [f"{place}: {self.message}"]
        if self.excerpt:
            parts.append(f"    {self.excerpt}")
        if self.hint:
            parts.append(f"    → {self.hint}")
        return "\n".join(parts)

    def as_dict(self) -> dict[str, str | int]:
        """Return the parts as plain values for JSON."""
        return {"file": self.file, "line": self.line, "excerpt": self.excerpt, "message": self.message,
                "hint": self.hint, "path": self.path}  # fmt: skip


@dataclass(slots=True)
class Source:
    """A file that was read: its values and where each stands."""

    file: str
    """The file, as the author knows it."""
    lines: list[str]
    """The lines of the text."""
    value: Any = None
    """What the file says, as plain values; ``None`` when it could not be read."""
    places: dict[Path, int] = field(default_factory=dict)
    """Line of each value, by its path; of a key, the line of the key."""
    problems: list[Problem] = field(default_factory=list)
    """What is wrong with the file as YAML."""

    def line_of(self, path: Path) -> int:
        """Return the line of *path* or, when it is missing, of the nearest thing around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, 1 if self.lines else 0)

    def problem(self, path: Path, message: str, hint: str = "") -> Problem:
        """Return a problem at *path*."""
        return self.problem_at(self.line_of(path), message, hint, written(path))

    def problem_at(self, line: int, message: str, hint: str = "", path: str = "") -> Problem:
        """Return a problem at *line*."""
        excerpt = self.lines[line - 1].strip()[:160] if 0 < line <= len(self.lines) else ""
        return Problem(self.file, line, excerpt, message, hint, path)


def written(path: Path) -> str:
    """Return *path* as people write it: ``rules[0].when``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read_source(file: str, text: str) -> Source:
    """Read *text* of the file called *file*; what is wrong is in ``problems`` of the result."""
    source = Source(file, text.splitlines())
    if len(text) > LARGEST:
        source.problems.append(source.problem_at(0, f"文件超过{LARGEST}字，未读取。", "请拆成几个文件。"))
        return source
    try:
        if not _bounded(source, text):
            return source
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        source.problems.append(
            _not_yaml(source, min(mark.line + 1, len(source.lines)) if mark else 0, error.problem or "")
        )
        return source
    except yaml.YAMLError as error:
        source.problems.append(_not_yaml(source, 0, str(error)))
        return source
    source.value = None if node is None else _plain(source, node, ())
    if source.problems:
        source.value = None
    return source


def _not_yaml(source: Source, line: int, reason: str) -> Problem:
    hint = "请检查缩进（用空格、不用制表符）、冒号后的空格和引号是否成对。"
    said = next((words for part, words in _REASONS if part in reason), "这里的写法不成立")
    excerpt = source.lines[line - 1] if 0 < line <= len(source.lines) else ""
    if "\t" in excerpt:
        hint = "这一行里有制表符，请改成空格。"
    elif "：" in excerpt and ":" not in excerpt:
        hint = "字段名后要用半角冒号加空格（“: ”），这里用了全角冒号。"
    return source.problem_at(line, f"不是正确的YAML：{said}。", hint)


def _bounded(source: Source, text: str) -> bool:
    """Look at the events, without building anything: no aliases, not too deep."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            source.problems.append(
                source.problem_at(
                    line, "不接受锚点和别名（& 和 *）。", "请把内容直接写出来；以 * 或 & 开头的文字请加引号。"
                )
            )
            return False
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > DEEPEST:
                source.problems.append(source.problem_at(line, f"嵌套超过{DEEPEST}层。", "请检查缩进。"))
                return False
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
    return True


def _plain(source: Source, node: yaml.Node, path: Path) -> Any:
    """Return *node* as plain values, and note the line of everything in it."""
    source.places.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                source.problems.append(source.problem_at(line, "字段名必须是一个词。", "含有 { 或 [ 的文字请加引号。"))
                continue
            key = str(key_node.value)
            if key in values:
                source.problems.append(source.problem_at(line, f"“{key}”写了两次。", "请删去一处。"))
                continue
            source.places[(*path, key)] = line
            values[key] = _plain(source, value_node, (*path, key))
        return values
    if isinstance(node, yaml.SequenceNode):
        return [_plain(source, item, (*path, index)) for index, item in enumerate(node.value)]
    return _scalar(str(node.value), quoted=isinstance(node, yaml.ScalarNode) and bool(node.style))


def _scalar(text: str, *, quoted: bool) -> str | int | float | bool | None:
    if quoted:
        return text
    if text in ("true", "false"):
        return text == "true"
    if text in ("", "~", "null"):
        return None
    if INTEGER.fullmatch(text):
        return int(text) if len(text) < 19 else text
    if DECIMAL.fullmatch(text):
        return float(text)
    return text
