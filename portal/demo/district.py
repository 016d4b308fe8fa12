"""Add Maple Valley Schools: a network, three schools, their school years and classes, and past figures."""

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select

from portal import clock, db
from portal.demo.cast import Cast
from portal.models import ClassKind, Network, NetworkSchool, School, SchoolClass, SchoolSnapshot, SchoolYear
from portal.worker import totals

ZONE = "America/Chicago"
#: The first and the last day of each school year: month and day.
FIRST_DAY = (8, 24)
LAST_DAY = (6, 30)

#: Telephone numbers 555-0100 to 555-0199 are reserved for fiction.
OFFICE = "the school office, 555-01{line}, Monday to Friday 7:30–16:00"


class DemoSchool(NamedTuple):
    """A school of the demo. `line` is the end of its telephone number."""

    name: str
    identifier: str
    grades: range
    line: int


SCHOOLS = {
    "lincoln": DemoSchool("Lincoln Elementary", "lincoln", range(6), 42),
    "riverside": DemoSchool("Riverside Middle", "riverside", range(6, 9), 58),
    "jefferson": DemoSchool("Jefferson High", "jefferson", range(9, 13), 71),
}

#: How many weeks of past figures the dashboards show.
PAST_WEEKS = 7

#: The classes of the cast: name in the cast, school, kind, title and room.
CLASSES = (
    ("class_2a", "lincoln", ClassKind.HOMEROOM, "2A", "Room 12"),
    ("class_2b", "lincoln", ClassKind.HOMEROOM, "2B", "Room 14"),
    ("resource_room", "lincoln", ClassKind.HOMEROOM, "Resource Room", "Room 9"),
    ("music_2a", "lincoln", ClassKind.COURSE, "Music 2A", "Music Room"),
    ("music_2b", "lincoln", ClassKind.COURSE, "Music 2B", "Music Room"),
    ("class_7a", "riverside", ClassKind.HOMEROOM, "7A", "Room 201"),
    ("science_7a", "riverside", ClassKind.COURSE, "Science 7A", "Lab 1"),
    ("class_11a", "jefferson", ClassKind.HOMEROOM, "11A", "Room 310"),
    ("mathematics_11a", "jefferson", ClassKind.COURSE, "Mathematics 11A", "Room 305"),
)


def open_schools(cast: Cast) -> None:
    """Add the network, its schools with this and the last school year, and the classes of the cast."""
    network = cast.join("network", Network(name="Maple Valley Schools", source_id="district"))
    for name, demo_school in SCHOOLS.items():
        school = cast.join(name, _school(demo_school))
        db.session.add(NetworkSchool(network_id=network.id, school_id=school.id))
        this_year = year_of(clock.today(ZONE))
        db.session.add_all(school_year(school, ending_in=year) for year in (this_year - 1, this_year))
    for name, school_name, kind, title, room in CLASSES:
        school = getattr(cast, school_name)
        cast.join(name, SchoolClass(school_id=school.id, kind=kind.value, title=title, room=room))


def add_past_figures() -> None:
    """Count the schools as they are now, and add one count for each past week, with fewer families paired."""
    totals.take_daily_snapshots()
    with db.writing():
        for snapshot in db.session.scalars(select(SchoolSnapshot)).all():
            for week in range(1, PAST_WEEKS + 1):
                db.session.add(_weeks_earlier(snapshot, week))


def year_of(today: date) -> int:
    """Return the calendar year in which the school year ends that contains `today` or comes next."""
    return today.year + (today > date(today.year, *LAST_DAY))


def school_year(school: School, *, ending_in: int) -> SchoolYear:
    """Return a school year from late August to the end of June."""
    first_day = date(ending_in - 1, *FIRST_DAY)
    last_day = date(ending_in, *LAST_DAY)
    return SchoolYear.of(school, year=ending_in, first_day=first_day, last_day=last_day)


def _school(demo_school: DemoSchool) -> School:
    return School(
        name=demo_school.name,
        identifier=demo_school.identifier,
        source_id=f"school-{demo_school.identifier}",
        time_zone=ZONE,
        office_contact=OFFICE.format(line=demo_school.line),
    )


def _weeks_earlier(snapshot: SchoolSnapshot, week: int) -> SchoolSnapshot:
    """Return a copy of `snapshot` from `week` weeks ago, with an eighth fewer families for each week."""
    kept = {column.name: getattr(snapshot, column.name) for column in SchoolSnapshot.__table__.columns}
    for name in ("enabled", "with_one", "with_two"):
        kept[name] = kept[name] * (PAST_WEEKS + 1 - week) // (PAST_WEEKS + 1)
    return SchoolSnapshot(**kept | {"day": clock.now().date() - timedelta(weeks=week)})
