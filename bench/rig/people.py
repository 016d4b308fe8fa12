"""Names in nine languages for the made-up people of a district, the same on every run."""

from typing import NamedTuple

from portal.models.rows import fold

LANGUAGES = ("en", "es", "en", "vi", "ar", "es", "en", "zh", "so", "pl", "en", "pt", "es", "uk")

GIVEN = (
    "Mia", "Noah", "Lucía", "Emil", "Amina", "Søren", "Wei", "José Luis", "Zoë", "Omar", "Ngọc", "Ada", "Thảo",
    "Łukasz", "Siobhán", "DeShawn", "Фёдор", "Mei-Lin", "Inês", "Tyrese", "Hodan", "Олена", "Ximena", "Bilal",
    "Harper", "Ethan", "Ruby", "Malik", "Chloe",
)  # fmt: skip

#: 33 of them, so that one in 33 students is an Okafor.
FAMILY = (
    "Okafor", "Nguyễn", "García López", "O’Neill", "Berg", "Haddad", "Kowalska", "Silva", "Tan", "Ito", "Warsame",
    "Al-Masri", "de la Cruz Solís", "Trần", "Anderson", "Baker", "Coleman", "Jefferson-Lee", "Núñez Ibáñez", "Xiong",
    "Abdi", "Dąbrowski", "Araújo", "Ковальчук", "Hayes", "St. Clair", "Gutiérrez", "Lü", "Patel", "Ouyang", "Whitaker",
    "Ben Youssef", "Quiñones",
)  # fmt: skip

NOTE = (
    "Called home about the missed days; the family will bring a note on Monday. ",
    "Met with the counselor. Asks for help with algebra, and will come on Thursdays. ",
    "Parents prefer calls after five, in their own language. ",
)


class Person(NamedTuple):
    """A name, and the language spoken at home; none where the school does not know it."""

    given: str
    family: str
    language: str | None

    @property
    def sort_key(self) -> str:
        """How lists are ordered."""
        return fold(f"{self.family} {self.given}")

    def search_key(self, further: str) -> str:
        """What search looks into: the names, and `further`."""
        return fold(f"{self.given} {self.family} {further}")


def person(number: int) -> Person:
    """Return the person of that number. Names come again, as in a real school, but no two in a row are alike."""
    language = None if number % 40 == 39 else LANGUAGES[number * 5 % len(LANGUAGES)]
    return Person(GIVEN[number * 7 % len(GIVEN)], FAMILY[number * 10 % len(FAMILY)], language)


def note(number: int) -> str:
    """Return the text of a note of one to four sentences."""
    return "".join(NOTE[(number + place) % len(NOTE)] for place in range(1 + number % 4)).strip()
