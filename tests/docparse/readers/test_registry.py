"""The door of the readers: ours come in lazily, strangers are checked and refused by name."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from zhenggai.docparse.document import Document
from zhenggai.docparse.readers import registry
from zhenggai.docparse.readers.assemble import Assembler
from zhenggai.docparse.readers.base import Reader, Source
from zhenggai.docparse.readers.limits import Limits
from zhenggai.docparse.readers.registry import BUILT_IN, Registry
from zhenggai.docparse.reading import read_document


class Shouting:
    """A plug-in that reads plain text its own way."""

    name = "shouting"
    kinds = ("txt",)

    def read(self, source: Source, limits: Limits) -> Document:
        out = Assembler(source, limits)
        out.paragraph(source.text.upper())
        return out.document("txt")


def test_every_built_in_reader_fits_the_protocol_and_takes_its_kinds() -> None:
    for _, kinds in BUILT_IN:
        for kind in kinds:
            reader = Registry(group="none").reader_for(kind)
            assert isinstance(reader, Reader) and kind in reader.kinds
    assert Registry(group="none").reader_for("unheard") is None


def test_a_plug_in_takes_over_its_kind() -> None:
    readers = Registry(group="none")
    assert readers.register(Shouting())
    assert read_document(b"abc def", name="a.txt", readers=readers).text == "ABC DEF"
    assert not readers.register(Shouting(), "again")
    assert readers.refusals() == [("again", "kind 'txt' is already taken by 'shouting'")]


def test_misfits_and_broken_plug_ins_are_refused_with_their_name_and_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [
        EntryPoint("broken", "zhenggai.no_such_module:Reader", registry.GROUP),
        EntryPoint("misfit", "pathlib:Path", registry.GROUP),
        EntryPoint("good", f"{__name__}:Shouting", registry.GROUP),
    ]
    monkeypatch.setattr(registry, "entry_points", lambda group: points)
    readers = Registry()
    refused = dict(readers.refusals())
    assert set(refused) == {"broken", "misfit"}
    assert "ModuleNotFoundError" in refused["broken"] and "kinds" in refused["misfit"]
    assert readers.reader_for("txt").__class__.__name__ == "Shouting"
