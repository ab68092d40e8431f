"""Enumerations as rows use them: which words mean which code on which day, and how a kept code is shown."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from zhenggai.kit.text import comparison_key
from zhenggai.packs.declarations import Enumeration, EnumerationVersion, Value


class Choices:
    """The enumerations of a moment's declarations."""

    def __init__(self, enumerations: Mapping[str, Enumeration]) -> None:
        """Keep *enumerations*; tables of words are made when first asked for."""
        self._enumerations = enumerations
        self._words: dict[tuple[str, int], dict[str, str]] = {}
        self._labels: dict[str, dict[str, str]] = {}

    def values(self, enumeration: str, on: datetime.date) -> Sequence[Value]:
        """Return the values that hold on a day, in their order; those of the first version before it began."""
        found = self._version(enumeration, on)
        return found[1].values if found else ()

    def labels(self, enumeration: str, on: datetime.date) -> list[str]:
        """Return what people may choose on a day."""
        return [value.label for value in self.values(enumeration, on)]

    def code_of(self, enumeration: str, text: str, on: datetime.date) -> str | None:
        """Return the code that *text* (a code, a label or another word for it) means on a day."""
        found = self._version(enumeration, on)
        if found is None:
            return None
        words = self._words.get((enumeration, found[0]))
        if words is None:
            words = self._words[enumeration, found[0]] = _words_of(found[1])
        return words.get(text) or words.get(comparison_key(text) or text)

    def label_of(self, enumeration: str, code: str, on: datetime.date) -> str:
        """Return the label of a kept code by the version of its day; by any version when that one does not know it."""
        for value in self.values(enumeration, on):
            if value.code == code:
                return value.label
        labels = self._labels.get(enumeration)
        if labels is None:
            known = self._enumerations.get(enumeration)
            versions = known.versions if known else ()
            labels = {value.code: value.label for version in versions for value in version.values}
            self._labels[enumeration] = labels
        return labels.get(code, code)

    def _version(self, enumeration: str, on: datetime.date) -> tuple[int, EnumerationVersion] | None:
        known = self._enumerations.get(enumeration)
        if known is None:
            return None
        index = max((index for index, each in enumerate(known.versions) if each.since <= on), default=0)
        return index, known.versions[index]


def _words_of(version: EnumerationVersion) -> dict[str, str]:
    words: dict[str, str] = {}
    for value in version.values:
        for word in (*value.also, value.label):
            words.setdefault(comparison_key(word) or word, value.code)
    # A label is stronger than another value's other word, a code than both.
    words.update({comparison_key(value.label) or value.label: value.code for value in version.values})
    words.update({value.code: value.code for value in version.values})
    return words
