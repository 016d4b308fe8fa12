"""Rows of long tables: the template says once what a row looks like, and each row costs no more than its texts.

An expression of a template escapes its value and looks up its names; a thousand of them were most of the page.
"""

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup, escape

#: Stands between texts while they are escaped together; no text of a page has it.
SEPARATOR = "\x00"


def filled(patterns: Mapping[str, Markup], rows: Iterable[tuple[str, Sequence[str]]]) -> Markup:
    """One after the other the rows, each a name in `patterns` and the texts for its `{}` places, in order."""
    forms = {name: str(pattern).format for name, pattern in patterns.items()}
    return Markup("".join(forms[name](*_escaped(texts)) for name, texts in rows))  # noqa: S704


def _escaped(texts: Sequence[str]) -> Sequence[str]:
    together = SEPARATOR.join(texts)
    if together.count(SEPARATOR) >= len(texts):
        return [str(escape(text)) for text in texts]
    return str(escape(together)).split(SEPARATOR)
