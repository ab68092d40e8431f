"""The line of stations from document to draft."""

from __future__ import annotations

from zhenggai.docparse.document import Document
from zhenggai.docparse.draft import Decision, Draft, DraftAspect
from zhenggai.docparse.understand.extract import build_findings, tidy
from zhenggai.docparse.understand.outline import Node, build_outline
from zhenggai.docparse.understand.roles import Roles, decide_roles, title_text
from zhenggai.docparse.understand.units import build_units
from zhenggai.docparse.understand.view import View, build_view


def understand(document: Document, *, explain: bool = False) -> Draft:
    """Return what *document* says, as a draft for a person to check.

    Args:
        document: What a reader made of the file.
        explain: Also say why each piece was taken for what it was.
    """
    view = build_view(document)
    units = build_units(view)
    root = build_outline(view, units)
    roles = decide_roles(view.norm, root)
    aspects, index = build_aspects(view, roles)
    findings = build_findings(view, roles, index)
    return Draft(family="other", aspects=tuple(aspects), findings=tuple(findings))


def build_aspects(view: View, roles: Roles) -> tuple[list[DraftAspect], dict[Node, int]]:
    """Return the aspects in order and the index of each problem's aspect."""
    order: dict[Node, int] = {}
    aspects: list[DraftAspect] = []
    index: dict[Node, int] = {}
    for node in roles.findings:
        aspect = roles.aspects.get(node)
        if aspect is None or aspect.unit is None:
            continue
        if aspect not in order:
            order[aspect] = len(aspects)
            start = aspect.content
            words = title_text(view.norm, aspect)
            end = start + len(view.norm[start : aspect.stop]) - len(view.norm[start : aspect.stop].lstrip()) + len(words)
            text = tidy(view.text[start:end]).rstrip("。；;：:，,")
            aspects.append(DraftAspect(aspect.unit.number, text, view.span(start, end)))
        index[node] = order[aspect]
    return aspects, index
