"""Names that are stored for ever: audit codes and codes of papers."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PAPER_MADE = "reports.paper_made"
TEMPLATE_UPLOADED = "reports.template_uploaded"
TEMPLATE_CHOSEN = "reports.template_chosen"
TEMPLATE_RESTORED = "reports.template_restored"

AUDIT_CODES: dict[str, str | Promise] = {
    PAPER_MADE: _("生成文书"),
    TEMPLATE_UPLOADED: _("更换文书模板"),
    TEMPLATE_CHOSEN: _("改用文书模板的旧版"),
    TEMPLATE_RESTORED: _("恢复随软件提供的模板"),
}
"""Audit code → words."""

LISTS, PLAN, CLOSE_OUT, SHEETS = "lists", "plan", "close_out", "sheets"
WEEKLY, MONTHLY, STAGE, CHIEF = "weekly", "monthly", "stage", "chief"
MINUTES, AGENDA, LETTER = "minutes", "agenda", "letter"
