"""What templates are given to write attributes, icons and sentences with."""

import pytest
from flask import Flask
from jinja2 import DictLoader

from portal.models.users.assignments import reaches_with, read_assignments
from portal.text.language import in_language
from portal.web.templating import percent


def rendered(app: Flask, source: str, **words: object) -> str:
    with app.test_request_context("/"):
        return app.jinja_env.from_string(source).render(**words)


@pytest.mark.parametrize(
    ("keywords", "attributes"),
    [
        ('hx_get="/a?b&c", hx_target="#x"', ' hx-get="/a?b&amp;c" hx-target="#x"'),
        ("data_focus=true, class_='quiet'", ' data-focus class="quiet"'),
        ("role=none, hidden=false, value=''", ' value=""'),
        ("title='\"><script>'", ' title="&#34;&gt;&lt;script&gt;"'),
    ],
)
def test_keywords_become_attributes(app, keywords, attributes):
    assert rendered(app, f"{{{{ dict({keywords}) | attributes }}}}") == attributes


def test_an_icon_is_hidden_from_screen_readers_unless_it_says_something(app):
    assert 'aria-hidden="true"' in rendered(app, '{{ ui.icon("x") }}')
    assert 'role="img" aria-label="A &amp; B"' in rendered(app, '{{ ui.icon("x", "A & B") }}')
    assert rendered(app, "{{ draw(none) }}") == ""


def test_what_fills_a_sentence_is_escaped_and_a_doubled_percent_is_one(app):
    assert rendered(app, '{{ _("%(who)s: 5 %%", who="<b>") }}') == "&lt;b&gt;: 5 %"
    assert rendered(app, '{{ _("5 %% of it") }}') == "5 % of it"


def test_each_language_keeps_its_own_sentences(app):
    with app.test_request_context("/"):
        template = app.jinja_env.from_string('{{ _("Sign in") }}')
        english = template.render()
        with in_language("es"):
            spanish = template.render()

        assert (english, template.render()) == ("Sign in", "Sign in")
        assert spanish not in ("", english)


def test_levels_at_schools_and_networks_are_read_from_rows_that_name_both():
    rows = [
        ("row", "school_admin", 1, False, "network_level_only", 9, True, False),
        ("row", None, None, None, None, None, None, None),
    ]
    held = read_assignments(rows)

    assert {(str(each.level), each.place_id) for each in held} == {
        ("school_admin", 1),
        ("network_level_only", 9),
    }
    assert reaches_with(held) is reaches_with(read_assignments(rows))


@pytest.mark.parametrize(
    ("part", "all_", "shown"),
    [
        (16, 206, "8%"),
        (1, 8, "13%"),
        (0, 9, "0%"),
        (1, 999, "1%"),
        (998, 999, "99%"),
        (9, 9, "100%"),
        (0, 0, "–"),
    ],
)
def test_a_share_is_rounded_but_all_and_nobody_are_said_of_all_and_nobody_only(app, part, all_, shown):
    assert rendered(app, "{{ ui.share(part, all) }}", part=part, all=all_).strip() == shown


@pytest.mark.parametrize(
    ("part", "share"),
    [(0, "0%"), (1, "1%"), (16, "5%"), (299, "99%"), (300, "100%"), (151, "50%"), (152, "51%")],
)
def test_a_share_is_rounded_but_all_and_none_are_exact(part, share):
    assert percent(part, 300) == share


def test_indentation_is_left_out_but_a_space_stays_where_the_end_of_the_line_is_taken(app):
    template = "<ul>\n  <li>{{ 1 }}\n    <b>x</b>\n  {% if true %}\n    <i>y</i>\n  {% endif %}\n</ul>"
    page = app.jinja_env.overlay(loader=DictLoader({"page.html": template, "mail.txt": template}))

    assert page.get_template("page.html").render() == "<ul>\n<li>1\n<b>x</b>\n <i>y</i>\n</ul>"
    assert "\n  <li>1\n    <b>" in page.get_template("mail.txt").render()
