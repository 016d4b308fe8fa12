"""Tables for a spreadsheet: CSV in UTF-8 whose cells no program takes for formulas."""

import csv
import io
from collections.abc import Iterable

#: Excel takes a file for UTF-8 when it begins so.
BYTE_ORDER_MARK = "\ufeff"

#: A cell that begins with one of these is a formula to Excel, LibreOffice or Google Sheets (OWASP, CSV Injection).
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def lines(rows: Iterable[Iterable[str]]) -> str:
    """These rows as lines of the file; the first ones of a file follow BYTE_ORDER_MARK."""
    paper = io.StringIO()
    csv.writer(paper).writerows([harmless(cell) for cell in row] for row in rows)
    return paper.getvalue()


def harmless(text: str) -> str:
    """`text` as a cell that stays text: spaces before a sign do not hide it."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA_SIGNS) else text
