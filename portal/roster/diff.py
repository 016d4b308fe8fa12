"""Compare a whole roster with what is stored, file by file, those first to which others refer."""

from collections.abc import Mapping

from portal.roster import attendance
from portal.roster.archive import Source
from portal.roster.attendance import is_attendance
from portal.roster.attendance_days import AttendanceDays
from portal.roster.classes import Classes
from portal.roster.comparison import Comparison
from portal.roster.enrolments import Enrolments
from portal.roster.file import File
from portal.roster.lines import Advance
from portal.roster.networks import Networks
from portal.roster.oneroster import OneRoster
from portal.roster.pedagogue import COLUMNS, staff
from portal.roster.person import Person
from portal.roster.problems import NotARoster, Problems
from portal.roster.rows import Mode, OrgRow, StaffRow
from portal.roster.school_years import SchoolYears
from portal.roster.schools import Schools
from portal.roster.staff import StaffComparison
from portal.roster.table import Table
from portal.roster.users import Users
from portal.text.language import gettext as _


def compare(
    sources: Mapping[str, Source], comparison: Comparison, problems: Problems, advance: Advance
) -> None:
    """Compare a OneRoster bundle, a pedagogue file or attendance.csv with what is stored.

    `sources` is from `archive.opened`; `advance` is called with the number of bytes read. Raises NotARoster when the
    files are of no kind, or of more than one.
    """
    if sources.keys() == {"pedagogue"} and is_attendance(sources["pedagogue"]):
        sources = {"attendance": sources["pedagogue"]}
    if sources.keys() == {"attendance"}:
        _compare_attendance(Table(sources["attendance"], attendance.COLUMNS, problems, advance), comparison)
    elif "pedagogue" not in sources:
        _compare_oneroster(OneRoster(sources, problems, advance, comparison.now.date()), comparison)
    elif len(sources) > 1:
        raise NotARoster(_("A pedagogue file is here together with other files. Send one after the other."))
    else:
        _compare_staff_file(Table(sources["pedagogue"], COLUMNS, problems, advance), comparison)


def _compare_oneroster(roster: OneRoster, comparison: Comparison) -> None:
    schools = Schools(comparison, roster.orgs)
    schools.compare()
    Networks(comparison, schools).compare()
    years = SchoolYears(comparison, roster.sessions, schools)
    years.read()
    classes = Classes(comparison, roster.classes, schools, years)
    classes.compare()
    years.compare()
    users = Users(comparison, roster.users, schools)
    users.compare()
    enrolments = Enrolments(comparison, roster.enrolments, classes, users.students.ids, users.staff.ids)
    enrolments.compare()
    users.students.set_homerooms(
        enrolments.joined, enrolments.left, is_complete=roster.enrolments.shows_who_is_gone
    )
    days = AttendanceDays(comparison)
    days.compare(roster.attendance, users.students.ids)
    days.count(users.students.moved)


def _compare_attendance(table: Table, comparison: Comparison) -> None:
    days = AttendanceDays(comparison)
    days.compare(File(table.report.file, Mode.DELTA, table, attendance.days), {})
    days.count(set())


def _compare_staff_file(table: Table, comparison: Comparison) -> None:
    file: File[StaffRow] = File(table.report.file, Mode.BULK, table, staff)
    rows = list(file)
    if not rows and not table.report.is_complete:
        raise NotARoster(
            _(
                "This is no roster: neither OneRoster files nor attendance, "
                "nor a pedagogue file with staffId, email and so on."
            )
        )
    nothing: File[OrgRow] = File("orgs.csv", Mode.ABSENT, None, lambda _table, _identities: iter(()))
    schools = Schools(comparison, nothing)
    people = StaffComparison(comparison, file)
    people.compare(Person.of_lines(rows, schools).values())
    named = (schools.id_of_identifier(row.school_identifier) for row in rows)
    people.mark_missing_off_file(school_id for school_id in named if school_id is not None)
