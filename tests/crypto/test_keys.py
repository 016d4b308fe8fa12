import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.crypto import keys
from portal.crypto.keys import KeyRing, KeysError

#: Worked out by hand from RFC 5869 and RFC 2104 for the key OLD.
PINNED_INDEX = "ac8eee4aedaa5df71048641d5f7ba4a0a042b4d16bbce97131961cbde0104ce6"

OLD, NEW, FOREIGN = b"o" * 32, b"n" * 32, b"f" * 32


@pytest.fixture(autouse=True)
def ring(monkeypatch: pytest.MonkeyPatch) -> KeyRing:
    """Each test starts with a ring of one key, and leaves the ring in use as it found it."""
    monkeypatch.setattr(keys, "_ring", None)
    ring = KeyRing("k1", {"k1": OLD})
    keys.use(ring)
    return ring


def add_a_key() -> None:
    keys.use(KeyRing("k2", {"k1": OLD, "k2": NEW}))


def test_what_is_sealed_opens_again() -> None:
    sealed = keys.seal("K7QD9M2XHT4W", purpose="access-code", owner="student:7")

    assert keys.open_sealed(sealed, purpose="access-code", owner="student:7") == "K7QD9M2XHT4W"


@given(some.text())
def test_any_text_can_be_sealed(text: str) -> None:
    assert keys.open_sealed(keys.seal(text, purpose="p", owner="o"), purpose="p", owner="o") == text


def test_half_a_surrogate_pair_is_text_too() -> None:
    assert keys.open_sealed(keys.seal("\ud800", purpose="p", owner="o"), purpose="p", owner="o") == "\ud800"
    assert len(keys.index("code-v1", "\ud800")) == 32


def test_sealing_twice_gives_different_bytes_without_the_text() -> None:
    first, second = (keys.seal("K7QD9M2XHT4W", purpose="p", owner="o") for _time in range(2))

    assert first != second
    assert b"K7QD" not in first


@pytest.mark.parametrize(("purpose", "owner"), [("access-code", "student:8"), ("totp", "student:7")])
def test_it_does_not_open_for_another_row_or_purpose(purpose: str, owner: str) -> None:
    sealed = keys.seal("K7QD9M2XHT4W", purpose="access-code", owner="student:7")

    with pytest.raises(KeysError, match="belongs elsewhere"):
        keys.open_sealed(sealed, purpose=purpose, owner=owner)


def test_it_does_not_open_when_any_byte_was_altered_or_cut_off() -> None:
    sealed = keys.seal("K7QD", purpose="p", owner="o")
    altered = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]
    cut = [sealed[:at] for at in range(len(sealed))]

    for broken in [*altered, *cut]:
        with pytest.raises(KeysError):
            keys.open_sealed(broken, purpose="p", owner="o")


@given(some.binary())
def test_bytes_that_were_never_sealed_are_refused_and_nothing_worse(noise: bytes) -> None:
    with pytest.raises(KeysError):
        keys.open_sealed(noise, purpose="p", owner="o")


def test_what_the_old_key_sealed_opens_after_the_key_changed() -> None:
    sealed = keys.seal("K7QD", purpose="p", owner="o")

    add_a_key()

    assert keys.open_sealed(sealed, purpose="p", owner="o") == "K7QD"


def test_new_things_are_sealed_with_the_current_key(ring: KeyRing) -> None:
    add_a_key()
    sealed = keys.seal("K7QD", purpose="p", owner="o")

    keys.use(ring)

    with pytest.raises(KeysError, match="No key on the ring"):
        keys.open_sealed(sealed, purpose="p", owner="o")


def test_a_key_of_the_same_name_but_other_bytes_opens_nothing() -> None:
    sealed = keys.seal("K7QD", purpose="p", owner="o")

    keys.use(KeyRing("k1", {"k1": FOREIGN}))

    with pytest.raises(KeysError):
        keys.open_sealed(sealed, purpose="p", owner="o")


def test_an_index_is_the_same_each_time_and_differs_by_text_purpose_and_key() -> None:
    index = keys.index("code-v1", "K7QD9M2XHT4W")
    others = [keys.index("code-v1", "K7QD9M2XHT4X"), keys.index("code-v2", "K7QD9M2XHT4W")]
    add_a_key()
    others.append(keys.index("code-v1", "K7QD9M2XHT4W"))

    assert len(index) == 32
    assert len({index, *others}) == 4


def test_the_old_index_is_still_found_after_the_key_changed() -> None:
    before = keys.index("code-v1", "K7QD9M2XHT4W")

    add_a_key()

    assert keys.indexes("code-v1", "K7QD9M2XHT4W") == [keys.index("code-v1", "K7QD9M2XHT4W"), before]


