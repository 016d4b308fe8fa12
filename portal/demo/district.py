"""Maple Valley Schools: one network, three schools, their school year and the classes of the cast."""

from datetime import date
from typing import NamedTuple

from portal import clock, db
from portal.demo.cast import Cast
from portal.models import ClassKind, Network, NetworkSchool, School, SchoolClass, SchoolYear

ZONE = "America/Chicago"
FIRST_DAY, LAST_DAY = (8, 24), (6, 30)  # month, day

#: Telephone numbers 555-0100 to 555-0199 are kept free for stories.
OFFICE = "the school office, 555-01{line}, Monday to Friday 7:30–16:00"


class DemoSchool(NamedTuple):
    """A school as the district's own list has it."""

    name: str
    identifier: str
    grades: range
    line: int


SCHOOLS = {
    "lincoln": DemoSchool("Lincoln Elementary", "lincoln", range(6), 42),
    "riverside": DemoSchool("Riverside Middle", "riverside", range(6, 9), 58),
    "jefferson": DemoSchool("Jefferson High", "jefferson", range(9, 13), 71),
}

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
    """The network, its schools with this school year and the last one, and the classes of the cast."""
    network = cast.join("network", Network(name="Maple Valley Schools", source_id="district"))
    for name, place in SCHOOLS.items():
        school = cast.join(name, _school(place))
        db.session.add(NetworkSchool(network_id=network.id, school_id=school.id))
        this_year = year_of(clock.today(ZONE))
        db.session.add_all(school_year(school, ending_in=year) for year in (this_year - 1, this_year))
    for name, school_name, kind, title, room in CLASSES:
        school = getattr(cast, school_name)
        cast.join(name, SchoolClass(school_id=school.id, kind=kind.value, title=title, room=room))


def year_of(today: date) -> int:
    """The calendar year in which the school year ends that contains `today` or comes next."""
    return today.year + (today > date(today.year, *LAST_DAY))


def school_year(school: School, *, ending_in: int) -> SchoolYear:
    """A year from late August to the end of June."""
    first_day, last_day = date(ending_in - 1, *FIRST_DAY), date(ending_in, *LAST_DAY)
    return SchoolYear.of(school, year=ending_in, first_day=first_day, last_day=last_day)


def _school(place: DemoSchool) -> School:
    return School(
        name=place.name,
        identifier=place.identifier,
        source_id=f"school-{place.identifier}",
        time_zone=ZONE,
        office_contact=OFFICE.format(line=place.line),
    )
