from portal.text.language import gettext, in_language, lazy_gettext, ngettext, now, use


def test_outside_a_request_the_english_sentence_comes_back() -> None:
    assert gettext("Use at least %(shortest)s characters.", shortest=12) == "Use at least 12 characters."
    assert gettext("100 % of it") == "100 % of it"


def test_the_count_chooses_the_sentence() -> None:
    sentences = [ngettext("%(num)s student", "%(num)s students", count) for count in (0, 1, 2)]

    assert sentences == ["0 students", "1 student", "2 students"]


def test_a_lazy_sentence_is_made_when_it_is_shown() -> None:
    assert str(lazy_gettext("Hello %(name)s", name="Mia")) == "Hello Mia"


def test_within_a_block_another_language_is_spoken() -> None:
    with in_language("es"):
        spanish = gettext("Sign in")
        with in_language("en"):
            assert gettext("Sign in") == "Sign in"
        assert gettext("Sign in") == spanish

    assert spanish not in ("", "Sign in")
    assert now() == "en"


def test_a_language_that_is_chosen_later_is_asked_for_once() -> None:
    asked: list[str] = []

    def chosen() -> str:
        asked.append("es")
        return "es"

    with in_language("en"):
        use(chosen)
        assert asked == []
        assert (now(), now()) == ("es", "es")

    assert asked == ["es"]


def test_a_lazy_sentence_reads_like_a_string() -> None:
    lazy = lazy_gettext("Sign in")

    assert (lazy + "!", "1 " + lazy, len(lazy), lazy.upper()) == ("Sign in!", "1 Sign in", 7, "SIGN IN")
    assert lazy == "Sign in"
    assert sorted([lazy_gettext("b"), lazy_gettext("a")]) == ["a", "b"]
    with in_language("es"):
        assert lazy == gettext("Sign in") != "Sign in"
