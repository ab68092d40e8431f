"""Acts on saved views."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhenggai.audit.actions import record
from zhenggai.ledgers import codes
from zhenggai.ledgers.access import access_ledger, access_saved_view
from zhenggai.ledgers.errors import BadValue
from zhenggai.ledgers.models import SavedView
from zhenggai.ledgers.row_query import RowQuery
from zhenggai.ledgers.values import clean
from zhenggai.people.models import User

MOST_VIEWS = 50


def save_view(code: str, *, actor: User, name: str, query: str) -> SavedView:
    """Keep a set of filters, order and columns of a ledger under a name; the same name replaces what it held.

    Args:
        code: the ledger.
        actor: whose view it is.
        name: what the person calls it.
        query: query string of the list page.

    Raises:
        NotFound: the actor may not know of the ledger.
        BadValue: the name is empty, too long, or there are too many views.
    """
    label, name = _("视图名称"), clean(name)
    if not name or len(name) > 60:
        raise BadValue(label=label, value=name[:20], reason=_now("应为 1 至 60 个字"))
    text = RowQuery.parse_string(query, access_ledger(actor, code)).without_place().to_string()
    if len(text) > 2000:
        raise BadValue(label=label, value=name, reason=_now("筛选条件过多，无法保存"))
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        mine = SavedView.objects.filter(user=actor, ledger=code)
        if mine.count() >= MOST_VIEWS and not mine.filter(name=name).exists():
            raise BadValue(label=label, value=name, reason=_now("每人最多保存 %(most)s 个视图") % {"most": MOST_VIEWS})
        view, _created = SavedView.objects.update_or_create(
            user=actor, ledger=code, name=name, defaults={"query": text}
        )
        _tell(actor, codes.VIEW_SAVED, view)
    return view


def delete_view(view: SavedView, *, actor: User) -> None:
    """Forget a saved view.

    Raises:
        NotFound: it is someone else's.
    """
    with transaction.atomic():
        mine = access_saved_view(actor, view.pk)
        _tell(actor, codes.VIEW_DELETED, mine)
        mine.delete()


def _tell(actor: User, code: str, view: SavedView) -> None:
    data = {"ledger": view.ledger, "query": view.query}
    record(actor=actor, code=code, object_type="ledger_view", object_id=view.pk, object_label=view.name, data=data)
