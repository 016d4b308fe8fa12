"""Whatever the bytes, the readers answer with rows and problems, or say that this is no roster. Nothing else."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.roster.problems import NotARoster
from tests.roster.bundles import BUNDLE, zipped
from tests.roster.conftest import Reading

#: Pieces that break files: quotes, ends of lines, marks of encodings, commas, zeros, half characters.
NASTY = st.sampled_from(
    [
        b'"',
        b"\n",
        b"\r",
        b",",
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xc3",
        b"\x92",
        b'""',
        b"1/13/2026",
        b"\x1a",
        b";",
    ]
)
CHANGES = st.lists(
    st.tuples(st.integers(0, 4_000), st.integers(0, 60), NASTY | st.binary(max_size=8)), max_size=12
)


def mutated(text: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, piece in changes:
        start = place % (len(text) + 1)
        text = text[:start] + piece + text[start + length :]
    return text


def read(content: bytes) -> Reading | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(content)
        try:
            return Reading(path)
        except NotARoster:
            return None


@given(st.binary(max_size=3_000))
def test_any_bytes_at_all(content):
    read(content)


@given(st.sampled_from(sorted(BUNDLE)), CHANGES)
@settings(max_examples=300, deadline=None)
def test_a_bundle_with_one_broken_file(name, changes):
    files = {file: text.encode() for file, text in BUNDLE.items()}
    files[name] = mutated(files[name], changes)

    reading = read(zipped(files))

    assert reading is not None
    assert all(
        problem.line <= files[name].count(b"\n") + files[name].count(b"\r") + 3
        for problem in reading.problems
    )


@given(CHANGES)
@settings(max_examples=300, deadline=None)
def test_a_broken_zip(changes):
    read(mutated(zipped({file: text.encode() for file, text in BUNDLE.items()}), changes))


@given(st.integers(0, 4_000))
def test_half_a_zip(length):
    whole = zipped({file: text.encode() for file, text in BUNDLE.items()})

    assert read(whole[: 2 + length % (len(whole) - 2)]) is None
