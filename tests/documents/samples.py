"""A letter, and names with everything that names can have in them."""

from datetime import date

from portal.documents.letter import Letter

MIA = Letter(
    school="Lincoln Elementary School",
    student="Mia Nguyễn-Okafor",
    grade_label="Grade 4",
    homeroom="Room 2A",
    code="K7QD9M2XHT4W",
    join_url="https://portal.lincoln.example.org/join",
    sign_in_url="https://portal.lincoln.example.org/sign-in",
    expires_on=date(2027, 6, 30),
    ask_whom="Otto Reyes in the school office\n(555) 010-0199",
)

NAMES = [
    "Mia Nguyễn-Okafor",
    "Zoë Željka Łucja Dvořáková",
    "Ntombi N’Diaye-O'Brien",
    "José Luis García Márquez",
    "Đặng Thị Phương Thảo",
    "Björk",
    "Αλέξανδρος Παπαδόπουλος",
    "Владислав Щербаков",
    "欧阳明月",
    "김서연",
    "さくら 田中",
    "فاطمة الزهراء محمد",
    "יעל כהן",
    "<b>&{{ }}",
    "{% raw %}&amp;<script>",
    ("Maximiliana Wolfeschlegelstein " * 4)[:120],
    ("Wolfeschlegelsteinhausen" * 5)[:120],
    "欧阳明月" * 30,
]

#: Access codes of every symbol, in canonical spelling.
CODES = ["K7QD9M2XHT4W", "0123456789AB", "CDEFGHJKMNPQ", "RSTVWXYZ0000", "ZZZZZZZZZZZZ", "111111111111"]
