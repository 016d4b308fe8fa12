"""A network's schools as a spreadsheet. What is too small to be shown is an empty cell."""

from collections.abc import Sequence
from types import SimpleNamespace

from portal.documents.spreadsheets import BYTE_ORDER_MARK, lines
from portal.models.figures.network_sums import STAFF

MEASURES = {
    "enrolled": "Students",
    "enabled": "Enabled",
    "with_one": "1+ guardian",
    "with_two": "2+ guardians",
    "days_known": "Days known",
    "days_absent": "Days absent",
    "supports": "Supports running",
    "without_point_person": "Without point person",
}


def sheet(schools: Sequence[SimpleNamespace]) -> str:
    """The whole file."""
    head = ["School", *MEASURES.values(), *(column.info["label"] for column in STAFF)]
    rows = ([school.name, *_cells(school)] for school in schools)
    return BYTE_ORDER_MARK + lines([head, *rows])


def _cells(school: SimpleNamespace) -> list[str]:
    names = [*MEASURES, *(column.name for column in STAFF)]
    values = (getattr(school, name) for name in names)
    return ["" if value is None else str(value) for value in values]
