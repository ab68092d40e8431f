"""The line of stations from document to draft."""

from __future__ import annotations

import re
from dataclasses import replace

from zhenggai.docparse.document import Document
from zhenggai.docparse.draft import Anomaly, Decision, Draft, DraftAspect, DraftFinding
from zhenggai.docparse.understand import anomalies as checks
from zhenggai.docparse.understand.counts import find_counts
from zhenggai.docparse.understand.extract import build_findings
from zhenggai.docparse.understand.facts import find_facts
from zhenggai.docparse.understand.family import (
    find_family,
    is_feedback,
    is_regulation,
    reports_rectification,
    speaks_of_findings,
)
from zhenggai.docparse.understand.kinds import claims_findings, lists_no_problems
from zhenggai.docparse.understand.merging import finding_key, merge_finding, names_aspect
from zhenggai.docparse.understand.nodes import Roles, is_owner, key_of, title_text
from zhenggai.docparse.understand.outline import Node, build_outline
from zhenggai.docparse.understand.roles import decide_roles
from zhenggai.docparse.understand.tables import TableResult, read_table
from zhenggai.docparse.understand.units import build_units
from zhenggai.docparse.understand.values import tidy
from zhenggai.docparse.understand.view import View, build_view


def understand(document: Document, *, explain: bool = False) -> Draft:
    """Return what *document* says, as a draft for a person to check.

    Args:
        document: What a reader made of the file.
        explain: Also say why each piece was taken for what it was.
    """
    view = build_view(document)
    root = build_outline(view, build_units(view))
    reports = reports_rectification(view)
    first = find_counts(view, [(0, min(len(view.text), 4000))], []).values.get("findings")
    tables = [read_table(view, table) for table in view.tables]
    ledgers = frozenset(index for index, table in enumerate(tables) if table.findings and table.names_problems)
    roles = decide_roles(
        view.norm,
        root,
        reports=reports,
        declared=int(first) if first else None,
        ledgers=ledgers,
        feedback=is_feedback(view),
    )
    foreign = (
        is_regulation(view) or not speaks_of_findings(view) or (lists_no_problems(view, roles) and not roles.labelled)
    )
    if foreign or not claims_findings(view, roles):
        roles.findings = []
    collected = _Collector(view, roles, reports, tables, foreign=foreign)
    findings, aspects = collected.run()
    damage, ranges = checks.find_damage(view, len(findings))
    outside = _outside(view, roles, collected)
    counts = find_counts(view, outside, ranges)
    brand, places = checks.find_brand(view)
    facts = find_facts(view, outside, brand, document.meta.get("published", ""))
    found = [
        *damage,
        *checks.find_text_anomalies(view, document.text),
        *checks.find_quote_anomalies(view),
        *checks.find_numbering(view, roles),
        *checks.find_mismatches(view, counts, findings, len(aspects)),
        *checks.find_missing(findings),
        *checks.find_date_order(facts.values, facts.spans),
        *checks.report_brand(view, brand, places),
    ]
    found = [replace(item, text=item.text or document.text[item.span[0] : item.span[1]]) for item in found]
    found.sort(key=lambda item: item.span)
    spans = facts.spans | {f"counts.{name}": span for name, span in counts.spans.items()}
    return Draft(
        family=find_family(view, roles, findings, collected.from_tables),
        counts=counts.values,
        aspects=tuple(aspects),
        findings=tuple(findings),
        anomalies=tuple(found),
        decisions=tuple(_decisions(view, roles, findings, found)) if explain else (),
        fact_spans=spans,
        **facts.values,
    )


_LEAD_TAIL_RE = re.compile(r"(?<=方面),(?:主要|还|仍)?存在的?(?:主要|突出)?(?:问题)?(?:有|是|为)?[:,]?\s*$")


