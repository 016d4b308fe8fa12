"""What was chosen on a list of students, as the list's form sends it."""

from flask import request

from portal.models.selection import Description, Selection


def sent_selection(wanted: Description) -> Selection:
    """Who was ticked (`ids`), or everyone whom `wanted` describes (`all`). Raises Refused as `Selection.of`."""
    return Selection.of(wanted, ids=request.form.getlist("ids"), everyone=bool(request.form.get("all")))
