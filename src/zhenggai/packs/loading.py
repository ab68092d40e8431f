"""Packs on disk → one set of declarations, with every mistake's place.

    <folder>/pack.yaml                what the pack says of itself
    <folder>/enumerations/*.yaml      sets of values, one per file
    <folder>/ledgers/*.yaml           ledgers, or changes to a ledger declared elsewhere (``extends``)

Packs are read in the order given: those shipped, those of other packages (entry points ``zhenggai.packs``), those of the office.
A later pack may change a ledger of an earlier one.  A declaration with a mistake is left out and its
mistakes are listed; the rest stays usable, so that one office's slip does not stop another's ledger.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path as FilePath
from typing import Any, TypeVar, get_args

from pydantic import ValidationError

from zhenggai.packs.declarations import Declaration, Enumeration, Extension, Ledger, Manifest, Rule
from zhenggai.packs.reading import Path, Problem, Source, read_source
from zhenggai.packs.sentences import in_words

SHIPPED = ("common", "procuratorate")
"""Folders of the packs that come with this package, in the order they build on each other."""
D = TypeVar("D", bound=Declaration)


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a pack lies."""

    path: FilePath
    """The folder."""
    name: str
    """How its files are called in messages, e.g. ``common`` or ``office/own``."""
    origin: str
    """``shipped``, ``installed`` (another package) or ``office``."""


@dataclass(slots=True)
class Declared:
    """All that the packs declare together."""

    ledgers: dict[str, Ledger] = field(default_factory=dict)
    """By code, with the changes of later packs in them."""
    enumerations: dict[str, Enumeration] = field(default_factory=dict)
    """By code."""
    packs: dict[str, Manifest] = field(default_factory=dict)
    """By code, in the order read."""
    problems: list[Problem] = field(default_factory=list)
    """Every mistake found."""
    sources: dict[tuple[str, str], Source] = field(default_factory=dict)
    """File of each ledger and enumeration, by ``("ledger", code)``; of a ledger that was changed, the last file."""
    owners: dict[str, str] = field(default_factory=dict)
    """Pack that each ledger was declared in."""

    def copy(self) -> Declared:
        """Return the same declarations in tables of their own."""
        return Declared(
            dict(self.ledgers),
            dict(self.enumerations),
            dict(self.packs),
            list(self.problems),
            dict(self.sources),
            dict(self.owners),
        )

    def place(self, kind: str, code: str, path: Path, message: str, hint: str = "") -> Problem:
        """Return a problem in the declaration *code*, at *path* in its file."""
        source = self.sources.get((kind, code))
        return source.problem(path, message, hint) if source else Problem(code, 0, "", message, hint)


def shipped_folders() -> list[Folder]:
    """Return the folders of the packs that come with this package."""
    here = FilePath(__file__).parent
    return [Folder(here / name, name, "shipped") for name in SHIPPED if (here / name / "pack.yaml").exists()]


@cache
def installed_folders() -> tuple[Folder, ...]:
    """Return the folders of packs that other packages bring: each entry point names a module that lies beside its ``pack.yaml``.

    Looked for once: going through all installed packages takes longer than a page may.
    """
    folders = []
    for point in sorted(entry_points(group="zhenggai.packs"), key=lambda each: each.name):
        module = point.load()
        folders.append(Folder(FilePath(module.__file__).parent, point.name, "installed"))
    return tuple(folders)


def office_folders(home: FilePath) -> list[Folder]:
    """Return the folders of the office's own packs, below ``packs`` of its data folder."""
    root = home / "packs"
    if not root.is_dir():
        return []
    return [Folder(each, f"packs/{each.name}", "office") for each in sorted(root.iterdir()) if each.is_dir()]


@cache
def shipped() -> Declared:
    """Return what the packs that come with this package declare; read once."""
    return load(shipped_folders())


def load(folders: Sequence[Folder], onto: Declared | None = None) -> Declared:
    """Read the packs in *folders*, in order; see the module for what lies in them.

    Args:
        folders: where the packs lie.
        onto: what was read before them, which stays as it is; nothing by default.
    """
    declared = onto.copy() if onto else Declared()
    for folder in folders:
        _load_pack(declared, folder)
    return declared


