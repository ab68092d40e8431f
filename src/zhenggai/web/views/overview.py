"""The state of a round at a glance."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from zhenggai.findings import queries
from zhenggai.findings.standing import Standing
from zhenggai.people.access import may
from zhenggai.web.charts import ORDER, gather, headlines, share_segments
from zhenggai.web.pages import actor_of, page
from zhenggai.web.rounds import chosen_round


def overview(request: HttpRequest) -> HttpResponse:
    """Show what is late, totals, aspects, departments and deadlines of the present round, another one, or all of them."""
    actor = actor_of(request)
    rounds = list(queries.visible_rounds(actor))
    chosen = chosen_round(actor, request.GET.get("round"), rounds)
    state = queries.overview(actor, chosen)
    return page(
        request,
        "overview/overview.html",
        rounds=rounds,
        state=state,
        order=[code.value for code in ORDER if code in state.totals.by_status],
        labels={code: str(label) for code, label in Standing.choices},
        side="standing" if state.by_standing else "status",
        segments=share_segments(state.totals),
        titles=headlines(state),
        news=gather(state.latest),
        now=timezone.now(),
        round_query=f"round={chosen.pk if chosen else ''}&",
        may_import=may(actor, "intake.import"),
    )
