"""The text that a school wrote for its letters: simple HTML with placeholders, used in place of the portal's own text.

It is not a template that is run: each placeholder is replaced once by an escaped value, so that a name such as {code}
or <b> stays as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from markupsafe import Markup

#: Placeholders that differ from student to student. A box with one of them is laid out for each letter, which is slow.
PERSONAL = ("student", "grade", "homeroom", "code")
COMMON = ("school", "expires", "office", "join", "sign_in")
PLACEHOLDERS = (*PERSONAL, *COMMON)

PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Wording:
    """HTML by the name of its box; the other boxes have the portal's own text."""

    boxes: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of_boxes(cls, boxes: Mapping[str, str]) -> Self:
        """Make it from HTML by box that `wording_check` checked. An empty text leaves the portal's own."""
        return cls(tuple(sorted((box, html) for box, html in boxes.items() if html)))

    def __getitem__(self, box: str) -> str | None:
        return self._by_box.get(box)

    @cached_property
    def personal(self) -> frozenset[str]:
        """Return the boxes whose text differs from student to student."""
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
