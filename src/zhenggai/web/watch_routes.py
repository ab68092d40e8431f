"""The addresses of alerts, rules, indicators, rebounds. Who may see or do what is decided by the room."""

from __future__ import annotations

from zhenggai.web.routes import Route
from zhenggai.web.views.watch import alerts, conditions, indicators, rebounds, rules

_LEDGER = "ledgers/<slug:code>/"
_SEES = ("ledgers.view", "watch.handle", "workflow.work")

WATCH = (
    Route("alerts/", alerts.alerts, "watch-alerts", _SEES),
    Route("alerts/summary/", alerts.summary, "watch-summary", _SEES),
    Route("alerts/letter/", alerts.letter, "watch-letter", "watch.handle", "POST"),
    Route("alerts/<int:id>/", alerts.alert, "watch-alert", _SEES),
    Route("alerts/<int:id>/<slug:move>/", alerts.act, "watch-act", _SEES, "POST"),
    Route("indicators/", indicators.index, "watch-indicators", "ledgers.view"),
    Route(_LEDGER + "rules/", rules.rules, "watch-rules", "ledgers.view"),
    Route(_LEDGER + "rules/run/", rules.run, "watch-run", "watch.run", "POST"),
    Route(_LEDGER + "rules/progress/", rules.progress, "watch-progress", "ledgers.view"),
    Route(_LEDGER + "rules/<slug:rule>/set/", rules.set_rule, "watch-set", "watch.set_rules", "POST"),
    Route(_LEDGER + "indicators/<slug:indicator>/", indicators.indicator, "watch-indicator", "ledgers.view"),
    Route(_LEDGER + "indicators/<slug:indicator>/rows/", indicators.rows, "watch-indicator-rows", "ledgers.view"),
    Route(_LEDGER + "indicators/<slug:indicator>/freeze/", indicators.freeze, "watch-freeze", "ledgers.view", "POST"),
    Route("rebounds/", rebounds.rebounds, "watch-rebounds", "findings.view"),
    Route("rebounds/<int:id>/", rebounds.rebound, "watch-rebound", "findings.view"),
    Route("rebounds/<int:id>/<slug:move>/", rebounds.act, "watch-rebound-act", "workflow.reopen", "POST"),
    Route("findings/<int:id>/condition/", conditions.attach, "watch-condition", "workflow.plan", "GET POST"),
)
