import os
import threading
from typing import Literal

import pytest
from argon2 import PasswordHasher, extract_parameters

from portal.crypto import passwords

GOOD = "walnut-ferry-91-lamp"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing at next to no price, and today's price again afterwards."""
    monkeypatch.setattr(passwords, "_hasher", passwords._hasher)
    passwords.use_cost(1, 8)


def test_a_password_is_verified_against_its_hash() -> None:
    hashed = passwords.hash_password(GOOD)

    assert passwords.verify(hashed, GOOD)
    assert not passwords.verify(hashed, GOOD + "!")
    assert GOOD not in hashed


def test_the_same_password_hashes_differently_each_time() -> None:
    assert passwords.hash_password(GOOD) != passwords.hash_password(GOOD)


def test_a_password_is_the_same_however_the_keyboard_composes_it() -> None:
    assert passwords.verify(passwords.hash_password("caf\u00e9-walnut-91"), "cafe\u0301-walnut-91")


@pytest.mark.parametrize("plain", ["", "\ud800", "\x00" * 12, "é" * 5_000])
def test_any_text_can_be_hashed_and_verified(plain: str) -> None:
    assert passwords.verify(passwords.hash_password(plain), plain)


def test_nobody_has_no_password() -> None:
    assert not passwords.verify(None, GOOD)
    assert not passwords.verify("", GOOD)


def test_nobody_costs_as_much_as_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            seen.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Watched(time_cost=1, memory_cost=8, parallelism=1))
    hashed = passwords.hash_password(GOOD)

    passwords.verify(hashed, GOOD)
    passwords.verify(None, GOOD)

    assert [extract_parameters(one) for one in seen] == [extract_parameters(hashed)] * 2
    assert [len(one) for one in seen] == [len(hashed)] * 2


def test_a_hash_that_is_none_verifies_nothing() -> None:
    assert not passwords.verify("not a hash", GOOD)
    assert not passwords.verify("$argon2id$v=19$m=8,t=1,p=1$broken", GOOD)


def test_a_hash_at_another_price_asks_to_be_made_again_and_still_verifies() -> None:
    hashed = passwords.hash_password(GOOD)
    assert not passwords.needs_rehash(hashed)

    passwords.use_cost(2, 8)

    assert passwords.needs_rehash(hashed)
    assert passwords.verify(hashed, GOOD)


def test_the_price_is_that_of_the_security_page() -> None:
    passwords.use_cost(*passwords.COST)

    price = extract_parameters(passwords.hash_password(GOOD))

    assert (price.type.name, price.time_cost, price.memory_cost, price.parallelism) == ("ID", 2, 19_456, 1)


class HeldUp(PasswordHasher):
    """The first `most` come to a stop while they hash, until `let_go`; whoever comes later does not."""

    def __init__(self, most: int) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self._most, self._released = most, threading.Event()
        self.all_here = threading.Barrier(most + 1, timeout=10)
        self.begun: list[int] = []

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.begun.append(threading.get_ident())
        if len(self.begun) <= self._most:
            self.all_here.wait()
            self._released.wait(timeout=10)
        return super().hash(password)

    def let_go(self) -> None:
        self._released.set()


def test_no_more_are_hashed_at_once_than_there_are_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    most = min(os.cpu_count() or 1, 4)
    monkeypatch.setattr(passwords, "_hasher", hasher := HeldUp(most))
    threads = [threading.Thread(target=passwords.hash_password, args=(GOOD,)) for _one in range(most + 2)]
    for thread in threads:
        thread.start()

    hasher.all_here.wait()
    begun_when_full = len(hasher.begun)
    is_full = not passwords._slots.acquire(blocking=False)
    hasher.let_go()
    for thread in threads:
        thread.join()

    assert is_full
    assert begun_when_full == most
    assert len(hasher.begun) == most + 2


@pytest.mark.parametrize(
    "plain",
    [
        GOOD,
        "correct zebra battery staple",
        "mañana llueve otra vez",
        "我的孩子每天早上七点半去上学",
        "x" * 127 + "y",
    ],
)
def test_a_password_with_nothing_against_it_will_do(plain: str) -> None:
    assert passwords.weakness(plain, personal=["Mira", "Okafor", "mira@example.org", "Lincoln"]) is None


@pytest.mark.parametrize(
    ("length", "will_do"), [(0, False), (11, False), (12, True), (128, True), (129, False)]
)
def test_twelve_to_128_characters_will_do(length: int, will_do: bool) -> None:
    plain = ("walnut-ferry-91-lamp-" * 7)[:length]

    assert (passwords.weakness(plain, personal=[]) is None) == will_do


def test_the_sentence_names_the_limit() -> None:
    assert passwords.weakness("short", personal=[]) == "Use at least 12 characters."
    assert passwords.weakness("long" * 40, personal=[]) == "Use at most 128 characters."


@pytest.mark.parametrize("plain", ["zzzzzzzzzzzz", "ZzZzZzZzZzZz", "            ", "éééééééééééé"])
def test_one_character_repeated_is_refused(plain: str) -> None:
    assert passwords.weakness(plain, personal=[]) == "Use more than one character, repeated."


@pytest.mark.parametrize(
    "plain",
    [
        "Mira Okafor 2026",
        "miraokafor123",
        "Mira123456789",
        "m.okafor@example.org",
        "M.OKAFOR.EXAMPLE.ORG",
        "m.okafor2026",
        "Lincoln Elementary",
        "lincoln-elementary-1",
        "LincolnElementary2026!",
        "Guardian Portal",
        "guardianportal1",
        "ｍｉｒａｏｋａｆｏｒ１２３",
    ],
)
def test_what_anybody_would_guess_of_this_person_is_refused(plain: str) -> None:
    personal = ["Mira", "Mira Okafor", "m.okafor@example.org", "Lincoln Elementary"]

    assert passwords.weakness(plain, personal=personal) == (
        "This is a name or an email address that others know. Choose something else."
    )


@pytest.mark.parametrize("personal", [[], [""], ["@"], [" "]])
def test_an_empty_name_makes_no_password_weak(personal: list[str]) -> None:
    assert passwords.weakness("4815162342908", personal=personal) is None


def test_a_name_inside_a_longer_password_will_do() -> None:
    assert passwords.weakness("Mira feeds the walnut", personal=["Mira"]) is None


@pytest.mark.parametrize(
    "plain",
    [
        "password1234",
        "PassWord1234",
        "123456789012",
        "qwertyuiop123",
        "1q2w3e4r5t6y",
        "iloveyou1234",
        "passwordpassword",
        "correct horse battery staple",
        "CorrectHorseBatteryStaple99!",
        "thisismypassword2026",
        "ｐａｓｓｗｏｒｄ１２３４",
    ],
)
def test_a_common_password_is_refused(plain: str) -> None:
    assert passwords.weakness(plain, personal=[]) == "Many people use this password. Choose something else."


def test_the_list_of_common_passwords_holds_nothing_in_vain() -> None:
    lines = passwords.COMMON_PASSWORDS.read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if not line.startswith("#")]

    assert 1_000 < len(entries) < 6_000
    assert entries == sorted(set(entries))
    assert all(len(entry) >= passwords.SHORTEST and entry == passwords._folded(entry) for entry in entries)
