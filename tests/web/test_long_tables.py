"""Rows of long tables: whatever the texts hold, they stay texts in their places."""

from hypothesis import given
from hypothesis import strategies as some
from markupsafe import Markup, escape

from portal.web.templating import filled

PATTERN = Markup('<tr><td title="{}">{}</td><td>&amp; {}</td></tr>')
TEXTS = some.text(alphabet=some.sampled_from("<>&\"'{}\x00%aé"))


@given(some.lists(some.tuples(TEXTS, TEXTS, TEXTS)))
def test_it_is_what_escaping_one_by_one_gives(rows: list[tuple[str, str, str]]):
    one_by_one = "".join(
        f'<tr><td title="{escape(a)}">{escape(b)}</td><td>&amp; {escape(c)}</td></tr>' for a, b, c in rows
    )

    assert filled({"row": PATTERN}, [("row", texts) for texts in rows]) == one_by_one


def test_each_row_has_its_own_pattern():
    patterns = {"a": Markup("<a>{}</a>"), "b": Markup("<b>{}</b>")}

    assert filled(patterns, [("b", ("<",)), ("a", ("x",))]) == "<b>&lt;</b><a>x</a>"
    assert isinstance(filled(patterns, []), Markup)
