def test_strangers_choose_between_code_and_sign_in(client, cast):
    page = client.get("/").text

    assert 'href="/join"' in page
    assert 'href="/sign-in"' in page
    assert 'href="/staff/sign-in"' in page


def test_everybody_else_comes_to_where_they_belong(cast, as_):
    assert as_(cast.grace).get("/").location == "/family"
    assert as_(cast.otto).get("/").location == "/students"
