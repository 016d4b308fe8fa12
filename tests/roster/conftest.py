"""Ways to hand a roster to the readers."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal import db
from portal.models import Membership, Network, NetworkMembership, School, Staff
from portal.policy.permissions import AccessLevel, NetworkLevel
from portal.roster.apply import ImportSummary, apply
from portal.roster.archive import opened
from portal.roster.importer import Importer
from portal.roster.oneroster import OneRoster
from portal.roster.problems import Problems
from tests.roster.bundles import CLASSES, ENROLMENTS, ORGS, USERS, as_folder, bundle
from tests.roster.stored import the

TODAY = date(2026, 11, 22)


class Reading:
    """Everything a bundle says, and what is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.problems = Problems()
        with opened(path) as sources:
            roster = OneRoster(sources, self.problems, lambda _: None, TODAY)
            self.files = {
                "orgs": roster.orgs,
                "sessions": roster.sessions,
                "classes": roster.classes,
                "users": roster.users,
                "enrolments": roster.enrolments,
            }
            self.rows: dict[str, dict[str, Any]] = {
                name: {row.source_id: row for row in file} for name, file in self.files.items()
            }

    @property
    def sentences(self) -> dict[str, str]:
        return {problem.place: problem.sentence for problem in self.problems}


@pytest.fixture(autouse=True)
def _in_november() -> Iterator[None]:
    """Roles and enrolments end by the date of the import."""
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def read(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Reading]:
    def read_bundle(files: dict[str, str | bytes]) -> Reading:
        folder = tmp_path / "bundle"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
        return Reading(folder)

    return read_bundle


@pytest.fixture
def imported(app: Flask, tmp_path: Path) -> Callable[..., ImportSummary]:
    """Apply files as the operator; each call is another roster."""
    number = iter(range(100))

    def apply_files(files: dict[str, str | bytes], **options: Any) -> ImportSummary:
        return apply(as_folder(tmp_path / str(next(number)), files), Importer.operator(), **options)

    return apply_files


@pytest.fixture
def district(app, tmp_path):
    """Lincoln and Adams in Riverbend, and Mars, a school elsewhere; everybody as the operator imported them."""
    orgs = ORGS + "mars,,,Mars School,school,MARS,planets\nplanets,,,Planets,district,PL,\n"
    users = (
        USERS
        + "zoe,,,true,mars,student,zoe,,Zoe,Quill,,3001,,,,,04,\n"
        + "max,,,true,mars,teacher,max,,Max,Orr,,,max@mars.example,,,,,\n"
    )
    classes = CLASSES + "mars-1,,,Mars 1,04,,M1,homeroom,,mars,year-27,,,\n"
    enrolments = ENROLMENTS + "m1,,,mars-1,mars,zoe,student,false,,\n"
    apply(
        as_folder(
            tmp_path / "district", bundle(orgs=orgs, users=users, classes=classes, enrollments=enrolments)
        ),
        Importer.operator(),
    )


@pytest.fixture
def otto(district):
    """Delegated Admin of Lincoln."""
    with db.writing():
        person = Staff(email="otto@riverbend.example", given_name="Otto", family_name="Lind")
        db.session.add(person)
        db.session.flush()
        db.session.add(
            Membership(
                staff_id=person.id,
                school_id=the(School, "lincoln").id,
                level=AccessLevel.DELEGATED_ADMIN.value,
            )
        )
    return person


@pytest.fixture
def nell(district):
    """Network Admin of Riverbend."""
    with db.writing():
        person = Staff(email="nell@riverbend.example", given_name="Nell", family_name="Frey")
        db.session.add(person)
        db.session.flush()
        network_id = the(Network, "district").id
        db.session.add(
            NetworkMembership(
                staff_id=person.id, network_id=network_id, level=NetworkLevel.NETWORK_ADMIN.value
            )
        )
    return person


@pytest.fixture
def sent(tmp_path):
    """Apply files as somebody; what was rejected comes back as {place: sentence}."""

    def apply_as(person, files, **options):
        done = apply(as_folder(tmp_path / "sent", files), Importer.by(person), **options)
        return {
            problem.place: problem.sentence for problem in done.problems if problem.severity == "rejected"
        }

    return apply_as
