"""A Word file dropped here is told what in its layout departs from GB/T 9704; nothing of it is kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from zhenggai.docparse.errors import TooLarge
from zhenggai.gongwen import LayoutIssue, LayoutWords, check_layout
from zhenggai.web.errors import MissingField, wants_json
from zhenggai.web.pages import page

MOST_BYTES = 10 * 1024 * 1024


def layout(request: HttpRequest) -> HttpResponse:
    """Take a Word file and list what departs from the standard."""
    if request.method != "POST":
        return page(request, "tools/layout.html", groups=None)
    upload = request.FILES.get("file")
    if upload is None:
        raise MissingField(label=_("文件"))
    name = upload.name or ""
    if (upload.size or 0) > MOST_BYTES:
        raise TooLarge(name=name, size=f"{(upload.size or 0) / 1024 / 1024:.1f} MB", limit="10.0 MB")
    issues = check_layout(upload.read(), name)
    if wants_json(request):
        return JsonResponse({"issues": [issue.as_dict(_) for issue in issues]})
    return page(request, "tools/layout.html", groups=_grouped(issues), count=len(issues), name=name)


def _grouped(issues: tuple[LayoutIssue, ...]) -> list[tuple[str, list[LayoutWords]]]:
    """Return the issues under the parts of a paper in the order of a page."""
    labels = {
        "page": _("页面与页码"), "title": _("标题"), "number": _("发文字号"), "body": _("正文"), "line": _("行距"),
        "heading": _("结构层次"), "text": _("标点与数字"), "date": _("日期"), "attachment": _("附件"),
    }  # fmt: skip
    groups: dict[str, list[LayoutWords]] = {label: [] for label in labels.values()}
    for issue in issues:
        groups[labels[issue.code.partition(".")[0]]].append(issue.describe(_))
    return [(label, found) for label, found in groups.items() if found]
