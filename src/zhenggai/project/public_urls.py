"""The addresses of a process that serves the public side alone: no staff page exists there."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("zhenggai.portal.urls")),
    path("", RedirectView.as_view(url="/public/")),
]

handler400 = "zhenggai.portal.pages.bad_request"
handler403 = "zhenggai.portal.pages.not_found"
handler404 = "zhenggai.portal.pages.not_found"
handler500 = "zhenggai.portal.pages.broken"
