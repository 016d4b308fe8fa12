"""Settings: each wrong one is named in one clear line, and no unsafe one is taken."""

from pathlib import Path

import pytest

from portal.config import Settings, WrongSettings

ONLY_A_HOST = "PORTAL_BASE_URL: must be https:// and a host name"

#: The variable, a wrong value, what the operator reads.
WRONG = [
    ("PORTAL_BASE_URL", "http://portal.example.org", "PORTAL_BASE_URL: must begin with https://"),
    ("PORTAL_BASE_URL", "http://127.0.0.1.evil.example", "PORTAL_BASE_URL: must begin with https://"),
    ("PORTAL_BASE_URL", "http://0.0.0.0:8000", "PORTAL_BASE_URL: must begin with https://"),
    ("PORTAL_BASE_URL", "portal.example.org", "PORTAL_BASE_URL: must begin with https://"),
    ("PORTAL_BASE_URL", "ftp://portal.example.org", "PORTAL_BASE_URL: must begin with https://"),
    ("PORTAL_BASE_URL", "https://", ONLY_A_HOST),
    (
        "PORTAL_BASE_URL",
        "https://portal.example.org/family",
        ONLY_A_HOST,
    ),
    (
        "PORTAL_BASE_URL",
        "https://portal.example.org?x=1",
        ONLY_A_HOST,
    ),
    (
        "PORTAL_BASE_URL",
        "https://ada:pw@portal.example.org",
        ONLY_A_HOST,
    ),
    (
        "PORTAL_BASE_URL",
        "https://portal.example.org\\@evil.example",
        ONLY_A_HOST,
    ),
    ("PORTAL_BASE_URL", "https://[2001:db8::1]", ONLY_A_HOST),
    ("PORTAL_BASE_URL", "https://[half", "PORTAL_BASE_URL: "),
    (
        "DATABASE_URL",
        "mysql://db.example/portal",
        "DATABASE_URL: must begin with sqlite:/// or postgresql://",
    ),
    ("DATABASE_URL", "sqlite://", "DATABASE_URL: must begin with sqlite:/// or postgresql://"),
    ("DATABASE_URL", "sqlite:///", "DATABASE_URL: must name a database"),
    ("DATABASE_URL", "sqlite:///:memory:", "DATABASE_URL: must name a database"),
    ("DATABASE_URL", "sqlite:///portal.db", "DATABASE_URL: must name a database"),
    ("DATABASE_URL", "postgresql://db.example", "DATABASE_URL: must name a database"),
    ("DATABASE_URL", "postgresql://ada:geheim@db.example:port/portal", "DATABASE_URL: must name a database"),
    ("PORTAL_QUEUE", "amqp://queue.example", "PORTAL_QUEUE: must begin with postgresql:// or redis://"),
    ("PORT", "eighty", "PORT: "),
    ("PORT", "65536", "PORT: "),
    ("PORTAL_WORKERS", "-1", "PORTAL_WORKERS: "),
    ("PORTAL_DEMO", "perhaps", "PORTAL_DEMO: "),
    ("PORTAL_TRUSTED_PROXIES", "all", "PORTAL_TRUSTED_PROXIES: "),
    ("PORTAL_TRUSTED_PROXIES", "99", "PORTAL_TRUSTED_PROXIES: "),
    ("PORTAL_SCHOOL_NETWORKS", "10.0.0.0/8, office", "PORTAL_SCHOOL_NETWORKS: 'office'"),
    ("PORTAL_SCHOOL_NETWORKS", "10.0.0.1/8", "PORTAL_SCHOOL_NETWORKS: 10.0.0.1/8"),
    ("PORTAL_STAFF_SECOND_FACTOR", "no", "PORTAL_STAFF_SECOND_FACTOR: "),
    ("PORTAL_SMTP_PORT", "0", "PORTAL_SMTP_PORT: "),
    ("PORTAL_SMTP_SECURITY", "ssl", "PORTAL_SMTP_SECURITY: "),
    ("PORTAL_SMTP_HOST", "mail.example.org", "PORTAL_MAIL_FROM must be set when PORTAL_SMTP_HOST is"),
    ("PORTAL_HOST", "0.0.0.0", "PORTAL_BASE_URL must be set when PORTAL_HOST lets other machines in"),
    ("PORTAL_LARGEST_UPLOAD", "1", "PORTAL_LARGEST_UPLOAD: "),
]


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "PORT", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(("name", "wrong", "said"), WRONG)
def test_a_wrong_setting_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, wrong: str, said: str
):
    monkeypatch.setenv(name, wrong)

    with pytest.raises(WrongSettings) as refusal:
        Settings.read()

    assert str(refusal.value).startswith(said)
    assert "\n" not in str(refusal.value)
    assert "geheim" not in str(refusal.value)


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORT", "eighty")
    monkeypatch.setenv("PORTAL_DEMO", "perhaps")

    with pytest.raises(WrongSettings) as refusal:
        Settings.read()

    assert sorted(line.partition(":")[0] for line in str(refusal.value).splitlines()) == [
        "PORT",
        "PORTAL_DEMO",
    ]


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://portal.example.org", "https://portal.example.org"),
        ("https://portal.example.org/", "https://portal.example.org"),
        (" https://Portal.Example.org:8443 ", "https://portal.example.org:8443"),
        ("https://schule-münchen.example", "https://schule-münchen.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost", "http://localhost"),
        ("", "http://127.0.0.1:8000"),
    ],
)
def test_an_address_that_families_can_type_is_taken(written: str, address: str):
    assert Settings.read(base_url=written).address == address


@pytest.mark.parametrize(
    ("written", "database"),
    [
        ("sqlite:////srv/portal.db", "sqlite:////srv/portal.db"),
        ("postgres://ada@db.example/portal", "postgresql+psycopg://ada@db.example/portal"),
        ("postgresql://ada@db.example/portal", "postgresql+psycopg://ada@db.example/portal"),
        ("postgresql+psycopg:///portal?host=/run/pg", "postgresql+psycopg:///portal?host=/run/pg"),
    ],
)
def test_a_database_is_taken_as_hosts_write_it(monkeypatch: pytest.MonkeyPatch, written: str, database: str):
    monkeypatch.setenv("DATABASE_URL", written)

    assert Settings.read().database == database


def test_without_a_database_there_is_a_file_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    assert Settings.read(home=Path("kept")).database == f"sqlite:///{tmp_path}/kept/portal.db"


@pytest.mark.parametrize("name", ["portal_smtp_password", "PORTAL_SMTP_PASSWORD"])
def test_a_secret_may_come_as_a_file_and_is_not_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    (tmp_path / name).write_text("geheim\n")
    (tmp_path / "of another program").write_bytes(b"\xff")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))

    settings = Settings.read()

    assert settings.smtp_password == "geheim"
    assert "geheim" not in repr(settings)


def test_what_other_programs_call_by_the_name_of_a_setting_is_none(monkeypatch: pytest.MonkeyPatch):
    for name in ("HOST", "host", "HOME", "QUEUE"):
        monkeypatch.setenv(name, "0.0.0.0")

    assert Settings.read() == Settings()


def test_urls_with_passwords_are_not_printed():
    address = "postgresql://ada:geheim@db.example/portal"

    assert "geheim" not in repr(Settings.read(database_url=address, queue=address))


def test_staff_owe_a_second_factor_unless_somebody_says_otherwise():
    assert Settings.read().staff_second_factor == "required"
    assert Settings.read().trusted_proxies == 0
    assert not Settings.read().demo
