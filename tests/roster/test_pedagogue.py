"""The pedagogue file: who works at which school."""

from portal.roster.archive import Source, opened
from portal.roster.file import File
from portal.roster.pedagogue import COLUMNS, staff
from portal.roster.problems import Problems
from portal.roster.rows import Mode
from portal.roster.table import Table
from tests.roster.bundles import PEDAGOGUES


def read(tmp_path, text):
    path = tmp_path / "staff.csv"
    path.write_text(text)
    problems = Problems()
    with opened(path) as sources:
        source: Source = sources["pedagogue"]
        rows = list(File("staff.csv", Mode.BULK, Table(source, COLUMNS, problems), staff))
    return rows, {problem.place: problem.sentence for problem in problems}


def test_people_are_read(tmp_path):
    rows, problems = read(tmp_path, PEDAGOGUES)

    assert rows[0][1:] == ("p1", "Hana", "Okafor", "hana@riverbend.example", "Principal", "LIN", True)
    assert [row.is_principal for row in rows] == [True, False, True]
    assert problems == {}


def test_somebody_may_work_at_two_schools_but_not_twice_at_one(tmp_path):
    again = "p2,Otto,Lind,otto@riverbend.example,Secretary,ADA,no\n"

    rows, problems = read(tmp_path, PEDAGOGUES + again + again)

    assert len(rows) == 4
    assert list(problems) == ["staff.csv:6:staffId"]


def test_an_address_that_is_none_is_left_out_and_reported(tmp_path):
    rows, problems = read(tmp_path, PEDAGOGUES.replace("otto@riverbend.example", "otto at riverbend"))

    assert rows[1].email == ""
    assert list(problems) == ["staff.csv:3:email"]


def test_lines_without_a_name_or_identifier_are_rejected(tmp_path):
    rows, problems = read(
        tmp_path, PEDAGOGUES + "p4,,,x@riverbend.example,,LIN,\n,Ann,Lee,a@riverbend.example,,LIN,\n,,,,,,\n"
    )

    assert len(rows) == 3
    assert list(problems) == ["staff.csv:5:givenName", "staff.csv:6:staffId"]
