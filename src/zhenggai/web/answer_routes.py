"""The addresses of what the public answered, for those who deal with it."""

from __future__ import annotations

from zhenggai.web.navigation import ANSWER_HANDLERS
from zhenggai.web.routes import Route
from zhenggai.web.views import answers

ANSWERS = (
    Route("answers/", answers.answers, "answers", ANSWER_HANDLERS),
    Route("answers/export/", answers.export, "answers-export", "answers.handle"),
    Route("answers/<int:id>/", answers.answer, "answer", ANSWER_HANDLERS),
    Route("answers/<int:id>/files/<int:file_id>/", answers.file, "answer-file", ANSWER_HANDLERS),
    Route("answers/<int:id>/<slug:move>/", answers.act, "answer-act", ANSWER_HANDLERS, "POST"),
)
