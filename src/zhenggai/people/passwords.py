"""The rules for passwords, and temporary ones that keep them."""

from __future__ import annotations

import secrets
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.utils.translation import gettext as _

from zhenggai.people.errors import WeakPassword
from zhenggai.people.models import User
from zhenggai.people.policy import POLICY

_UPPER, _LOWER, _DIGITS, _SYMBOLS = "ABCDEFGHJKMNPQRSTUVWXYZ", "abcdefghjkmnpqrstuvwxyz", "23456789", "-+=@#%"


def check_new_password(user: User, password: str) -> None:
    """Accept *password* as a new one for *user*.

    Raises:
        WeakPassword: it breaks a rule; the first one broken is named.
    """
    reason = _weakness(user, password)
    if reason:
        raise WeakPassword(reason=reason, length=POLICY.password_length)


def _weakness(user: User, password: str) -> str:
    kinds = (
        any(c.isupper() for c in password),
        any(c.islower() for c in password),
        any(c.isdigit() for c in password),
        any(not c.isalnum() for c in password),
    )
    lowered = password.lower()
    if len(password) < POLICY.password_length:
        return _("长度不足")
    if len(password) > 200:
        return _("长度超过 200 位")
    if sum(kinds) < POLICY.password_kinds:
        return _("字符种类不足")
    if user.username and (user.username in lowered or user.username[::-1] in lowered):
        return _("含有用户名")
    if lowered in _common() or len(set(password)) < 5:
        return _("过于常见")
    if user.password and check_password(password, user.password):
        return _("与当前密码相同")
    return ""


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def temporary_password() -> str:
    """Return a random password that keeps the rules and has no look-alike characters."""
    picked = [secrets.choice(alphabet) for alphabet in (_UPPER, _LOWER, _DIGITS, _SYMBOLS)]
    picked += [secrets.choice(_UPPER + _LOWER + _DIGITS) for _unused in range(10)]
    secrets.SystemRandom().shuffle(picked)
    return "".join(picked)


@cache
def decoy_hash() -> str:
    """Return a hash to compare with when a name is unknown, so that the answer takes as long."""
    return make_password(secrets.token_urlsafe(20))
