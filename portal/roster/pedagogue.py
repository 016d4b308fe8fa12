"""Parse the pedagogue file, which lists the staff of one or more schools. Apart because it is a format of its own."""

from collections.abc import Iterator

from portal.roster import values
from portal.roster.columns import Columns
from portal.roster.file import Identities
from portal.roster.rows import StaffRow
from portal.roster.table import Table
from portal.text.language import gettext as _

COLUMNS = Columns(
    ("staffId", "givenName", "familyName", "email", "title", "schoolIdentifier", "principal"),
    required=frozenset({"staffId", "givenName", "familyName", "email", "schoolIdentifier"}),
)


def staff(table: Table, identities: Identities) -> Iterator[StaffRow]:
    """Yield each line that can be used, and report the others. Who works at two schools has two lines."""
    identities.column = "staffId"
    for line, read in table:
        staff_id, given, family, address, title, school, principal = read
        if not any(read):
            continue
        if not given and not family:
            identities.reject(staff_id, line, "givenName", _("This person has no name."))
        elif not staff_id:
            table.report.reject_unidentified(line, "staffId", _("This line has no identifier."))
        elif identities.is_new(f"{staff_id}\n{school}", line, read):
            yield StaffRow(
                line,
                staff_id,
                values.name(given or family),
                values.name(family if given else ""),
                values.email(address, line, table.report),
                values.name(title),
                school,
                values.is_yes(principal),
            )
