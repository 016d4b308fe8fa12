"""The fields of a search above a list of students, and their options, which are strings that are kept.

A list of all homerooms of a large school would be most of its page. So where there are more than MOST_OPTIONS, a field
takes any part of a title instead: what it finds is seen in the list while one types.
"""

from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

from portal.text.language import gettext as _
from portal.text.language import now as language_now
from portal.web.templating import grade

#: More titles than these are typed, not picked.
MOST_OPTIONS = 60

#: Values and labels of options.
Pairs = tuple[tuple[str, str], ...]


class SearchField(NamedTuple):
    """One field: a list to pick from, or without `options` one to type in, where `hint` says what."""

    name: str
    label: str
    value: str
    options: Markup | None = None
    hint: str = ""
    is_number: bool = False

    @classmethod
    def of_pairs(cls, name: str, label: str, value: str, pairs: Pairs) -> "SearchField":
        """Return a field to pick one of these; none is picked for a value that is not among them."""
        return cls(name, label, value, _picked(_options(pairs), value))

    @classmethod
    def of_grades(cls, label: str, value: str, grades: tuple[int, ...], *, more: Pairs = ()) -> "SearchField":
        """Return the field for the grades of a school, in the reader's language."""
        options = _grade_options(grades, more, language_now())
        return cls("grade", label, value, _picked(options, value))

    @classmethod
    def of_titles(
        cls, name: str, label: str, value: str, titles: tuple[str, ...], *, more: Pairs = ()
    ) -> "SearchField":
        """Return the field for the titles of classes: to pick one, or to type a part where there are many.

        `more` is what else can be picked: that there is none.
        """
        if len(titles) > MOST_OPTIONS:
            hint = _("Part, or “none”") if more else _("Any part")
            return cls(name, label, value, hint=hint)
        pairs = (("", _("All")), *((title, title) for title in titles), *more)
        return cls.of_pairs(name, label, value, pairs)


def _picked(options: Markup, value: str) -> Markup:
    """Return the options with that one selected."""
    start = f'<option value="{escape(value)}">'
    selected = f'<option selected value="{escape(value)}">'
    return Markup(str(options).replace(start, selected, 1))  # noqa: S704 - both are escaped


@lru_cache(maxsize=256)
def _options(pairs: Pairs) -> Markup:
    return Markup("").join(_OPTION % pair for pair in pairs)


@lru_cache(maxsize=256)
def _grade_options(grades: tuple[int, ...], more: Pairs, _language: str) -> Markup:
    return _options((("", _("All")), *((str(number), grade(number)) for number in grades), *more))


_OPTION = Markup('<option value="%s">%s</option>')
