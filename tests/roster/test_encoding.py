"""Names survive whatever a district's computer wrote them with, and a guess is always shown."""

import codecs

import pytest

from tests.roster.bundles import USERS, bundle

ACCENTED = USERS.replace("Santos", "Muñoz Peña").replace("O'Neil", "D’Arcy")


@pytest.mark.parametrize(
    "text",
    [
        ACCENTED.encode(),
        codecs.BOM_UTF8 + ACCENTED.encode(),
        ACCENTED.encode("utf-16"),
        ACCENTED.encode("utf-16-le"),
        ACCENTED.encode("utf-16-be"),
        ACCENTED.encode("utf-32"),
    ],
    ids=["utf-8", "mark", "utf-16", "le", "be", "utf-32"],
)
def test_unicode_is_recognised_without_a_remark(read, text):
    reading = read(bundle(users=text))

    assert reading.rows["users"]["mia"].family_name == "Muñoz Peña"
    assert not list(reading.problems)


@pytest.mark.parametrize(("codec", "shown"), [("cp1252", "Windows-1252"), ("mac_roman", "mac_roman")])
def test_western_letters_of_old_are_read_and_the_guess_is_shown(read, codec, shown):
    reading = read(bundle(users=ACCENTED.encode(codec)))

    assert reading.rows["users"]["mia"].family_name == "Muñoz Peña"
    assert reading.rows["users"]["noah"].family_name == "D’Arcy"
    assert shown in reading.sentences["users.csv"]
    assert "Muñoz Peña" in reading.sentences["users.csv"]


def test_cyrillic_of_windows_is_told_from_western_letters(read):
    cyrillic = USERS.replace("Santos", "Коваленко").replace("Mia", "Марія").replace("Noah", "Олександр")

    reading = read(bundle(users=cyrillic.encode("cp1251")))

    assert reading.rows["users"]["mia"].family_name == "Коваленко"


def test_utf_8_with_a_few_broken_characters_stays_utf_8(read):
    lines = ACCENTED.encode().replace("D’Arcy".encode(), b"D\x92Arcy")

    reading = read(bundle(users=lines))

    assert reading.rows["users"]["mia"].family_name == "Muñoz Peña"
    assert reading.rows["users"]["noah"].family_name == "D\ufffdArcy"
    assert "could not be read" in reading.sentences["users.csv:3"]


def test_letters_put_together_from_two_become_one(read):
    reading = read(bundle(users=USERS.replace("Santos", "Mun\u0303oz")))

    assert reading.rows["users"]["mia"].family_name == "Muñoz"


def test_invisible_characters_are_left_out(read):
    reading = read(bundle(users=USERS.replace("Mia", "M\u202eia\u200b\x07")))

    assert reading.rows["users"]["mia"].given_name == "Mia"


def test_zero_bytes_are_left_out_and_reported(read):
    reading = read(bundle(users=USERS.replace("Mia,", "Mi\x00a,")))

    assert reading.rows["users"]["mia"].given_name == "Mia"
    assert "zero bytes" in reading.sentences["users.csv:2"]