def test_the_old_secret_stays_good_after_the_key_changed() -> None:
    before = keys.secret("cookies")
    assert keys.old_secrets("cookies") == []

    add_a_key()

    assert keys.secret("cookies") != before
    assert keys.old_secrets("cookies") == [before]


def test_every_use_and_purpose_has_a_key_of_its_own(ring: KeyRing) -> None:
    sub_keys = {
        ring.sub_key("k1", use, purpose) for use in ("seal", "index", "secret") for purpose in ("a", "b")
    }

    assert len(sub_keys) == 6
    assert OLD not in sub_keys


def test_indexes_stay_the_same_from_release_to_release() -> None:
    # Stored in the database: were the derivation to change, no code on paper would be found any more.
    assert keys.index("code-v1", "K7QD9M2XHT4W").hex() == PINNED_INDEX


def test_nothing_works_without_a_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_ring", None)

    with pytest.raises(KeysError, match="No key ring is in use"):
        keys.secret("cookies")


def test_a_created_ring_is_complete_private_and_can_be_loaded(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"

    created = KeyRing.create(path)

    assert KeyRing.load(path) == created
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert list(tmp_path.iterdir()) == [path]


def test_each_created_ring_has_another_key(tmp_path: Path) -> None:
    assert KeyRing.create(tmp_path / "a").keys != KeyRing.create(tmp_path / "b").keys


def test_the_file_is_synced_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, sync = tmp_path / "keys.json", os.fsync
    had_its_name: list[bool] = []

    def watched_sync(handle: int) -> None:
        had_its_name.append(path.exists())
        sync(handle)

    monkeypatch.setattr(os, "fsync", watched_sync)
    KeyRing.create(path)

    assert had_its_name == [False, True]


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text("precious")

    with pytest.raises(KeysError, match="already"):
        KeyRing.create(path)

    assert path.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [path]


def test_a_ring_is_not_created_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KeysError, match="could not be written"):
        KeyRing.create(tmp_path / "nowhere" / "keys.json")


def test_a_missing_key_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(KeysError, match="There is no key file"):
        KeyRing.load(tmp_path / "keys.json")


def test_an_unreadable_key_file_is_said_to_be_unreadable(tmp_path: Path) -> None:
    with pytest.raises(KeysError, match="could not be read"):
        KeyRing.load(tmp_path)


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o420, 0o402, 0o644])
def test_a_key_file_that_others_can_open_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys.json"
    KeyRing.create(path)
    path.chmod(mode)

    with pytest.raises(KeysError, match="open to other users"):
        KeyRing.load(path)


GOOD_KEY = "bm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm4="


@pytest.mark.parametrize(
    "written",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        "{}",
        '{"current": "k1"}',
        '{"current": "k1", "keys": {}}',
        '{"current": "k1", "keys": []}',
        '{"current": "k1", "keys": {"k1": null}}',
        '{"current": "k1", "keys": {"k1": "%%%"}}',
        '{"current": "k1", "keys": {"k1": "c2hvcnQ="}}',
        json.dumps({"current": "k2", "keys": {"k1": GOOD_KEY}}),
        json.dumps({"current": ["k1"], "keys": {"k1": GOOD_KEY}}),
        json.dumps({"current": "k 1", "keys": {"k 1": GOOD_KEY}}),
        json.dumps({"current": "k" * 33, "keys": {"k" * 33: GOOD_KEY}}),
    ],
)
def test_a_damaged_key_file_is_refused_without_quoting_it(tmp_path: Path, written: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(written)
    path.chmod(0o400)

    with pytest.raises(KeysError) as refusal:
        KeyRing.load(path)

    assert "key" in str(refusal.value)
    assert GOOD_KEY not in str(refusal.value)


def test_bytes_that_are_not_text_are_a_damaged_key_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(b"\xff\xfe\x00")
    path.chmod(0o400)

    with pytest.raises(KeysError, match="damaged"):
        KeyRing.load(path)


def test_a_file_with_several_keys_can_be_loaded(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"current": "k2", "keys": {"k1": "b29v" * 10 + "b28=", "k2": GOOD_KEY}}))
    path.chmod(0o400)

    assert KeyRing.load(path) == KeyRing("k2", {"k1": OLD, "k2": NEW})


def test_a_ring_does_not_show_its_keys_when_printed(ring: KeyRing) -> None:
    assert "ooo" not in repr(ring)
    assert repr(ring) == "KeyRing(current='k1')"