def _load_pack(declared: Declared, folder: Folder) -> None:
    manifest_file = folder.path / "pack.yaml"
    if not manifest_file.is_file():
        hint = "请写一个 pack.yaml，例如：pack: own、label: 本院台账。"
        declared.problems.append(Problem(f"{folder.name}/pack.yaml", 0, "", "缺少 pack.yaml，这个包没有读取。", hint))
        return
    source = read_file(declared, folder, manifest_file)
    manifest = validated(declared, source, Manifest) if source else None
    if source is None or manifest is None:
        return
    if manifest.pack in declared.packs:
        declared.problems.append(source.problem(("pack",), f"已有名为“{manifest.pack}”的包。", "请换一个名称。"))
        return
    for index, needed in enumerate(manifest.requires):
        if needed not in declared.packs:
            declared.problems.append(source.problem(("requires", index), f"需要的包“{needed}”不存在或读取在后。"))
    declared.packs[manifest.pack] = manifest
    for file in _yaml_files(folder.path / "enumerations"):
        _load_enumeration(declared, folder, file)
    for file in _yaml_files(folder.path / "ledgers"):
        _load_ledger(declared, folder, file, manifest.pack)


def _yaml_files(folder: FilePath) -> Iterable[FilePath]:
    if not folder.is_dir():
        return []
    return sorted(each for each in folder.rglob("*") if each.suffix in (".yaml", ".yml") and each.is_file())


def read_file(declared: Declared, folder: Folder, file: FilePath) -> Source | None:
    """Return the file with its lines, or note what is wrong with it and return ``None``."""
    name = f"{folder.name}/{file.relative_to(folder.path).as_posix()}"
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        declared.problems.append(Problem(name, 0, "", "文件不是UTF-8编码。", "请在编辑器中另存为UTF-8。"))
        return None
    except OSError as error:
        declared.problems.append(Problem(name, 0, "", f"文件无法读取：{error.strerror}。", "请检查文件权限。"))
        return None
    source = read_source(name, text)
    declared.problems += source.problems
    if source.problems:
        return None
    if not isinstance(source.value, dict):
        declared.problems.append(source.problem((), "文件应是一组“名称: 值”。", "可参照自带包里的同类文件。"))
        return None
    return source


def _load_enumeration(declared: Declared, folder: Folder, file: FilePath) -> None:
    source = read_file(declared, folder, file)
    enumeration = validated(declared, source, Enumeration) if source else None
    if source is None or enumeration is None:
        return
    declared.enumerations[enumeration.enumeration] = enumeration
    declared.sources["enumeration", enumeration.enumeration] = source


def _load_ledger(declared: Declared, folder: Folder, file: FilePath, pack: str) -> None:
    source = read_file(declared, folder, file)
    if source is None:
        return
    if "extends" in source.value:
        extension = validated(declared, source, Extension)
        if extension is not None:
            _extend(declared, source, extension)
        return
    ledger = validated(declared, source, Ledger)
    if ledger is None:
        return
    if ledger.ledger in declared.ledgers:
        hint = f"要改动已有的台账，请把第一行写成“extends: {ledger.ledger}”；要新建，请换一个名称。"
        declared.problems.append(source.problem(("ledger",), f"已有名为“{ledger.ledger}”的台账。", hint))
        return
    declared.ledgers[ledger.ledger] = ledger
    declared.sources["ledger", ledger.ledger] = source
    declared.owners[ledger.ledger] = pack


