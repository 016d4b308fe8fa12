"""Names of many languages for made-up people, the same on every run."""

from collections.abc import Sequence
from typing import NamedTuple

from portal.models.rows import fold


class Name(NamedTuple):
    """A person's name, and the language spoken at home."""

    given: str
    family: str
    language: str


class Origin(NamedTuple):
    """Given and family names of one language."""

    language: str
    given: Sequence[str]
    family: Sequence[str]

    def name(self, number: int) -> Name:
        """Return the name with that number; two names share a given or a family name, seldom both."""
        given = self.given[number % len(self.given)]
        family = self.family[(number + number // len(self.given)) % len(self.family)]
        return Name(given, family, self.language)


def _origin(language: str, given: str, family: str) -> Origin:
    return Origin(language, tuple(given.split(", ")), tuple(family.split(", ")))


ENGLISH = _origin(
    "en",
    "Emma, Liam, Ava, Ethan, Harper, Mason, Chloe, Logan, Abigail, Lucas, Ella, Jackson, Nora, Owen, Ruby, Theo",
    "Anderson, Baker, Carter, Dawson, Ellison, Fletcher, Garrison, Hayes, Ingram, Jennings, Kendrick, Lawson, Norwood",
)
SOUTHERN = _origin(
    "en",
    "Aaliyah, Darius, Imani, Jaylen, Kiara, Malik, Nia, Tyrese, Zaria, DeShawn, La'Quan, Amaya",
    "Booker, Coleman, Gaines, Hightower, Mosley, Rivers, Jefferson-Lee, Whitaker, Dupree, St. Clair, Bell",
)
SPANISH = _origin(
    "es",
    "Sofía, José Luis, Valentina, Ángel, Camila, Mateo, Ximena, Joaquín, María José, Íñigo, Begoña, Andrés",
    "García Márquez, Hernández Peña, Núñez Ibáñez, de la Cruz Solís, Ríos Zúñiga, Muñoz del Valle, "
    "Ávila Cárdenas, Gutiérrez, Peñaloza Ortiz, Domínguez y Ruiz, Quiñones",
)
VIETNAMESE = _origin(
    "vi",
    "Minh Anh, Quốc Bảo, Thảo, Gia Hân, Đức, Tuệ Lâm, Phương, Khánh Linh",
    "Nguyễn, Trần, Lê, Phạm, Đặng, Bùi, Võ",
)
CHINESE = _origin(
    "zh",
    "Siyuan, Yuhan, Ruoxi, Jiayi, Zixuan, Jingyi, Haoran, Mei-Lin",
    "Wang, Zhao, Lü, Huang, Ouyang, Xu, Deng",
)
CHINESE_CHARACTERS = _origin("zh", "思远, 雨涵, 子轩, 佳怡, 浩然", "王, 赵, 欧阳, 黄, 吕, 邓, 徐")
ARABIC = _origin(
    "ar",
    "Yusuf, Layla, Omar, Maryam, Khadija, Bilal, Abd al-Rahman, Noor",
    "Al-Masri, El-Sayed, Haddad, Ben Youssef, Abu Zayd, Al-Khatib, Mansour",
)
ARABIC_SCRIPT = _origin(
    "ar", "محمد, ليلى, يوسف, مريم, عبد الرحمن", "المصري, حداد, الخطيب, منصور, بن يوسف, السيد, أبو زيد"
)
IRISH_AND_ITALIAN = _origin(
    "en",
    "Siobhán, Declan, Niamh, Oisín, Gianna, Rocco, Chiara, Pádraig",
    "O'Brien, O’Sullivan, D'Angelo, Dell’Acqua, Ó Ceallaigh, McAllister, De Luca",
)
POLISH = _origin(
    "pl", "Łukasz, Zofia, Wojciech, Żaneta, Stanisław, Małgosia", "Dąbrowski, Wiśniewska, Żak, Śliwa, Gołąb"
)
SOMALI = _origin("so", "Ayaan, Hodan, Abdirahman, Ifrah, Sahra, Liban", "Warsame, Abdi, Jama, Nur, Hirsi")
HMONG = _origin("hmn", "Kong Meng, Pa Houa, Mai See, Tou, Nou, Chue", "Xiong, Vang, Thao, Moua, Lor")
INDIAN = _origin(
    "hi",
    "Aarav, Diya, Ishaan, Ananya, Vihaan, Saanvi, Meenakshi, Arjun",
    "Krishnamurthy, Patel, Iyer, Chatterjee, Venkataraman, Singh, D’Souza",
)
PORTUGUESE = _origin(
    "pt",
    "João Pedro, Inês, Thiago, Conceição, Luã, Estêvão",
    "dos Santos, Araújo, Gonçalves, da Silva e Sá, Simões",
)
HAITIAN = _origin(
    "ht",
    "Widline, Jean-Luc, Rose-Andrée, Mackenson, Fabiola",
    "Jean-Baptiste, Désir, Pierre-Louis, Saint-Fleur, Toussaint",
)
UKRAINIAN = _origin(
    "uk", "Олена, Дмитро, Соломія, Мар'яна, Ярослав", "Ковальчук, Мельник, Бондаренко, Гнатюк"
)
OTHER_ORIGINS = _origin(
    "en",
    "Keaʻala, Aiyana, Björn, Þórunn, Zoë, Eszter, Çağla, Şirin, Nāhuel, Maëlle, Søren, Anaïs, Tevita",
    "Kealoha, Begay, Van der Berg, Guðmundsdóttir, Smith-Jones, Szabó, Yıldız, Øverby, Okonkwo-Reyes, Faʻasavalu",
)

#: The origins of names in turn; more frequent ones appear more often.
TOWN = (
    ENGLISH, SPANISH, SOUTHERN, VIETNAMESE, ENGLISH, ARABIC, SPANISH, INDIAN, HMONG, ENGLISH, CHINESE, SOUTHERN,
    SPANISH, SOMALI, IRISH_AND_ITALIAN, ENGLISH, POLISH, OTHER_ORIGINS, SPANISH, PORTUGUESE, CHINESE_CHARACTERS,
    UKRAINIAN, ARABIC_SCRIPT, HAITIAN,
)  # fmt: skip

#: Unusual names by number, which layouts must hold too: single, very long and very short ones.
RARE = {
    11: Name("Wulandari", "", "id"),
    217: Name(
        "María Guadalupe Esperanza de los Ángeles",
        "Villanueva-Castellanos y Fernández de Valdivielso",
        "es",
    ),
    305: Name("Maximiliana-Theodora", "Papadimitropoulos-Featherstonehaugh", "en"),
    408: Name("Bo", "Xu", "zh"),
    512: Name("Suryadi", "", "id"),
}


def name_of(number: int) -> Name:
    """Return the name of the person with that number; neighbouring numbers have names of different languages."""
    turn, place = divmod(number, len(TOWN))
    origin = TOWN[place]
    return RARE.get(number) or origin.name(turn * TOWN.count(origin) + TOWN[:place].count(origin))


def parent_of(child: Name, number: int) -> Name:
    """Return the name of an adult with the family name of `child`."""
    origin = next((origin for origin in TOWN if child.family in origin.family), ENGLISH)
    return Name(origin.given[(number + 5) % len(origin.given)], child.family, child.language)


def email_of(name: Name, number: int, *, domain: str = "example.com") -> str:
    """Return an address in a domain reserved for examples (RFC 2606), made unique by the number."""
    letters = "".join(
        letter for letter in fold(name.family or name.given) if letter.isascii() and letter.isalpha()
    )
    return f"{letters or 'family'}{number}@{domain}"
