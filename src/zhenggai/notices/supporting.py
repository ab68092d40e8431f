"""Rests figures of a first draft on papers: what a measure's evidence proves, and what an imported paper says.

A figure that people wrote into a problem or measure is no count over the record.  Where the measure was carried out
with evidence, the figure is a statement by whoever carried it out, proved by that evidence; where text was read from a
paper, by that paper.  Everything else stays unbound and is shown so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _now

from zhenggai.figures import check
from zhenggai.findings.models import Finding, Measure, Source
from zhenggai.notices.blocks import Anchor, Block, BlockKind
from zhenggai.notices.figures_of import FigureState, read_states
from zhenggai.notices.layout import lay_out
from zhenggai.notices.models import Binding, Notice
from zhenggai.notices.wording import style_of
from zhenggai.workflow.models import Completion, EvidenceLink

SUPPORTED = frozenset({BlockKind.PROBLEM, BlockKind.DETAIL, BlockKind.MEASURE, BlockKind.OUTCOME})


@dataclass(frozen=True, slots=True)
class Support:
    """What proves the figures of a block."""

    label: str
    """The same in words."""
    statement: str
    """What is vouched for."""
    voucher: int | None = None
    """Who vouches."""
    evidence: tuple[int, ...] = ()
    """Keys of the evidence."""
    source: Source | None = None
    """The imported paper."""


def support(
    notice: Notice,
    blocks: Sequence[Block],
    anchors: Sequence[Anchor],
    evidenced: Iterable[tuple[str, int]],
    style: str,
) -> list[Anchor]:
    """Bind the unbound figures of problems and measures to what proves them, and return their anchors."""
    layout = lay_out(blocks, style_of(style))
    kinds = {block.id: block.kind for block in blocks}
    figures = read_states(layout, check(layout.text), anchors, {}, {}, kinds)
    open_ones = [
        each
        for each in figures
        if each.state is FigureState.UNBOUND
        and kinds[each.block] in SUPPORTED
        and not any(
            anchor.block == each.block and anchor.start < each.end and each.start < anchor.end for anchor in anchors
        )
    ]
    supports = _supports(blocks, dict(evidenced), {each.block for each in open_ones})
    wanted = [(each, supports[each.block]) for each in open_ones if each.block in supports]
    now = timezone.now()
    made = Binding.objects.bulk_create(
        Binding(
            notice=notice, kind=Binding.Kind.STATEMENT, label=by.label[:300], statement=by.statement, given_at=now,
            vouched_by_id=by.voucher, file=by.source.file if by.source else None,
            file_name=by.source.name if by.source else "",
        )
        for _figure, by in wanted
    )  # fmt: skip
    through = Binding.evidence.through
    through.objects.bulk_create(
        through(binding_id=binding.pk, evidence_id=key)
        for binding, (_figure, by) in zip(made, wanted, strict=True)
        for key in by.evidence
    )
    return [
        Anchor(binding.pk, figure.block, figure.start, figure.end, figure.quote)
        for binding, (figure, _by) in zip(made, wanted, strict=True)
    ]


def _supports(blocks: Sequence[Block], evidenced: dict[str, int], asked: set[str]) -> dict[str, Support]:
    measures = (
        Measure.objects.select_related("source__file")
        .defer("source__text")
        .in_bulk([key for block, key in evidenced.items() if block in asked])
    )
    proofs = _proofs(measures)
    findings = (
        Finding.objects.select_related("source__file")
        .defer("source__text")
        .in_bulk([block.about_id for block in blocks if block.id in asked and block.about.startswith("finding:")])
    )
    found: dict[str, Support] = {}
    for block in blocks:
        if block.id not in asked:
            continue
        measure = measures.get(evidenced.get(block.id, 0))
        if measure is not None and measure.pk in proofs:
            found[block.id] = proofs[measure.pk]
            continue
        paper = measure.source if measure is not None else None
        if paper is None and block.about.startswith("finding:") and block.about_id in findings:
            paper = findings[block.about_id].source
        if paper is not None:
            label = _now("据《%(name)s》") % {"name": paper.name.rsplit(".", 1)[0]}
            found[block.id] = Support(label, block.text, source=paper)
    return found


def _proofs(measures: dict[int, Measure]) -> dict[int, Support]:
    """Return key of a measure → by whom and by what it is proved, of those carried out with evidence."""
    evidence: defaultdict[int, list[int]] = defaultdict(list)
    links = EvidenceLink.objects.filter(measure__in=measures, withdrawn_at=None, evidence__withdrawn_at=None)
    for key, proof in links.order_by("pk").values_list("measure_id", "evidence_id"):
        if proof not in evidence[key or 0]:
            evidence[key or 0].append(proof)
    done = Completion.objects.filter(measure__in=measures, withdrawn_at=None).select_related("by")
    return {
        each.measure_id: Support(
            _now("%(who)s 办理并提供佐证") % {"who": each.by.name},
            measures[each.measure_id].text,
            each.by_id,
            tuple(evidence[each.measure_id]),
        )
        for each in done
        if evidence.get(each.measure_id)
    }
