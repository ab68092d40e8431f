"""A version of a piece of evidence as a page shows it: its preview, or the sentence why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from zhenggai.docparse.errors import UnreadableFile
from zhenggai.files.errors import FileMissing, NoPreview
from zhenggai.files.models import StoredFile
from zhenggai.files.previews import Preview, preview_of
from zhenggai.kit.errors import Explanation
from zhenggai.workflow.models import EvidenceVersion


@dataclass(frozen=True, slots=True)
class Look:
    """What a page shows of a file."""

    version: EvidenceVersion
    """Which version."""
    preview: Preview | None
    """How it may be looked at; None when it cannot."""
    refusal: Explanation | None = None
    """Why it cannot."""


@dataclass(frozen=True, slots=True)
class FileLook:
    """What a page shows of a file that is no evidence."""

    preview: Preview | None
    """How it may be looked at; None when it cannot."""
    refusal: Explanation | None = None
    """Why it cannot."""


def look_at_file(file: StoredFile, name: str) -> FileLook:
    """Return what a page shows of a stored file; one nobody can read is said, not raised."""
    try:
        return FileLook(preview_of(file, name))
    except (UnreadableFile, NoPreview, FileMissing) as error:
        return FileLook(None, error.describe(gettext))


def look_at(version: EvidenceVersion) -> Look:
    """Return what a page shows of *version*; a file nobody can read is said, not raised."""
    shown = look_at_file(version.file, version.name)
    return Look(version, shown.preview, shown.refusal)
