import secrets
from contextlib import suppress
from functools import cache, reduce
from itertools import combinations
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.text.access_code import ALPHABET, RUDE_WORDS, Mistyped, canonical, canonical_list, draw, pretty

ZERO = "0" * 12


def with_check(symbols: str) -> str:
    """The code that begins with these eleven symbols: the check is linear, as a test below says."""
    check = reduce(xor, map(check_of, range(11), symbols))
    return symbols + ALPHABET[check]


@cache
def check_of(place: int, symbol: str) -> int:
    """The number of the check symbol where all other symbols are 0: of the one of 32 that is not mistyped."""
    symbols = "0" * place + symbol + "0" * (10 - place)
    [check] = [number for number, last in enumerate(ALPHABET) if not is_mistyped(symbols + last)]
    return check


def is_mistyped(typed: str) -> bool:
    try:
        canonical(typed)
    except Mistyped:
        return True
    return False


CODE = with_check("K7QD9M2XHT4")
OTHER = with_check("ABCDEFGH123")
codes = some.text(ALPHABET, min_size=11, max_size=11).map(with_check)


def test_a_drawn_code_has_twelve_symbols_and_is_accepted_as_typed() -> None:
    drawn = {draw() for _time in range(200)}

    assert len(drawn) == 200
    assert all(len(code) == 12 and set(code) <= set(ALPHABET) and canonical(code) == code for code in drawn)


def test_every_place_of_a_drawn_code_can_hold_every_symbol() -> None:
    drawn = [draw() for _time in range(2_000)]

    # A symbol is missing somewhere by chance in about one run of 10²⁵.
    assert all({code[place] for code in drawn} == set(ALPHABET) for place in range(12))


