"""Words that are kept: written once, read by people of either language.

A kept sentence stands in the database as its message id (marked by `gettext_noop`), apart from the
names in it. A name that is a sentence itself (a reason of a catalogue) is read the same way.
"""

from collections.abc import Mapping

from django.utils.translation import get_language, gettext


def said(sentence: str, names: Mapping[str, str] | None = None) -> str:
    """A kept sentence in the language of whoever reads it."""
    words = _read(sentence)
    return words % {name: _read(each) for name, each in names.items()} if names else words


def _read(sentence: str) -> str:
    return gettext(sentence) if sentence else ""  # the empty message id is the catalogue's header


def in_english() -> bool:
    return (get_language() or "").startswith("en")