def _extend(declared: Declared, source: Source, extension: Extension) -> None:
    base = declared.ledgers.get(extension.extends)
    if base is None:
        near = difflib.get_close_matches(extension.extends, declared.ledgers, 1)
        hint = f"您是不是要写“{near[0]}”？" if near else ""
        declared.problems.append(source.problem(("extends",), f"没有名为“{extension.extends}”的台账可以改动。", hint))
        return
    changes: dict[str, Any] = {
        "fields": _merged(base.fields, extension.fields, "code", extension.drop_fields),
        "views": _merged(base.views, extension.views, "view"),
        "rules": _merged(base.rules, extension.rules, "rule", extension.drop_rules),
        "indicators": _merged(base.indicators, extension.indicators, "indicator"),
        "letters": _merged(base.letters, extension.letters, "letter"),
        "draws": _merged(base.draws, extension.draws, "draw"),
    }
    for name in ("label", "about", "secrecy"):
        if (value := getattr(extension, name)) is not None:
            changes[name] = value
    rules = {rule.rule: rule for rule in changes["rules"]}
    for name, value in extension.parameters.items():
        code, _, parameter = name.partition(".")
        if code not in rules or parameter not in rules[code].parameters:
            declared.problems.append(source.problem(("parameters", name), f"没有参数“{name}”。", "写法：规则.参数: 值"))
            continue
        changed = rules[code].parameters[parameter].model_copy(update={"value": value})
        rules[code] = rules[code].model_copy(update={"parameters": rules[code].parameters | {parameter: changed}})
    changes["rules"] = tuple(rules.values())
    declared.ledgers[extension.extends] = base.model_copy(update=changes)
    declared.sources["ledger", extension.extends] = source


def _merged(base: Sequence[D], changes: Sequence[D], name: str, drop: Sequence[str] = ()) -> tuple[D, ...]:
    """Return *base* with those of the same name replaced and the others added at the end."""
    parts = {getattr(each, name): each for each in base}
    parts.update({getattr(each, name): each for each in changes})
    return tuple(each for key, each in parts.items() if key not in drop)


def validated(declared: Declared, source: Source, model: type[D]) -> D | None:
    """Return *source* as *model*, or note every mistake and return ``None``."""
    value = source.value
    for rule in value.get("rules") or [] if isinstance(value.get("rules"), list) else []:
        if isinstance(rule, dict):
            rule.setdefault("kind", "row")
    try:
        return model.model_validate(value)
    except ValidationError as error:
        details = error.errors(include_url=False)
        for detail in details:
            if detail["type"] == "too_short" and any(
                each["loc"][: len(detail["loc"])] == detail["loc"] != each["loc"] for each in details
            ):
                continue  # the items are there, but each has a mistake of its own
            # The tag of a union (the kind of a rule) is part of pydantic's path but not of the file.
            path = _path_in_file(source, detail["loc"])
            about = f"“{path[-1]}”：" if path and isinstance(path[-1], str) else ""
            hint = ""
            if detail["type"] == "extra_forbidden":
                near = difflib.get_close_matches(str(path[-1]), _names_at(model, detail["loc"]), 1, 0.5)
                hint = f"您是不是要写“{near[0]}”？" if near else "请对照编写说明检查拼写。"
                if re.search(r"[^\w.]", str(path[-1])):
                    hint = "大括号里的文字含有逗号时，要给整段文字加引号。"
            declared.problems.append(source.problem(path, f"{about}{in_words(detail)}。", hint))
        return None


def _path_in_file(source: Source, location: tuple[int | str, ...]) -> Path:
    path: Path = ()
    for part in location:
        if (*path, part) in source.places or part == location[-1]:
            path = (*path, part)
    return path


def _names_at(model: type[Declaration], location: tuple[int | str, ...]) -> list[str]:
    """Return the names accepted where *location* points, for a hint on a typing error."""
    here: list[type[Declaration]] = [model]
    for part in location[:-1]:
        if isinstance(part, int):
            continue
        inner = [
            name for each in here if (info := each.model_fields.get(str(part))) for name in _models_in(info.annotation)
        ]
        tagged = [each for each in here if _kind_of(each) == part]
        here = inner or tagged or here
    return [name for each in here for name in each.model_fields]


def _models_in(annotation: Any) -> list[type[Declaration]]:
    if isinstance(annotation, type) and issubclass(annotation, Declaration):
        return [annotation]
    if annotation == Rule or annotation == get_args(Rule)[0]:
        return [each for each in get_args(get_args(Rule)[0]) if isinstance(each, type)]
    return [each for part in get_args(annotation) for each in _models_in(part)]


def _kind_of(model: type[Declaration]) -> str | None:
    info = model.model_fields.get("kind")
    return get_args(info.annotation)[0] if info else None
