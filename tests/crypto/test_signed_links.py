"""Links in mails: signed, for one purpose, for a while."""

from collections.abc import Iterator

import pytest
import time_machine

from portal.config import Settings
from portal.crypto import keys, signed_links
from portal.crypto.key_ring import KeyRing
from tests import rows

CLAIMS = {"account": "9zUBf_3Sg", "epoch": "12"}


@pytest.fixture(autouse=True)
def now(settings: Settings) -> Iterator[time_machine.Traveller]:
    keys.use(KeyRing.load(settings.key_ring))
    with time_machine.travel(rows.MORNING, tick=False) as traveller:
        yield traveller


@pytest.mark.parametrize(("purpose", "minutes"), signed_links.MINUTES.items())
def test_a_link_works_for_its_time(now: time_machine.Traveller, purpose: str, minutes: int):
    token = signed_links.make(purpose, CLAIMS)

    now.shift(minutes * 60)
    assert signed_links.read(purpose, token) == CLAIMS
    now.shift(1)
    assert signed_links.read(purpose, token) is None


def test_a_password_is_reset_within_half_an_hour():
    assert signed_links.MINUTES[signed_links.PASSWORD_RESET] == 30


def test_a_link_is_for_one_purpose():
    token = signed_links.make(signed_links.EMAIL_CHECK, CLAIMS)

    assert signed_links.read(signed_links.PASSWORD_RESET, token) is None


@pytest.mark.parametrize("forged", ["", "x", "a.b.c", "e30.awJy5Q.", "\x00", "é", "🦉", "." * 5000])
def test_a_forged_link_says_nothing(forged: str):
    assert signed_links.read(signed_links.PASSWORD_RESET, forged) is None


def test_every_change_breaks_a_link():
    token = signed_links.make(signed_links.PASSWORD_RESET, CLAIMS)
    changed = [token[:place] + "A" + token[place + 1 :] for place in range(len(token)) if token[place] != "A"]

    # The last sign of a signature carries four bits only, so two spellings may mean the same.
    assert [each for each in changed[:-1] if signed_links.read(signed_links.PASSWORD_RESET, each)] == []


def test_a_link_outlives_a_change_of_keys(settings: Settings):
    token = signed_links.make(signed_links.INVITATION, CLAIMS)
    old = KeyRing.load(settings.key_ring)

    keys.use(KeyRing("k2", {"k2": b"2" * 32, **old.keys}))
    try:
        assert signed_links.read(signed_links.INVITATION, token) == CLAIMS
        keys.use(KeyRing("k2", {"k2": b"2" * 32}))
        assert signed_links.read(signed_links.INVITATION, token) is None
    finally:
        keys.use(old)
