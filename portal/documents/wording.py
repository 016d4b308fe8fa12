"""What a school wrote on its letter: a little HTML with placeholders, put in place of our own words.

It is never run as a template: each placeholder is replaced once, by a value whose markup is escaped, so a name
that reads {code} or <b> stays just that.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from markupsafe import Markup

#: What differs from student to student. A box with one of these is laid out for each letter anew, and slower.
PERSONAL = ("student", "grade", "homeroom", "code")
COMMON = ("school", "expires", "office", "join", "sign_in")
PLACEHOLDERS = (*PERSONAL, *COMMON)

PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Wording:
    """HTML by the name of the box it stands in; boxes that are not named keep our own words."""

    boxes: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of_boxes(cls, boxes: Mapping[str, str]) -> Self:
        """From checked HTML (`wording_check`) by box; empty texts leave ours."""
        return cls(tuple(sorted((box, html) for box, html in boxes.items() if html)))

    def __getitem__(self, box: str) -> str | None:
        return self._by_box.get(box)

    @cached_property
    def personal(self) -> frozenset[str]:
        """The boxes whose text differs from student to student."""
        return frozenset(
            box for box, html in self.boxes if not set(PERSONAL).isdisjoint(PLACEHOLDER.findall(html))
        )

    def filled(self, box: str, values: Mapping[str, Markup]) -> Markup:
        """Return the HTML of that box with `values`, which are escaped, in place of its placeholders."""
        text = PLACEHOLDER.sub(lambda found: values[found[1]], self._by_box[box])
        return Markup(text)  # noqa: S704 - checked when it was saved, and every value is escaped

    @cached_property
    def _by_box(self) -> dict[str, str]:
        return dict(self.boxes)


ORIGINAL = Wording()
