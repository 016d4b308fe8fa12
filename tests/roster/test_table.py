"""Lines and columns: what is broken is named by line and column, and the rest is read."""

import pytest

from portal.roster.columns import edit_distance
from portal.roster.problems import Severity
from tests.roster.bundles import ORGS, USERS, bundle

EVERYBODY = {"mia", "noah", "ada", "ben", "grace"}


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old macintosh"])
def test_lines_may_end_in_any_way(read, ending):
    reading = read(bundle(users=USERS.replace("\n", ending)))

    assert set(reading.rows["users"]) == EVERYBODY
    assert reading.rows["users"]["noah"].line == 3


def test_the_last_line_needs_no_end(read):
    reading = read(bundle(users=USERS.rstrip()))

    assert set(reading.rows["users"]) == EVERYBODY
    assert not list(reading.problems)


def test_empty_lines_are_passed_over(read):
    reading = read(
        bundle(users="\n\n" + USERS.replace("noah,", "\n,,,,,,,,,,,,,,,,,\n   \nnoah,", 1) + "\n,,,\n")
    )

    assert set(reading.rows["users"]) == EVERYBODY
    assert not list(reading.problems)


def test_columns_may_stand_in_any_order_and_case_with_extra_ones_between(read):
    orgs = "NAME, Type ,metadata.color,SOURCEDID,parentsourcedid\nLincoln Elementary,school,red,lincoln,district\n"

    reading = read(bundle(orgs=orgs))

    row = reading.rows["orgs"]["lincoln"]
    assert (row.name, row.type, row.parent_id, row.identifier) == (
        "Lincoln Elementary",
        "school",
        "district",
        "",
    )
    assert not list(reading.problems)


def test_a_misspelt_column_is_recognised_and_reported(read):
    users = USERS.replace("orgSourcedIds", "orgSourcdeIds").replace("givenName", "givnName")

    reading = read(bundle(users=users))

    assert reading.rows["users"]["mia"].given_name == "Mia"
    assert reading.sentences["users.csv:1:givnName"] == "This column was read as givenName."
    assert reading.sentences["users.csv:1:orgSourcdeIds"] == "This column was read as orgSourcedIds."


def test_a_preferred_name_in_a_misspelt_column_is_read(read):
    users = USERS.replace("password", "prefferedGivenName")

    assert read(bundle(users=users)).rows["users"]["mia"].preferred_name == "secret-word"


def test_a_missing_required_column_costs_the_file_and_is_named(read):
    reading = read(bundle(users=USERS.replace("sourcedId", "number", 1)))

    problem = next(iter(reading.problems))
    assert problem.place == "users.csv:1:sourcedId"
    assert problem.severity is Severity.REJECTED
    assert reading.rows["users"] == {}
    assert not reading.files["users"].shows_who_is_gone


def test_a_column_that_is_there_twice_is_read_once(read):
    orgs = "sourcedId,name,type,name\nlincoln,Lincoln,school,Other\n"

    reading = read(bundle(orgs=orgs))

    assert reading.rows["orgs"]["lincoln"].name == "Lincoln"
    assert "twice" in reading.sentences["orgs.csv:1:name"]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_marks_than_commas_are_read_and_reported(read, delimiter):
    reading = read(bundle(orgs=ORGS.replace(",", delimiter)))

    assert reading.rows["orgs"]["lincoln"].name == "Lincoln Elementary"
    assert "not separated by commas" in reading.sentences["orgs.csv:1"]


def test_a_quotation_mark_that_is_never_closed_costs_its_line_only(read):
    reading = read(bundle(users=USERS.replace("true,adams,student,noah", 'true,"adams,student,noah')))

    assert set(reading.rows["users"]) == EVERYBODY - {"noah"}
    assert "not closed" in reading.sentences["users.csv:3"]
    assert not reading.files["users"].shows_who_is_gone


def test_a_quotation_mark_within_a_value_is_a_quotation_mark(read):
    reading = read(bundle(users=USERS.replace("Mia,Santos", 'Mia 5" tall,Santos')))

    assert reading.rows["users"]["mia"].given_name == 'Mia 5" tall'
    assert not list(reading.problems)


def test_a_value_may_run_over_two_lines(read):
    reading = read(bundle(orgs=ORGS.replace("Lincoln Elementary", '"Lincoln\nElementary"')))

    assert reading.rows["orgs"]["lincoln"].name == "Lincoln Elementary"
    assert reading.rows["orgs"]["adams"].line == 5


def test_a_file_that_breaks_off_in_a_line_loses_that_line_and_nobody_is_gone(read):
    reading = read(bundle(users=USERS[: USERS.index("555-0100")]))

    assert set(reading.rows["users"]) == EVERYBODY - {"grace"}
    assert "breaks off" in reading.sentences["users.csv:6"]
    assert not reading.files["users"].shows_who_is_gone


def test_a_line_with_too_few_values_is_read_and_reported(read):
    reading = read(bundle(orgs=ORGS.replace(",RB,", "")))

    assert reading.rows["orgs"]["district"].identifier == ""
    assert "fewer values" in reading.sentences["orgs.csv:2"]


def test_a_line_with_too_many_values_is_rejected(read):
    reading = read(bundle(orgs=ORGS.replace("Lincoln Elementary", "Lincoln, Elementary")))

    assert "lincoln" not in reading.rows["orgs"]
    assert "more values than columns" in reading.sentences["orgs.csv:3"]


def test_a_value_longer_than_any_is_rejected_by_line(read):
    reading = read(bundle(users=USERS.replace("Noah", "N" * 200_000)))

    assert set(reading.rows["users"]) == EVERYBODY - {"noah"}
    assert "cannot be read" in reading.sentences["users.csv:3"]


def test_a_line_longer_than_any_is_rejected_by_line(read):
    reading = read(bundle(users=USERS.replace("Noah", "N" * 2_000_000)))

    assert set(reading.rows["users"]) == EVERYBODY - {"noah"}
    assert "far too long" in reading.sentences["users.csv:3"]


def test_a_long_name_is_cut_and_a_long_address_left_out(read):
    users = USERS.replace("Mia,", "M" * 150 + ",").replace(
        "ada@riverbend.example", "a" * 300 + "@riverbend.example"
    )

    reading = read(bundle(users=users))

    assert reading.rows["users"]["mia"].given_name == "M" * 120
    assert reading.rows["users"]["ada"].email == ""
    assert {"users.csv:2:givenName", "users.csv:4:email"} <= set(reading.sentences)


def test_an_empty_file_is_reported(read):
    reading = read(bundle(users=""))

    assert reading.sentences["users.csv"] == "This file is empty."
    assert not reading.files["users"].shows_who_is_gone


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("", "", 0),
        ("status", "status", 0),
        ("stauts", "status", 1),
        ("statu", "status", 1),
        ("xtatusx", "status", 2),
    ],
)
def test_edit_distance_counts_letters(one, other, count):
    assert edit_distance(one, other) == edit_distance(other, one) == count
