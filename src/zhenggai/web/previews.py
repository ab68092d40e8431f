"""A version of a piece of evidence as a page shows it: its preview, or the sentence why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from zhenggai.docparse.errors import UnreadableFile
from zhenggai.files.errors import FileMissing, NoPreview
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


def look_at(version: EvidenceVersion) -> Look:
    """Return what a page shows of *version*; a file nobody can read is said, not raised."""
    try:
        return Look(version, preview_of(version.file, version.name))
    except (UnreadableFile, NoPreview, FileMissing) as error:
        return Look(version, None, error.describe(gettext))
