"""What was chosen on a list of students, as the list's form sends it."""

from flask import request

from portal.models import School
from portal.models.selection import Selection
from portal.models.wanted import Wanted


def sent_selection(school: School | None = None) -> Selection:
    """From the fields `ids` (one a tick) or `all`, and those of the search. Raises Refused as `Selection.of`.

    With a `school`, everyone whom the search describes is everyone there.
    """
    everyone, wanted = bool(request.form.get("all")), Wanted.read(request.form)
    if school:
        wanted = wanted._replace(school=school.public_id, status=None)
    return Selection.of(wanted, ids=request.form.getlist("ids"), everyone=everyone)
