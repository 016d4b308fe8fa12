"""Files that browsers keep."""

import pytest

from portal.web import downloads


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Lincoln Elementary", "lincoln-elementary"),
        ("Nguyễn Đức Anh", "nguyen-duc-anh"),
        ('"; filename="x.exe', "filename-x-exe"),
        ("学校", ""),
        ("a" * 100, "a" * 60),
    ],
)
def test_a_name_is_plain(words, name):
    assert downloads.plain(words) == name


@pytest.mark.parametrize("whole", [True, False])
def test_a_file_has_its_type_and_name_and_is_kept_by_nobody_on_the_way(app, whole, tmp_path):
    path = tmp_path / "product"
    path.write_bytes(b"%PDF")

    with app.test_request_context("/"):
        answer = downloads.send(b"%PDF" if whole else path, "letter.pdf")
        answer.direct_passthrough = False

        assert answer.get_data() == b"%PDF"
        answer.close()

    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_pieces_are_sent_as_they_come(app):
    with app.test_request_context("/"):
        answer = downloads.send(iter(["a,", "b"]), "students.csv")

    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.get_data() == b"a,b"
