"""A roster comes as a zip, a folder or one file; anything else is refused in a sentence."""

import struct
import zipfile
from pathlib import Path

import pytest

from portal.roster.archive import LIMITS, Limits, opened
from portal.roster.problems import NotARoster
from tests.roster.bundles import PEDAGOGUES, as_folder, as_zip, bundle, zipped


def names(path: Path, limits: Limits = LIMITS) -> set[str]:
    with opened(path, limits) as sources:
        return set(sources)


def refusal(path: Path, limits: Limits = LIMITS) -> str:
    with pytest.raises(NotARoster) as refused:
        read_all(path, limits)
    return str(refused.value)


def read_all(path: Path, limits: Limits) -> None:
    with opened(path, limits) as sources:
        for source in sources.values():
            source.open().read()


EVERY_FILE = {"manifest", "orgs", "academicsessions", "classes", "users", "enrollments"}


def test_a_zip_is_read(tmp_path):
    assert names(as_zip(tmp_path / "roster.zip", bundle())) == EVERY_FILE


def test_a_folder_is_read(tmp_path):
    assert names(as_folder(tmp_path, bundle())) == EVERY_FILE


def test_a_folder_within_a_folder_is_read(tmp_path):
    as_folder(tmp_path / "export", bundle())

    assert names(tmp_path) == EVERY_FILE


def test_names_are_found_in_any_case_and_within_a_folder_of_the_zip(tmp_path):
    files = {f"Export/{name.upper()}": text for name, text in bundle().items()}

    assert names(as_zip(tmp_path / "roster.zip", files)) == EVERY_FILE


def test_leftovers_of_a_macintosh_are_passed_over(tmp_path):
    files = bundle() | {"__MACOSX/users.csv": "x", "._users.csv": "x"}

    assert names(as_zip(tmp_path / "roster.zip", files)) == EVERY_FILE


def test_one_lone_file_is_the_pedagogue_file_whatever_its_name(tmp_path):
    path = tmp_path / "Staff list (final).csv"
    path.write_text(PEDAGOGUES)

    assert names(path) == {"pedagogue"}


def test_an_empty_upload_is_refused(tmp_path):
    path = tmp_path / "upload"
    path.touch()

    assert "empty" in refusal(path)


def test_what_does_not_exist_is_refused(tmp_path):
    assert "does not exist" in refusal(tmp_path / "nowhere.zip")


def test_half_a_zip_is_refused(tmp_path):
    whole = zipped(bundle())
    path = tmp_path / "half.zip"
    path.write_bytes(whole[: len(whole) // 2])

    assert "only half of it arrived" in refusal(path)


def test_a_zip_with_a_damaged_file_is_refused_while_it_is_read(tmp_path):
    whole = bytearray(zipped(bundle()))
    start = whole.find(b"users.csv") + len(b"users.csv")
    whole[start + 20 : start + 60] = bytes(40)
    path = tmp_path / "damaged.zip"
    path.write_bytes(whole)

    with opened(path) as sources, pytest.raises((NotARoster, zipfile.BadZipFile, zipfile.zlib.error)):
        sources["users"].open().read()


def test_a_zip_without_a_file_of_a_roster_is_refused(tmp_path):
    assert "None of the files" in refusal(
        as_zip(tmp_path / "x.zip", {"a.csv": "1", "b.csv": "2", "c.txt": "3"})
    )


def test_an_empty_zip_is_refused(tmp_path):
    assert "None of the files" in refusal(as_zip(tmp_path / "x.zip", {}))


def test_the_same_file_twice_is_refused(tmp_path):
    files = {"a/users.csv": "x", "b/Users.csv": "y"}

    assert "twice" in refusal(as_zip(tmp_path / "x.zip", files))


def test_a_spreadsheet_is_told_apart(tmp_path):
    files = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}

    assert "Save it as CSV" in refusal(as_zip(tmp_path / "x.xlsx", files))


@pytest.mark.parametrize(
    "name", ["/etc/users.csv", "../users.csv", "a/../../users.csv", "..\\users.csv", "C:\\users.csv"]
)
def test_a_zip_that_names_places_outside_itself_is_refused(tmp_path, name):
    assert "outside" in refusal(as_zip(tmp_path / "x.zip", {name: "x"}))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    files = {"users.csv": b"a" * (8 << 20)}

    assert "unpack to far more" in refusal(as_zip(tmp_path / "x.zip", files))


def test_a_zip_that_unpacks_to_too_much_in_all_is_refused(tmp_path):
    assert "unpack to far more" in refusal(as_zip(tmp_path / "x.zip", bundle()), Limits(unpacked_bytes=500))


def test_a_zip_that_lies_about_a_size_does_not_unpack_to_more(tmp_path):
    packed = bytearray(zipped({"users.csv": b"sourcedId\n" + b"a" * 5_000}))
    directory = packed.rfind(b"PK\x01\x02")
    packed[directory + 24 : directory + 28] = struct.pack("<L", 100)
    path = tmp_path / "x.zip"
    path.write_bytes(packed)

    with opened(path) as sources, pytest.raises(zipfile.BadZipFile):
        sources["users"].open().read()


def test_a_folder_that_holds_too_much_is_refused(tmp_path):
    assert "too big" in refusal(as_folder(tmp_path, bundle()), Limits(unpacked_bytes=500))


def test_too_many_files_are_refused(tmp_path):
    limits = Limits(entries=3)

    assert "too many files" in refusal(as_zip(tmp_path / "x.zip", bundle()), limits)
    assert "too many files" in refusal(as_folder(tmp_path / "folder", bundle()), limits)


def test_a_zip_with_a_password_is_refused(tmp_path):
    packed = bytearray(zipped(bundle()))
    directory = packed.find(b"PK\x01\x02")
    packed[directory + 8] |= 1
    path = tmp_path / "x.zip"
    path.write_bytes(packed)

    assert "password" in refusal(path)


def test_an_unknown_way_of_packing_is_refused(tmp_path):
    packed = bytearray(zipped({"users.csv": "sourcedId\n"}))
    packed[packed.find(b"PK\x01\x02") + 10] = 77
    path = tmp_path / "x.zip"
    path.write_bytes(packed)

    assert "cannot be unpacked" in refusal(path)