class _Collector:
    """Gathers problems from the outline and from tables, in the order of the paper, with their aspects."""

    def __init__(self, view: View, roles: Roles, reports: bool, read: list[TableResult], *, foreign: bool) -> None:
        self.read = read
        self.foreign = foreign
        self.view = view
        self.roles = roles
        self.reports = reports
        self.aspects: list[DraftAspect] = []
        self.index: dict[object, int] = {}
        self.from_tables = False
        self.table_rows: dict[int, int] = {}

    def run(self) -> tuple[list[DraftFinding], list[DraftAspect]]:
        tables = [(node, self._read(node)) for node in self.roles.tables]
        tables = [(node, result) for node, result in tables if result.findings]
        order = sorted([*self.roles.findings, *(node for node, _ in tables)], key=lambda node: node.start)
        results = dict(tables)
        indexes: dict[Node, int] = {}
        for node in order:
            if node in results:
                self._index_table(node, results[node], several=len(tables) > 1)
            elif node in self.roles.aspects:
                indexes[node] = self._aspect_of(self.roles.aspects[node])
        written = build_findings(self.view, self.roles, indexes, reports=self.reports)
        by_node = dict(zip(self.roles.findings, written, strict=True))
        self._take_measures(by_node)
        findings: list[DraftFinding] = []
        known: dict[str, tuple[int, Node]] = {}
        for node in order:
            if node not in results:
                findings.append(by_node[node])
                continue
            self.from_tables = True
            if node.unit is not None:
                self.table_rows[node.unit.table] = results[node].first_row
            for finding in results[node].findings:
                key = finding_key(finding)
                place = known.get(key)
                if place is not None and place[1] is not node:
                    findings[place[0]] = merge_finding(findings[place[0]], finding)
                    continue
                known.setdefault(key, (len(findings), node))
                findings.append(finding)
        return self._take_keyed(self._drop_echoes(findings, by_node, results)), self.aspects

    def _take_keyed(self, findings: list[DraftFinding]) -> list[DraftFinding]:
        """Give problems what lists say of them that name only their numbers."""
        numbers = [finding.no.strip("()[]【】 ") for finding in findings]
        if len(set(numbers)) < len(numbers):
            return findings  # numbers begin anew under each aspect: they name no single problem
        place = {number: at for at, number in enumerate(numbers)}
        for node in self.roles.tables:
            told = self.read[node.unit.table].keyed if node.unit is not None else []
            if not told or any(number not in place for number, _ in told):
                continue
            for number, said in told:
                findings[place[number]] = merge_finding(findings[place[number]], said)
            if node.unit is not None:
                self.table_rows[node.unit.table] = self.read[node.unit.table].first_row
        return findings

    def _take_measures(self, by_node: dict[Node, DraftFinding]) -> None:
        """Give a problem the measures that stand in a table of their own below it."""
        for node in self.roles.tables:
            told = self.read[node.unit.table] if node.unit is not None else TableResult([], [])
            measures = told.measures if not told.keyed else []
            owner = next((upper for upper in reversed(node.path()) if upper in by_node), None)
            if owner is None or is_owner(owner):
                continue
            known = by_node[owner]
            if told.fields is not None:
                by_node[owner] = merge_finding(replace(known, measures=told.fields.measures), told.fields)
            if not measures:
                continue
            detail = "\n".join(filter(None, [known.description, *(item.text for item in known.measures)]))
            by_node[owner] = replace(known, measures=tuple(measures), description=detail)

    def _read(self, node: Node) -> TableResult:
        if node.unit is None:
            return TableResult([], [])
        result = self.read[node.unit.table]
        return TableResult([], []) if self.foreign and not result.names_problems else result

    def _drop_echoes(
        self, findings: list[DraftFinding], by_node: dict[Node, DraftFinding], results: dict[Node, TableResult]
    ) -> list[DraftFinding]:
        """Merge a table that repeats the problems of the text into them."""
        if not by_node or not results:
            return findings
        texts = {finding_key(finding): finding for finding in by_node.values()}
        if not any(finding_key(finding) in texts for result in results.values() for finding in result.findings):
            return findings
        kept: list[DraftFinding] = []
        place: dict[str, int] = {}
        for finding in findings:
            key = finding_key(finding)
            if key in place and key in texts:
                kept[place[key]] = merge_finding(kept[place[key]], finding)
                continue
            place.setdefault(key, len(kept))
            kept.append(finding)
        return kept

    def _aspect_of(self, aspect: Node) -> int:
        if aspect not in self.index:
            start = aspect.content
            while start < aspect.stop and self.view.norm[start] in " \t:、.【[":
                start += 1
            end = start + len(_LEAD_TAIL_RE.sub("", title_text(self.view.norm, aspect)))
            text = tidy(self.view.text[start:end]).rstrip("。；;：:，,】]")
            number = aspect.unit.number if aspect.unit else ""
            self.index[aspect] = len(self.aspects)
            self.aspects.append(DraftAspect(number, text, self.view.span(start, end)))
        return self.index[aspect]

    def _index_table(self, node: Node, result: TableResult, *, several: bool) -> None:
        above = self.roles.aspects.get(node)
        table = self.view.tables[node.unit.table] if node.unit else None
        for place, (finding, aspect) in enumerate(zip(result.findings, result.aspects, strict=True)):
            index: int | None = None
            if aspect is not None:
                key = ("cell", aspect[1])
                if key not in self.index:
                    self.index[key] = len(self.aspects)
                    self.aspects.append(DraftAspect(*aspect))
                index = self.index[key]
            elif above is not None:
                index = self._aspect_of(above)
            elif table is not None and several and names_aspect(table.name):
                key = ("sheet", table.name)
                if key not in self.index:
                    self.index[key] = len(self.aspects)
                    self.aspects.append(DraftAspect("", table.name, finding.title_span))
                index = self.index[key]
            result.findings[place] = replace(finding, aspect_index=index)


