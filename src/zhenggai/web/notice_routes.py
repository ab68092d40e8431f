"""The addresses of notices: list, editor, figures, approval, what was published; and of checking any text's figures."""

from __future__ import annotations

from zhenggai.web.routes import Route
from zhenggai.web.views import data_check
from zhenggai.web.views.notices import deciding, editing, figures, listing, published

_SEES, _WRITES = "notices.view", "notices.write"
_ONE = "notices/<int:id>/"

NOTICES = (
    Route("notices/", listing.notices, "notices", _SEES),
    Route("notices/new/", listing.start, "notice-start", _WRITES, "POST"),
    Route("notices/settings/", listing.settings, "notice-settings", _WRITES, "GET POST"),
    Route("notices/published/<int:id>/", published.publication, "publication", _SEES),
    Route(
        "notices/published/<int:id>/withdraw/", published.withdraw, "publication-withdraw", "notices.publish", "POST"
    ),
    Route("notices/published/<int:id>/figures/<int:figure>/", published.figure, "published-figure", _SEES),
    Route("notices/published/<int:id>/<slug:kind>/", published.file, "publication-file", _SEES),
    Route(_ONE, deciding.notice, "notice", _SEES),
    Route(_ONE + "edit/", editing.edit, "notice-edit", _WRITES, "GET POST"),
    Route(_ONE + "check/", editing.check, "notice-check", _WRITES, "POST"),
    Route(_ONE + "style/", editing.restyle, "notice-style", _WRITES, "POST"),
    Route(_ONE + "recompose/", editing.recompose, "notice-recompose", _WRITES, "POST"),
    Route(_ONE + "renew/", editing.renew, "notice-renew", _WRITES, "POST"),
    Route(_ONE + "reread/", editing.reread, "notice-reread", _WRITES, "POST"),
    Route(_ONE + "mask/", editing.mask, "notice-mask", _WRITES, "POST"),
    Route(_ONE + "keep/", editing.keep, "notice-keep", _WRITES, "POST"),
    Route(_ONE + "versions/", editing.versions, "notice-versions", _SEES),
    Route(_ONE + "versions/<int:no>/restore/", editing.restore, "notice-restore", _WRITES, "POST"),
    Route(_ONE + "bind/", figures.bind, "notice-bind", _WRITES, "GET POST"),
    Route(_ONE + "figures/<int:binding>/", figures.figure, "notice-figure", _SEES),
    Route(_ONE + "figures/<int:binding>/file/", figures.file, "notice-figure-file", _SEES),
    Route(_ONE + "figures/<int:binding>/unbind/", figures.unbind, "notice-unbind", _WRITES, "POST"),
    Route(_ONE + "preview/<slug:kind>/", deciding.preview, "notice-preview", _SEES),
    Route(_ONE + "override/", deciding.override, "notice-override", "notices.override", "POST"),
    Route(_ONE + "schedule/", deciding.schedule, "notice-schedule", "notices.publish", "POST"),
    Route(_ONE + "act/<slug:move>/", deciding.act, "notice-act", _SEES, "POST"),
    Route("tools/figures/", data_check.data_check, "data-check", methods="GET POST"),
    Route("tools/figures/annotated/", data_check.annotated, "data-check-annotated", methods="POST"),
)
