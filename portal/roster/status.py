"""The column `status`: whether a line is about something that is there or something to be taken away."""

from portal.roster.problems import Report
from portal.text.language import gettext as _

#: `inactive` is of OneRoster 1.0. In complete files the column should be empty.
DELETED = {"": False, "active": False, "tobedeleted": True, "inactive": True}


def is_deleted(status: str, line: int, report: Report) -> bool:
    """Whether the line takes away what it is about. Anything unheard of counts as active, with a remark."""
    if status in DELETED:
        return DELETED[status]
    if status.lower() not in DELETED:
        report.remark(
            line, "status", _("This status is neither active nor tobedeleted; it was read as active.")
        )
    return DELETED.get(status.lower(), False)
