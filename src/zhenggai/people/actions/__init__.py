"""The acts of this room. Each takes records and plain values and keyword-only ``actor``; see ``docs/people.md``."""

from zhenggai.people.actions.accounts import (
    change_password,
    create_user,
    deactivate_user,
    reactivate_user,
    reset_password,
    set_email,
    set_preferences,
    unlock_user,
)
from zhenggai.people.actions.deputies import appoint_deputy, end_deputy
from zhenggai.people.actions.posts import end_post, grant_post, set_charges
from zhenggai.people.actions.sessions import end_session, sign_in, sign_out
from zhenggai.people.actions.units import close_unit, create_unit, move_unit, rename_unit

__all__ = [
    "appoint_deputy",
    "change_password",
    "close_unit",
    "create_unit",
    "create_user",
    "deactivate_user",
    "end_deputy",
    "end_post",
    "end_session",
    "grant_post",
    "move_unit",
    "reactivate_user",
    "rename_unit",
    "reset_password",
    "set_charges",
    "set_email",
    "set_preferences",
    "sign_in",
    "sign_out",
    "unlock_user",
]
