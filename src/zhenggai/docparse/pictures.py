"""Pages of a PDF and photographs → pictures that a browser may show: drawn anew by us, in a bounded process.

The bytes of a stranger's file never reach a browser as they are: a page is drawn as PNG, a photograph is decoded,
turned upright, made smaller and encoded again as JPEG, which leaves out everything but the picture.
"""

from __future__ import annotations

import io
import json
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pypdfium2.raw as raw  # type: ignore[import-untyped]  # as above
from PIL import Image, ImageOps

from zhenggai.docparse.child import begin, finish, run_child
from zhenggai.docparse.errors import (
    Corrupt,
    Encrypted,
    ReaderFailed,
    ReadingCrashed,
    ReadingOutOfMemory,
    TooMuch,
    UnreadableFile,
    clean_name,
    error_from,
)
from zhenggai.docparse.readers.limits import MEBI, Limits
from zhenggai.docparse.reading import load

PICTURE_LIMITS = Limits(wall_seconds=30.0, cpu_seconds=20, memory_bytes=1536 * MEBI)
"""What one page or photograph may ask of the machine."""
PAGE_WIDTH, PAGE_HEIGHT = 1120, 4000
"""Most points of a drawn page."""
LONGEST_SIDE = 1600
"""Most points of a side of a photograph."""
MOST_POINTS = 80_000_000
"""Most points of a photograph before it is decoded."""
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
_MOST_ANSWER = 24 * MEBI
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn by us."""

    content: bytes
    """PNG of a page, JPEG of a photograph."""
    pages: int
    """How many pages the file has; 1 for a photograph."""
    width: int
    """Points across."""
    height: int
    """Points down."""


def draw_page_isolated(path: Path, page: int, *, name: str = "", limits: Limits = PICTURE_LIMITS) -> Picture:
    """Return page *page* (from 1) of the PDF at *path* as PNG, drawn in a process of its own.

    Raises:
        UnreadableFile: one of its subclasses; ``TooMuch`` for a page that is not there.
    """
    return _ask(path, {"act": "page", "page": page}, name, limits)


def draw_photograph_isolated(path: Path, *, name: str = "", limits: Limits = PICTURE_LIMITS) -> Picture:
    """Return the photograph at *path* as JPEG, upright, smaller and without any data beside it.

    Raises:
        UnreadableFile: one of its subclasses.
    """
    return _ask(path, {"act": "photograph"}, name, limits)


def _ask(path: Path, act: dict[str, object], name: str, limits: Limits) -> Picture:
    shown = clean_name(name or path.name)
    load(path, shown, limits, most=1)
    request = {"path": str(path.resolve()), "name": shown, "limits": asdict(limits), **act}
    head, _, content = run_child(__name__, request, limits, shown).partition(b"\n")
    try:
        told = json.loads(head)
        if "error" in told:
            raise error_from(str(told["error"]), {str(key): str(value) for key, value in told["slots"].items()})
        picture = Picture(content, int(told["pages"]), int(told["width"]), int(told["height"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReadingCrashed(name=shown, reason="返回的结果不完整") from error
    if len(content) > _MOST_ANSWER or not content.startswith(_SIGNATURES):
        raise ReadingCrashed(name=shown, reason="返回的结果不完整")
    return picture


def serve() -> None:
    """Answer one request; runs in the child only."""
    request, limits, out = begin()
    name, path = request["name"], Path(request["path"])
    try:
        drawn = _draw_page(path, request["page"], name, limits) if request["act"] == "page" else _draw(path, name)
        facts = {"pages": drawn.pages, "width": drawn.width, "height": drawn.height}
        answer = json.dumps(facts).encode() + b"\n" + drawn.content
    except UnreadableFile as error:
        answer = _refusal(error)
    except MemoryError:
        answer = _refusal(ReadingOutOfMemory(name=name))
    except Exception as error:  # noqa: BLE001 - a stranger's file may make a library raise anything
        answer = _refusal(ReaderFailed(name=name, reason=type(error).__name__))
    finish(out, answer)


def _refusal(error: UnreadableFile) -> bytes:
    slots = {key: str(value) for key, value in error.slots.items()}
    return json.dumps({"error": error.code, "slots": slots}).encode() + b"\n"


def _draw_page(path: Path, number: int, name: str, limits: Limits) -> Picture:
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Encrypted(name=name) from error
        raise Corrupt(name=name, reason="PDF 结构不完整，文件可能被截断") from error
    count = len(document)
    if not 1 <= number <= min(count, limits.max_pages):
        raise TooMuch(name=name, amount=f"第 {number} 页", limit=f"{count} 页")
    page = document[number - 1]
    width, height = (max(side, 1.0) for side in page.get_size())
    scale = min(PAGE_WIDTH / width, PAGE_HEIGHT / height)
    image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    return _encoded(image, "PNG", count)


def _draw(path: Path, name: str) -> Picture:
    Image.MAX_IMAGE_PIXELS = MOST_POINTS
    warnings.simplefilter("ignore")
    try:
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > MOST_POINTS:
                raise TooMuch(name=name, amount=f"{image.width}×{image.height} 点", limit=f"{MOST_POINTS} 点")
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _encoded(_on_white(upright), "JPEG", 1)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Corrupt(name=name, reason="图片无法解码") from error


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        ground = Image.new("RGB", layered.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    return image.convert("RGB")


def _encoded(image: Image.Image, kind: str, pages: int) -> Picture:
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    buffer = io.BytesIO()
    if kind == "PNG":
        clean.save(buffer, "PNG", optimize=False)
    else:
        clean.save(buffer, "JPEG", quality=85)
    return Picture(buffer.getvalue(), pages, clean.width, clean.height)
