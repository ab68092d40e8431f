"""Wires the addresses of all rooms, and who answers what no view answers."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("zhenggai.portal.urls")),
    path("", include("zhenggai.web.urls")),
]

handler400 = "zhenggai.web.errors.bad_request"
handler403 = "zhenggai.web.errors.permission_denied"
handler404 = "zhenggai.web.errors.page_not_found"
handler500 = "zhenggai.web.errors.server_error"
