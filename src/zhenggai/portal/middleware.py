"""The public side asks nobody who they are: no cookie comes in, none goes out, and nothing there may run a script."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]

PATHS = ("/public/", "/robots.txt")
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


class PublicSide:
    """Keep cookies away from the public pages, so that a page is the same for everybody and a cache may hold it."""

    def __init__(self, get_response: Answer) -> None:
        """Keep what answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer without cookies below the public address; elsewhere as ever."""
        if not request.path.startswith(PATHS):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.COOKIES = {}
        response = self.get_response(request)
        response.cookies.clear()
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        vary = [name.strip() for name in response.headers.get("Vary", "").split(",")]
        kept = ", ".join(name for name in vary if name and name.lower() != "cookie")
        if kept:
            response.headers["Vary"] = kept
        elif response.has_header("Vary"):
            del response.headers["Vary"]
        return response
