"""The filter and the order of the Data Grid, read from an address and translated into SQL."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, and_

from portal import clock
from portal.models.grid.column import HERE, NAME, columns_for
from portal.models.grid.narrowing import ABOUT_GUARDIANS, FILTERS, typed_value
from portal.models.paging import Asked, asked_words, with_values, word_criterion
from portal.models.schools.school import School
from portal.models.schools.school_class import ClassKind
from portal.models.students.filter import title_values
from portal.models.students.student import Student

#: The greatest lengths of the search words and of the text of a filter.
LONGEST_WORDS, LONGEST_TEXT = 100, 200


class GridFilter(NamedTuple):
    """A filter on the students of one school. `filters` holds the names and texts of filters; `sort` is a column.

    `after` is the public id of the last student already shown; the page begins behind that student.
    """

    school: School
    words: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    sort: str = NAME.name
    is_descending: bool = False
    after: str = ""

    @classmethod
    def from_query(cls, sent: Mapping[str, str], school: School, *, sees_guardians: bool) -> Self:
        """Read the filter from an address or a form. Values that make no sense are ignored."""
        sort, is_descending = _sort(sent.get("sort", ""), sees_guardians=sees_guardians)
        return cls(
            school,
            words=_text(sent, "q")[:LONGEST_WORDS],
            filters=tuple(_filters(sent, sees_guardians=sees_guardians)),
            sort=sort,
            is_descending=is_descending,
            after=_text(sent, "after")[:22],
        )

    @property
    def query(self) -> dict[str, str]:
        """The fields that `from_query` reads, without `after`, for an address or hidden fields."""
        told = {
            "school": self.school.public_id,
            "q": self.words,
            **dict(self.filters),
            "sort": self.sort_text,
        }
        return {name: text for name, text in told.items() if text}

    @property
    def sort_text(self) -> str:
        """The column, with a minus before it for descending order; "" for the usual order."""
        is_usual = self.sort == NAME.name and not self.is_descending
        return "" if is_usual else f"{'-' * self.is_descending}{self.sort}"

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.filters)

    @property
    def asked(self) -> Asked:
        """What it asks of a list. Students who left are not in the grid."""
        words = asked_words(self.words)
        narrowed = [(name, FILTERS[name].value_of(text) or ("", None)) for name, text in self.filters]
        shape = (*words.shape, *(f"{name}={which}" for name, (which, _value) in narrowed))
        values = {typed_value(name): value for name, (_which, value) in narrowed}
        values |= title_values(ClassKind.HOMEROOM, dict(self.filters).get("homeroom", ""))
        return Asked(shape, {**words.values, **values, **self._place})

    @property
    def _place(self) -> dict[str, Any]:
        """The parameters that say where and when, of every statement of the grid."""
        school = self.school
        return {"school_id": school.id, "now": clock.now(), "today": clock.today(school.time_zone)}

    def criteria(self) -> list[ColumnElement[bool]]:
        """Return the criteria on Student, with their values."""
        asked = self.asked
        return [with_values(each, asked.values) for each in criteria_of(asked.shape)]

    def bounds(self) -> list[ColumnElement[bool]]:
        """Return the criteria for all students that the grid of this school can show."""
        return [with_values(each, {"school_id": self.school.id}) for each in _BOUNDS]


def criteria_of(shape: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """Return the criteria on Student of that shape, whose values come as parameters: see `GridFilter.asked`."""
    return [*_BOUNDS, *(_criterion(name) for name in shape)]


def _criterion(name: str) -> ColumnElement[bool]:
    word = word_criterion(Student.search_key, name)
    column, _equals, which = name.partition("=")
    return FILTERS[column].criterion(which) if word is None else word


_BOUNDS: list[ColumnElement[bool]] = [Student.school_id == HERE, and_(Student.is_enrolled())]


def _filters(sent: Mapping[str, str], *, sees_guardians: bool) -> list[tuple[str, str]]:
    names = [name for name in FILTERS if sees_guardians or name not in ABOUT_GUARDIANS]
    texts = [(name, _text(sent, name)[:LONGEST_TEXT]) for name in names]
    return [(name, text) for name, text in texts if text and FILTERS[name].value_of(text) is not None]


def _text(sent: Mapping[str, str], name: str) -> str:
    """Return a field without zero bytes, which PostgreSQL accepts in no text."""
    return sent.get(name, "").replace("\x00", "").strip()


def _sort(text: str, *, sees_guardians: bool) -> tuple[str, bool]:
    name = text.removeprefix("-")
    if name not in columns_for(sees_guardians=sees_guardians):
        name = NAME.name
    return name, text == f"-{name}"