_TOTAL_RE = re.compile(r"\s*(?:合\s?计|总\s?计)\s?:?\s*")


def _outside(view: View, roles: Roles, collected: _Collector) -> list[tuple[int, int]]:
    """Return the ranges of the working text that belong to no problem, paragraph by paragraph."""
    taken = sorted((node.start, node.end) for node in roles.findings)
    ranges: list[tuple[int, int]] = []
    used = collected.table_rows
    at = 0
    for paragraph in view.paragraphs:
        start, end = paragraph.start, paragraph.end
        if paragraph.table >= 0:
            if paragraph.table not in used:
                ranges.append((start, end))
            else:
                above = used[paragraph.table]
                cells = view.tables[paragraph.table].cells
                # Beside problems in the text the table is a summary, and its last row counts them.
                sums = cells if taken else ()
                totals = {cell.row for cell in sums if _TOTAL_RE.fullmatch(view.norm, cell.start, cell.end)}
                ranges.extend(
                    (cell.start, cell.end)
                    for cell in cells
                    if cell.row < above or cell.column_span > 3 or cell.row in totals
                )
            continue
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        low = start
        probe = at
        while probe < len(taken) and taken[probe][0] < end:
            if taken[probe][0] > low:
                ranges.append((low, min(taken[probe][0], end)))
            low = max(low, taken[probe][1])
            probe += 1
        if low < end:
            ranges.append((low, end))
    return ranges


def _decisions(view: View, roles: Roles, findings: list[DraftFinding], found: list[Anomaly]) -> list[Decision]:
    """Return why the pieces were taken for what they were."""
    decisions: list[Decision] = []
    for node, reason in roles.skipped:
        decisions.append(Decision(view.span(node.start, node.stop), "skipped", (f"{reason},其中的条目不是问题",)))
    for node in roles.findings:
        reasons = roles.reasons.get(key_of(node), ())
        decisions.append(Decision(view.span(node.start, node.stop), "finding", reasons))
    for node in dict.fromkeys(roles.aspects.values()):
        decisions.append(
            Decision(view.span(node.start, node.stop), "aspect", ("位于问题上方的最外一层标题,且不是整个部分的名称",))
        )
    for node in dict.fromkeys(roles.parents.values()):
        decisions.append(Decision(view.span(node.start, node.stop), "group", ("位于方面与问题之间的标题",)))
    if len(findings) > len(roles.findings):
        decisions.append(Decision((0, 0), "table", (f"从表格读出 {len(findings) - len(roles.findings)} 个问题",)))
    decisions.sort(key=lambda item: item.span)
    return decisions