@pytest.mark.parametrize("word", RUDE_WORDS.pattern.split("|"))
def test_a_code_with_a_rude_word_is_drawn_again(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    symbols = iter(word.ljust(11, "0") + CODE[:11])
    monkeypatch.setattr(secrets, "choice", lambda _alphabet: next(symbols))

    assert draw() == CODE


def test_every_rude_word_is_spelt_as_it_would_stand_in_a_code() -> None:
    assert set(RUDE_WORDS.pattern) <= {*ALPHABET, "|"}


def test_a_code_is_shown_in_three_groups_of_four() -> None:
    assert pretty("K7QD9M2XHT4W") == "K7QD-9M2X-HT4W"


@given(codes)
def test_what_is_shown_can_be_typed(code: str) -> None:
    assert canonical(pretty(code)) == code


# The check is linear over the field, so an error is caught in every code when it is caught in the code of
# zeros: there a wrong symbol is any other symbol, and a swap of two adds the same symbol in both places.


def test_every_single_wrong_symbol_is_caught() -> None:
    assert canonical(ZERO) == ZERO
    for place in range(12):
        for symbol in ALPHABET[1:]:
            assert is_mistyped(changed(ZERO, {place: symbol})), (place, symbol)


def test_every_swap_of_any_two_symbols_is_caught() -> None:
    for first, second in combinations(range(12), 2):
        for difference in ALPHABET[1:]:
            assert is_mistyped(changed(ZERO, {first: difference, second: difference})), (first, second)


@given(codes, codes)
def test_the_check_is_linear(one: str, other: str) -> None:
    assert not is_mistyped(
        "".join(ALPHABET[ALPHABET.index(a) ^ ALPHABET.index(b)] for a, b in zip(one, other, strict=True))
    )


@given(codes, some.integers(0, 11), some.sampled_from(ALPHABET))
def test_a_wrong_symbol_in_any_code_is_caught(code: str, place: int, symbol: str) -> None:
    assert is_mistyped(changed(code, {place: symbol})) == (symbol != code[place])


@given(codes, some.integers(0, 11), some.integers(0, 11))
def test_a_swap_in_any_code_is_caught(code: str, first: int, second: int) -> None:
    swapped = changed(code, {first: code[second], second: code[first]})

    assert is_mistyped(swapped) == (code[first] != code[second])


def changed(code: str, symbols: dict[int, str]) -> str:
    return "".join(symbols.get(place, symbol) for place, symbol in enumerate(code))


SPACES = " \t\r\n\u00a0\u2003\u3000"
DASHES_AND_DOTS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\u30fc_\uff3f.\u2026\u00b7\u3002"
UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u2060\ufeff"


@given(codes, some.lists(some.text(SPACES + DASHES_AND_DOTS + UNSEEN, max_size=3), min_size=13, max_size=13))
def test_spaces_dashes_dots_and_unseen_signs_do_not_matter(code: str, noise: list[str]) -> None:
    typed = noise[0] + "".join(symbol + unwanted for symbol, unwanted in zip(code, noise[1:], strict=True))

    assert canonical(typed) == code


@given(codes)
def test_case_and_width_do_not_matter(code: str) -> None:
    wide = "".join(chr(ord(symbol) + 0xFEE0) for symbol in code)

    assert canonical(code.lower()) == canonical(wide) == canonical(wide.lower()) == code


@pytest.mark.parametrize("zero", "٠۰०০๐０𝟎")
@given(code=codes)
def test_digits_of_every_script_count(zero: str, code: str) -> None:
    typed = "".join(chr(ord(zero) + int(symbol)) if symbol.isdigit() else symbol for symbol in code)

    assert canonical(typed) == code


@pytest.mark.parametrize(("misread", "symbol"), [("O", "0"), ("o", "0"), *((sign, "1") for sign in "IiLlıⅠ")])
def test_letters_that_look_like_digits_count_as_those(misread: str, symbol: str) -> None:
    code = with_check(symbol + "7QD9M2XHT4")

    assert canonical(misread + code[1:]) == code


@pytest.mark.parametrize(
    "link",
    ["https://portal.example/join#{}", "portal.example/join#{}\n", " http://[::1]:8000/join＃{} ", "#{}"],
)
@pytest.mark.parametrize("written", [CODE, pretty(CODE), CODE.lower()])
def test_a_pasted_link_counts_as_the_code_in_it(link: str, written: str) -> None:
    assert canonical(link.format(written)) == CODE
    assert canonical_list(link.format(written)) == [CODE]


@pytest.mark.parametrize("typed", ["", " \n ", "---", "https://portal.example/join#"])
def test_nothing_typed_is_asked_for(typed: str) -> None:
    for read in (canonical, canonical_list):
        with pytest.raises(Mistyped) as refusal:
            read(typed)
        assert refusal.value.sentence == "Enter the access code from the letter."


@pytest.mark.parametrize(
    "typed", [CODE[:11], CODE + "0", CODE + CODE, "U" + CODE[1:], "?" + CODE[1:], "K7QD"]
)
def test_what_is_no_code_looks_mistyped_and_stays_out_of_the_message(typed: str) -> None:
    with pytest.raises(Mistyped) as refusal:
        canonical(f" {typed}\n")

    assert "looks mistyped" in refusal.value.sentence
    assert refusal.value.typed == typed
    assert typed not in str(refusal.value) + repr(refusal.value)


@pytest.mark.parametrize("read", [canonical, canonical_list])
def test_two_thousand_characters_are_read_and_one_more_is_not(read: object) -> None:
    assert callable(read)
    assert read(CODE + " " * (2_000 - 12)) in (CODE, [CODE])

    with pytest.raises(Mistyped, match="too long"):
        read(CODE + " " * (2_001 - 12))


@given(some.text() | some.text(ALPHABET + "#,; \n-ﷺ\ud800", max_size=60))
def test_whatever_is_typed_is_a_code_or_mistyped_and_nothing_worse(typed: str) -> None:
    with suppress(Mistyped):
        code = canonical(typed)
        assert is_a_code(code)
    with suppress(Mistyped):
        found = canonical_list(typed)
        assert 1 <= len(found) <= 10
        assert all(is_a_code(code) for code in found)


def is_a_code(text: str) -> bool:
    return len(text) == 12 and set(text) <= set(ALPHABET) and not is_mistyped(text)


@pytest.mark.parametrize(
    "between", ["\n", "\r\n", "\n\n", ",", ", ", ";", "；", "、", "،", " ", "\t", "", "\u2028", "-"]
)
@given(written=some.lists(codes, min_size=1, max_size=10, unique=True))
def test_several_codes_may_be_typed_at_once(between: str, written: list[str]) -> None:
    assert canonical_list(between.join(written)) == written
    assert canonical_list(between.join(written) + between) == written


@pytest.mark.parametrize("between", ["\n", ",", "; ", " ", "   "])
@pytest.mark.parametrize("spelt", [pretty, lambda code: pretty(code).replace("-", " "), str.lower])
@given(written=some.lists(codes, min_size=1, max_size=10, unique=True))
def test_several_codes_may_be_typed_in_groups(between: str, spelt: object, written: list[str]) -> None:
    assert callable(spelt)
    assert canonical_list(between.join(spelt(code) for code in written)) == written


@pytest.mark.parametrize("between", ["\n", " ", ", "])
def test_several_links_may_be_pasted(between: str) -> None:
    links = [f"https://portal.example/join#{code}" for code in (CODE, OTHER)]

    assert canonical_list(between.join(links)) == [CODE, OTHER]


def test_a_code_typed_twice_counts_once_and_the_order_is_kept() -> None:
    assert canonical_list(f"{OTHER}, {pretty(CODE)}, {OTHER.lower()}, {CODE}") == [OTHER, CODE]


def test_ten_codes_are_accepted_and_eleven_are_too_many() -> None:
    eleven = [with_check(symbol + "7QD9M2XHT4") for symbol in ALPHABET[:11]]

    assert canonical_list("\n".join(eleven[:10] + eleven[:1])) == eleven[:10]
    with pytest.raises(Mistyped, match="at most 10"):
        canonical_list("\n".join(eleven))


@pytest.mark.parametrize("between", ["\n", ", ", ";", " "])
@pytest.mark.parametrize("wrong", ["K7QD-9M2X-HT4", "K7QD-9M2X-HT4WW", "hello", changed(CODE, {3: "0"})])
def test_the_wrong_one_of_several_is_named(between: str, wrong: str) -> None:
    with pytest.raises(Mistyped) as refusal:
        canonical_list(between.join([CODE, wrong, OTHER]))

    assert refusal.value.typed == wrong
    assert "looks mistyped" in refusal.value.sentence


def test_a_wrong_code_in_groups_is_named_by_its_line() -> None:
    with pytest.raises(Mistyped) as refusal:
        canonical_list(f"{CODE}\nK7QD 9M2X HT4\n{OTHER}")

    assert refusal.value.typed == "K7QD 9M2X HT4"
