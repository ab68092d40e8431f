"""How a paragraph or run of a Word file looks: document defaults, then styles down their line, then what is set in place."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from lxml import etree

from zhenggai.docparse.readers.word.names import PPR, RPR, VAL, child_value, is_on, number_of, w

_DEEPEST = 30
_THEME_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass(frozen=True, slots=True)
class Look:
    """What is set at one place; None where nothing is said."""

    east_face: str | None = None
    """Font of Chinese."""
    latin_face: str | None = None
    """Font of Latin letters and digits."""
    size_pt: float | None = None
    """Size of type."""
    colour: str | None = None
    """Colour in six digits."""
    hidden: bool | None = None
    """Hidden text."""
    align: str | None = None
    """``left``, ``both``, ``center``, ``right``, ``distribute``."""
    line: int | None = None
    """Distance of lines, in the unit of the rule."""
    line_rule: str | None = None
    """``exact``, ``atLeast`` or ``auto``."""
    first_chars: int | None = None
    """First-line indent in hundredths of a sign; negative hangs."""
    first_twips: int | None = None
    """The same in twips, where no signs are given."""
    snaps: bool | None = None
    """Whether lines keep to the grid of the page."""
    number_id: str | None = None
    """Automatic numbering."""
    number_level: int | None = None
    """Level of it."""

    def under(self, nearer: Look) -> Look:
        """Return this look with everything that *nearer* says put over it."""
        told = {field.name: value for field in fields(nearer) if (value := getattr(nearer, field.name)) is not None}
        if "first_twips" in told and "first_chars" not in told:
            told["first_chars"] = None
        return replace(self, **told)


NOTHING = Look()


@dataclass(frozen=True, slots=True)
class StyleEntry:
    """One style of the file."""

    name: str
    """Name people see."""
    look: Look
    """What it looks like, all it inherits included."""


class Looks:
    """The styles of a file, each resolved when first asked for."""

    def __init__(self, styles: etree._Element | None, theme: etree._Element | None) -> None:
        """Take the roots of the parts ``styles`` and ``theme``, where the file has them."""
        self._theme = _theme_faces(theme)
        self._raw: dict[str, etree._Element] = {}
        self._done: dict[str, StyleEntry] = {}
        self.defaults = Look()
        self.default_paragraph = ""
        if styles is None:
            return
        for style in styles.iterfind(w("style")):
            name = style.get(w("styleId"), "")
            self._raw[name] = style
            if style.get(w("type")) == "paragraph" and style.get(w("default")) in ("1", "true", "on"):
                self.default_paragraph = name
        defaults = styles.find(w("docDefaults"))
        if defaults is not None:
            self.defaults = self.read(
                defaults.find(f"{w('pPrDefault')}/{PPR}"), defaults.find(f"{w('rPrDefault')}/{RPR}")
            )

    def style(self, name: str) -> StyleEntry:
        """Return the style *name* with what it inherits; an unknown one says nothing."""
        if name not in self._done:
            self._done[name] = self._resolve(name)
        return self._done[name]

    def _resolve(self, name: str) -> StyleEntry:
        line: list[etree._Element] = []
        seen: set[str] = set()
        wanted = name
        while wanted in self._raw and wanted not in seen and len(line) < _DEEPEST:
            seen.add(wanted)
            line.append(self._raw[wanted])
            wanted = child_value(self._raw[wanted], w("basedOn")) or ""
        look = NOTHING
        for style in reversed(line):
            look = look.under(self.read(style.find(PPR), style.find(RPR)))
        shown = child_value(self._raw[name], w("name")) if name in self._raw else None
        return StyleEntry(shown or name, look)

    def read(self, paragraph: etree._Element | None, run: etree._Element | None) -> Look:
        """Return what the properties of a *paragraph* and of a *run* say."""
        return self._paragraph(paragraph).under(self._run(run))

    def _run(self, run: etree._Element | None) -> Look:
        if run is None:
            return NOTHING
        fonts, colour = run.find(w("rFonts")), child_value(run, w("color"))
        size = number_of(child_value(run, w("sz")), -1)
        return Look(
            east_face=self._face(fonts, "eastAsia"),
            latin_face=self._face(fonts, "ascii"),
            size_pt=size / 2 if size > 0 else None,
            colour=colour.upper() if colour else None,
            hidden=is_on(run, w("vanish")),
        )

    def _face(self, fonts: etree._Element | None, kind: str) -> str | None:
        if fonts is None:
            return None
        theme = fonts.get(w("eastAsiaTheme" if kind == "eastAsia" else "asciiTheme"))
        if theme:
            return self._theme.get(theme, f"主题字体 {theme}")
        return fonts.get(w(kind))

    @staticmethod
    def _paragraph(paragraph: etree._Element | None) -> Look:
        if paragraph is None:
            return NOTHING
        spacing, indent, numbering = paragraph.find(w("spacing")), paragraph.find(w("ind")), paragraph.find(w("numPr"))
        line = None if spacing is None or spacing.get(w("line")) is None else number_of(spacing.get(w("line")))
        rule = None if line is None or spacing is None else spacing.get(w("lineRule"), "auto")
        return Look(
            align=_align(child_value(paragraph, w("jc"))),
            line=line,
            line_rule=rule,
            first_chars=_first(indent, "Chars"),
            first_twips=_first(indent, ""),
            snaps=is_on(paragraph, w("snapToGrid")),
            number_id=None if numbering is None else child_value(numbering, w("numId")),
            number_level=None if numbering is None else number_of(child_value(numbering, w("ilvl"))),
        )


def _align(value: str | None) -> str | None:
    return {"start": "left", "end": "right"}.get(value, value) if value else None


def _first(indent: etree._Element | None, unit: str) -> int | None:
    if indent is None:
        return None
    hanging, first = indent.get(w(f"hanging{unit}")), indent.get(w(f"firstLine{unit}"))
    if hanging is not None and number_of(hanging):
        return -number_of(hanging)
    return None if first is None else number_of(first)


def _theme_faces(theme: etree._Element | None) -> dict[str, str]:
    """Return the faces of a theme under the names by which runs ask for them."""
    found: dict[str, str] = {}
    if theme is None:
        return found
    for kind in ("major", "minor"):
        fonts = next(theme.iter(f"{_THEME_A}{kind}Font"), None)
        if fonts is None:
            continue
        east, latin = fonts.find(f"{_THEME_A}ea"), fonts.find(f"{_THEME_A}latin")
        chinese = next(
            (font.get("typeface", "") for font in fonts.iterfind(f"{_THEME_A}font") if font.get("script") == "Hans"), ""
        )
        found[f"{kind}EastAsia"] = (east.get("typeface", "") if east is not None else "") or chinese
        for name in ("Ascii", "HAnsi"):
            found[f"{kind}{name}"] = latin.get("typeface", "") if latin is not None else ""
    return {name: face for name, face in found.items() if face}


def value_of(element: etree._Element, name: str) -> str:
    """Return the attribute *name* of *element* in the main namespace, empty without one."""
    return element.get(VAL if name == "val" else w(name), "")
