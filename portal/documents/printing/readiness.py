"""Make the printing process ready: what every print needs is loaded and laid out once, and children share it."""

import gc
from datetime import date

from portal.documents.cover_pages import cover_template_for
from portal.documents.letter import Letter
from portal.documents.letter_pages import page_template_for
from portal.documents.minimal_app import minimal_app
from portal.documents.pdf import engine
from portal.documents.single import print_letter

#: The folder of the templates that letters are made of.
FOLDER = "documents/"

ELSEWHERE = "https://portal.example.org"


def make_ready(address: str = ELSEWHERE) -> None:
    """Load the engine and its typefaces, and print a sample letter. `address` is that of the portal, as in QR codes.

    What was made until then is taken out of the garbage collector's care, so that children do not copy it.
    """
    sample = Letter(
        school="School",
        student="Mia",
        grade_label="Grade 4",
        homeroom="2A",
        code="0" * 12,
        join_url=f"{address}/join",
        sign_in_url=f"{address}/sign-in",
        expires_on=date(2000, 6, 30),
        ask_whom="Office",
    )
    environment = minimal_app().jinja_env
    for name in environment.list_templates(filter_func=lambda name: name.startswith(FOLDER)):
        environment.get_template(name)
    with minimal_app().app_context(), engine.turn():
        print_letter(sample)
        page_template_for(sample)
        cover_template_for(sample, all_letters=[sample])
    gc.collect()
    gc.freeze()
