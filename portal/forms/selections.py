"""What was chosen on a list of students, as the list's form sends it."""

from flask import request

from portal.models.selection import Selection
from portal.models.wanted import Wanted


def sent_selection() -> Selection:
    """From the fields `ids` (one a tick) or `all`, and those of the search. Raises Refused as `Selection.of`."""
    everyone = bool(request.form.get("all"))
    return Selection.of(Wanted.read(request.form), ids=request.form.getlist("ids"), everyone=everyone)
