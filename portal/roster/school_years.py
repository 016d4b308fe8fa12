"""Compare academicSessions.csv with the stored school years, at whose ends access codes expire (rule A14)."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from portal import clock
from portal.models import SchoolYear
from portal.roster.comparison import Comparison
from portal.roster.counts import Kind, RowOutcome
from portal.roster.file import File
from portal.roster.rows import SessionRow
from portal.roster.schools import Schools
from portal.roster.statements import change, insertion
from portal.text.language import gettext as _

NEW = insertion(SchoolYear, "id", "school_id", "year", "first_day", "last_day", "ends_at")
CHANGED = change(SchoolYear, "first_day", "last_day", "ends_at")
KNOWN = select(
    SchoolYear.school_id, SchoolYear.year, SchoolYear.id, SchoolYear.first_day, SchoolYear.last_day
)

#: How many levels of sessions are followed upwards; more would be a circle.
DEEPEST = 10

SCHOOL_YEAR = "schoolyear"

Days = tuple[date, date]


class SchoolYears:
    """The first and last day of each school year, by school."""

    def __init__(self, comparison: Comparison, sessions: File[SessionRow], schools: Schools) -> None:
        self._comparison = comparison
        self._sessions = sessions
        self._schools = schools
        self._rows: dict[str, SessionRow] = {}
        #: The identifier of the session of a school and year, as the school's classes name it.
        self._followed: dict[tuple[int, int], str] = {}

    def read(self) -> None:
        """Read the sessions. Must be called before `year_of`."""
        self._rows = {row.source_id: row for row in self._sessions if not row.is_deleted}

    def year_of(self, session_ids: Iterable[str], school_id: int) -> int | None:
        """Return the school year of these sessions, by the calendar year in which it ends; None when unknown."""
        for session_id in session_ids:
            session = self._outermost(session_id)
            if session and session.year:
                self._followed.setdefault((school_id, session.year), session.source_id)
                return session.year
        return None

    def compare(self) -> None:
        """Write the school years of each school of the roster. Years that are not in the file stay as they are.

        Must be called after `year_of` was asked for every class, because classes tell which calendar a school follows.
        """
        calendars = self._calendars()
        rows = self._comparison.read(KNOWN.where(self._comparison.within_reach(SchoolYear.school_id)))
        known = {(school_id, year): (row_id, (first, last)) for school_id, year, row_id, first, last in rows}
        for school_id in self._schools.concerned:
            for year, sessions in calendars.items():
                days = sessions.get(self._followed.get((school_id, year), "")) or _longest(sessions)
                self._compare(school_id, year, days, known.get((school_id, year)))
        self._comparison.writes.flush()

    def _outermost(self, session_id: str) -> SessionRow | None:
        """Return the school year that contains a term or grading period, else the outermost session above it."""
        session = self._rows.get(session_id)
        for _step in range(DEEPEST):
            parent = self._rows.get(session.parent_id) if session else None
            if session is None or parent is None or session.type == SCHOOL_YEAR:
                return session
            session = parent
        return session

    def _calendars(self) -> dict[int, dict[str, Days]]:
        """Return the first and last days by year and session; a year has several where calendars differ by school."""
        found: dict[int, dict[str, Days]] = {}
        rest: dict[int, list[Days]] = {}
        for row in self._rows.values():
            days = self._days(row)
            if days and row.year and row.type == SCHOOL_YEAR:
                found.setdefault(row.year, {})[row.source_id] = days
            elif days and row.year:
                rest.setdefault(row.year, []).append(days)
        for year in rest.keys() - found.keys():
            found[year] = {
                "": (min(first for first, _last in rest[year]), max(last for _first, last in rest[year]))
            }
            self._sessions.remark(
                0, "type", _("%(year)s has no school year of its own; its terms were joined.", year=year)
            )
        return found

    def _days(self, row: SessionRow) -> Days | None:
        if row.first_day and row.last_day and row.first_day < row.last_day:
            return row.first_day, row.last_day
        if row.type == SCHOOL_YEAR:
            self._comparison.reject(
                self._sessions, Kind.SCHOOL_YEARS, row, "endDate", _("It has no first and last day.")
            )
        return None

    def _compare(self, school_id: int, year: int, days: Days, known: tuple[int, Days] | None) -> None:
        if known and known[1] == days:
            return
        first_day, last_day = days
        ends_at = clock.end_of(last_day, self._schools.time_zone(school_id))
        outcome = RowOutcome.CHANGED if known else RowOutcome.NEW
        self._comparison.counts.note(
            Kind.SCHOOL_YEARS, outcome, f"{self._schools.name(school_id)} {year - 1}–{year}"
        )
        if known:
            self._comparison.writes.add(CHANGED, (first_day, last_day, ends_at, known[0]))
        else:
            row_id = self._comparison.writes.new_id(SchoolYear)
            self._comparison.writes.add(NEW, (row_id, school_id, year, first_day, last_day, ends_at))


def _longest(sessions: dict[str, Days]) -> Days:
    """Return the calendar that ends last, so that codes do not expire too early."""
    return max(sessions.values(), key=lambda days: days[1])
