"""Receiving uploads without letting one fill the disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Keep at most one byte more than the limit of each file and read the rest away.

    The extra byte makes :func:`zhenggai.files.actions.store_file` refuse the file with the same words as everywhere;
    reading to the end lets the browser show that answer instead of a broken connection.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin counting for the next file."""
        super().new_file(*args, **kwargs)
        self._room = settings.ZHENGGAI_MAX_UPLOAD_BYTES + 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write what still fits."""
        fitting, self._room = raw_data[: self._room], self._room - min(self._room, len(raw_data))
        return super().receive_data_chunk(fitting, start) if fitting else None

    def file_complete(self, file_size: int) -> Any:
        """Hand over the file with the size of what was kept."""
        return super().file_complete(min(file_size, settings.ZHENGGAI_MAX_UPLOAD_BYTES + 1))
