"""What an access code looks like, and what may be made of what somebody typed.

Twelve symbols of Crockford's base 32, shown as K7QD-9M2X-HT4W: eleven by chance (55 bits) and a check symbol.
"""

import re
import secrets
import unicodedata
from functools import reduce

from portal.text.language import gettext as _

#: Crockford's base 32: without I, L, O and U, which are misread on paper and misheard on the phone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
MOST_AT_ONCE = 10
LONGEST_TYPED = 2_000

#: Words that a code must not spell on a family's letter, as the alphabet has them (I and L are 1, O is 0).
RUDE_WORDS = re.compile(
    "ARSE|ASSH01E|BASTARD|B1TCH|C0CK|CRAP|DAMN|D1CK|FART|HE11|KKK|NAZ1|N1GG|"
    "P1SS|PEN1S|P0RN|RAPE|SEX|SH1T|TWAT|T1TS|WANK|WH0RE|666"
)

#: x⁵ + x² + 1, which makes the 32 symbols a field where α = 2 has order 31.
FIELD_POLYNOMIAL = 0b100101

#: The rest of what stands for a dash or a dot on some keyboard and is in no category of `_is_dropped`:
#: minus, hyphen bullet, modifier minus, katakana long vowel, box line; full stop, middle dots, bullet, 。.
DROPPED_SIGNS = "\u2212\u2043\u02d7\u30fc\u2500" + ".\u00b7\u30fb\u2022\u3002"
#: Comma, semicolon, and those of Arabic and Chinese.
SEPARATORS = re.compile("[,;\u060c\u061b\u3001]")
#: Of a pasted link, everything up to the code in its fragment.
LINK = re.compile(r"\S*#")
MISREAD = str.maketrans("OIL", "011")


class Mistyped(ValueError):
    """What was typed is no access code; `sentence` tells the person, `typed` is the part that was meant.

    `str()` is the sentence alone, because one wrong symbol off is nearly a live code: it must reach no log.
    """

    def __init__(self, sentence: str, *, typed: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.typed = typed


def draw() -> str:
    """A new code by chance, in canonical form: 12 symbols without dashes."""
    while True:
        symbols = "".join(secrets.choice(ALPHABET) for _position in range(LENGTH - 1))
        code = symbols + ALPHABET[_times_alpha(_weighted_sum(symbols))]
        if not RUDE_WORDS.search(code):
            return code


def pretty(canonical: str) -> str:
    """The code as it is shown: K7QD-9M2X-HT4W."""
    return "-".join(canonical[start : start + 4] for start in range(0, LENGTH, 4))


def canonical(typed: str) -> str:
    """The 12 symbols meant by what was typed, or by a pasted link with the code behind its `#`.

    Raises Mistyped, and nothing else, when it is not exactly one code whose check symbol is right.
    """
    symbols = _bare(_folded(typed).rpartition("#")[2])
    if not symbols:
        raise Mistyped(_("Enter the access code from the letter."))
    return _checked(symbols, typed=typed)


def canonical_list(typed: str) -> list[str]:
    """The codes meant by what was typed, in that order, each once, at most ten.

    They stand on lines of their own, or behind commas, semicolons or spaces, or run on. Raises Mistyped, and
    nothing else, for the first one that is wrong (its `typed` is that one), for none and for too many.
    """
    lines = LINK.sub(" ", _folded(typed)).splitlines()
    pieces = [piece for line in lines for part in SEPARATORS.split(line) for piece in _pieces(part)]
    if not pieces:
        raise Mistyped(_("Enter the access code from the letter."))
    codes = list(dict.fromkeys(_checked(_bare(piece), typed=piece) for piece in pieces))
    if len(codes) > MOST_AT_ONCE:
        raise Mistyped(_("Enter at most %(most)s access codes at once.", most=MOST_AT_ONCE))
    return codes


def _pieces(part: str) -> list[str]:
    """What is meant as one code each: words when one of them alone is as long as a code, else runs of 12."""
    symbols, words = _bare(part), part.split()
    if any(len(_bare(word)) == LENGTH for word in words):
        return words
    if len(symbols) % LENGTH:
        return [part.strip()]
    return [symbols[start : start + LENGTH] for start in range(0, len(symbols), LENGTH)]


def _folded(typed: str) -> str:
    if len(typed) > LONGEST_TYPED:
        raise Mistyped(_("This is too long to be an access code."))
    return unicodedata.normalize("NFKC", typed)


def _bare(text: str) -> str:
    kept = (_ascii_digit(sign) for sign in text if not _is_dropped(sign))
    return "".join(kept).upper().translate(MISREAD)


def _is_dropped(sign: str) -> bool:
    # Dashes, underscores, and signs without width such as the soft hyphen and the marks of direction.
    return sign.isspace() or sign in DROPPED_SIGNS or unicodedata.category(sign) in {"Pd", "Pc", "Cf"}


def _ascii_digit(sign: str) -> str:
    return str(unicodedata.digit(sign, sign))


def _checked(symbols: str, *, typed: str) -> str:
    is_code = len(symbols) == LENGTH and set(symbols) <= set(ALPHABET) and _weighted_sum(symbols) == 0
    if not is_code:
        raise Mistyped(_("This access code looks mistyped. Compare it with the letter."), typed=typed.strip())
    return symbols


def _weighted_sum(symbols: str) -> int:
    """Σ αⁱ·dᵢ, i counted from the right. It is 0 for a whole code.

    Every single error and every swap changes it, because the αⁱ are neither 0 nor equal for i < 31.
    """
    return reduce(lambda total, symbol: _times_alpha(total) ^ ALPHABET.index(symbol), symbols, 0)


def _times_alpha(element: int) -> int:
    doubled = element << 1
    return doubled ^ FIELD_POLYNOMIAL if doubled >= len(ALPHABET) else doubled
