"""Audit codes of this room; for ever."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUDIT_CODES: dict[str, str | Promise] = {
    "files.stored": _("保存文件"),
    "files.unreferenced_removed": _("清除没有业务引用的文件"),
    "files.orphans_removed": _("清除无主文件"),
    "files.leftovers_removed": _("清除残留的临时文件"),
}
