"""The acts of this room: of the public, of those in charge, and of the clock."""

from zhenggai.answers.actions.handling import assign_answer, read_contact, reply, set_aside
from zhenggai.answers.actions.keeping import erase_contacts, rotate_keys
from zhenggai.answers.actions.petitions import make_petition, separate_answer, take_in_waiting
from zhenggai.answers.actions.taking import add_supplement, clocks, submit_answer

__all__ = [
    "add_supplement",
    "assign_answer",
    "clocks",
    "erase_contacts",
    "make_petition",
    "read_contact",
    "reply",
    "rotate_keys",
    "separate_answer",
    "set_aside",
    "submit_answer",
    "take_in_waiting",
]
