from portal.text.language import gettext, lazy_gettext, ngettext


def test_outside_a_request_the_english_sentence_comes_back() -> None:
    assert gettext("Use at least %(shortest)s characters.", shortest=12) == "Use at least 12 characters."
    assert gettext("100 % of it") == "100 % of it"


def test_the_count_chooses_the_sentence() -> None:
    sentences = [ngettext("%(num)s student", "%(num)s students", count) for count in (0, 1, 2)]

    assert sentences == ["0 students", "1 student", "2 students"]


def test_a_lazy_sentence_is_made_when_it_is_shown() -> None:
    assert str(lazy_gettext("Hello %(name)s", name="Mia")) == "Hello Mia"
