"""The public addresses, below ``/public/``. What holds a dot can be no notice's address."""

from __future__ import annotations

from django.urls import path

from zhenggai.portal.pages import not_found
from zhenggai.portal.views import answers, archive, machines, notice

app_name = "portal"
RESERVED = frozenset({"register", "about", "answers"})
"""Words below ``/public/`` that are pages, and so no notice's address."""

urlpatterns = [
    path("public/", archive.archive, name="archive"),
    path("public/register/", archive.register, name="register"),
    path("public/register.json", archive.register_json, name="register-json"),
    path("public/about/", archive.about, name="about"),
    path("public/answers/", answers.receipt, name="answers"),
    path("public/answers/supplement/", answers.supplement, name="supplement"),
    path("public/feed.xml", machines.feed, name="feed"),
    path("public/sitemap.xml", machines.sitemap, name="sitemap"),
    path("robots.txt", machines.robots, name="robots"),
    path("public/<slug:slug>/", notice.notice, name="notice"),
    path("public/<slug:slug>/answer/", answers.answer, name="answer"),
    path("public/<slug:slug>/notice.json", notice.notice_json, name="notice-json"),
    path("public/<slug:slug>/notice.jsonld", notice.notice_jsonld, name="notice-jsonld"),
    path("public/<slug:slug>/notice.txt", notice.notice_txt, name="notice-txt"),
    path("public/<slug:slug>/notice.docx", notice.notice_docx, name="notice-docx"),
    path("public/<slug:slug>/notice.pdf", notice.notice_pdf, name="notice-pdf"),
    path("public/<path:rest>", not_found),
]
