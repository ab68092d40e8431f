"""Pages saved as one file (``.mht``, also what old editors store under ``.doc``): the HTML part and its encoding."""

from __future__ import annotations

import email
import email.policy
from email.message import Message

from zhenggai.docparse.errors import Corrupt
from zhenggai.docparse.readers.decode import Decoded, decode


def page_of_mht(data: bytes, name: str) -> tuple[Decoded, str]:
    """Return the markup of the first HTML part of *data*, and the address it came from.

    Raises:
        Corrupt: there is no HTML part.
        Undecodable: its encoding cannot be told.
    """
    message: Message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload.strip():
                address = str(part.get("Content-Location", "") or message.get("Snapshot-Content-Location", ""))
                return decode(payload, name, part.get_content_charset() or ""), address.strip()
    raise Corrupt(name=name, reason="网页归档里没有网页正文")
