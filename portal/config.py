"""The settings of the installation, read and checked once from environment variables; no other module reads them."""

import os
from collections.abc import Callable, Iterator
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from portal.text import setting
from portal.text.refusal import Refusal


class WrongSettings(Refusal):
    """The portal cannot start with these settings. The message names each wrong one with the reason."""


def _written(
    default: Any, reader: Callable[[Any], Any] = str, *, variable: str = "", is_secret: bool = False
) -> Any:
    """Describe a setting. Its environment variable is PORTAL_ and its name, when no other is given."""
    return field(default=default, repr=not is_secret, metadata={"reader": reader, "variable": variable})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings. The environment variable of each is PORTAL_ and its name, where no other is given."""

    #: The folder of the database, the key ring and uploads.
    home: Path = _written(Path("instance"), Path)  # noqa: RUF009 - it is a field
    #: sqlite:///… or postgresql://…; empty for a SQLite file in `home`.
    database_url: str = _written("", setting.database, variable="DATABASE_URL", is_secret=True)
    #: The queue of the worker: postgresql://… or redis://…; empty for a SQLite file in `home`.
    queue: str = _written("", setting.queue, is_secret=True)
    #: The address of the portal, such as https://portal.example.org, for links, letters and QR codes.
    base_url: str = _written("", setting.secure_address)
    #: Whether this is the demo: a made-up district, mail to files, no second factor. Never with real children.
    demo: bool = _written(default=False, reader=setting.yes_or_no)
    host: str = _written("127.0.0.1")
    port: int = _written(8000, setting.number(0, 65535), variable="PORT")
    #: The number of web workers; 0 for at most two on SQLite, and one per core on PostgreSQL.
    workers: int = _written(0, setting.number(0, 64))
    #: The number of requests that a web worker answers at once.
    threads: int = _written(4, setting.number(1, 32))
    #: The number of trusted proxies in front of the portal. Only with one is X-Forwarded-For used.
    trusted_proxies: int = _written(0, setting.number(0, 5))
    #: Networks of the schools (CIDR, separated by commas), from which many families may sign up in one evening.
    school_networks: str = _written("", setting.networks)
    staff_second_factor: str = _written("required", setting.one_of("required", "off"))

    smtp_host: str = _written("")
    smtp_port: int = _written(587, setting.number(1, 65535))
    smtp_user: str = _written("")
    smtp_password: str = _written("", is_secret=True)
    smtp_security: str = _written("starttls", setting.one_of("starttls", "tls", "none"))
    #: The sender of all mail, such as "Lincoln Schools <portal@example.org>".
    mail_from: str = _written("")
    #: The greatest number of messages per minute to addresses of one domain.
    mail_pace: int = _written(30, setting.number(1, 10_000))
    #: The size of the largest roster upload, in bytes.
    largest_upload: int = _written(200 * 1024 * 1024, setting.number(1024, 2**40))

    @classmethod
    def read(cls, **fixed: Any) -> Self:
        """Return the settings of the environment; those in `fixed`, by name or variable, replace them.

        Raises WrongSettings, with one line for each wrong setting.
        """
        given = _environment() | {_VARIABLES.get(name, name): value for name, value in fixed.items()}
        found: dict[str, Any] = {}
        wrong: list[str] = []
        for each in fields(cls):
            variable = _VARIABLES[each.name]
            try:
                if variable in given:
                    found[each.name] = each.metadata["reader"](given[variable])
            except ValueError as error:
                wrong.append(f"{variable}: {error}")
        settings = cls(**found)
        if sentences := wrong or list(settings._contradictions()):
            raise WrongSettings("\n".join(sentences))
        return settings

    @property
    def database(self) -> str:
        """The URL of the database: `database_url`, else that of a SQLite file in `home`."""
        return self.database_url or f"sqlite:///{(self.home / 'portal.db').absolute()}"

    @property
    def key_ring(self) -> Path:
        """The file of the key ring."""
        return self.home / "keys.json"

    @property
    def address(self) -> str:
        """`base_url`, or the address of this machine when it is not set."""
        return self.base_url or f"http://{self.host}:{self.port}"

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the portal by HTTPS."""
        return self.address.startswith("https://")

    @property
    def networks_of_schools(self) -> tuple[str, ...]:
        """The networks in `school_networks`, one by one."""
        return tuple(network.strip() for network in self.school_networks.split(",") if network.strip())

    def _contradictions(self) -> Iterator[str]:
        """Yield what is wrong with settings that are right by themselves."""
        if self.smtp_host and not self.mail_from:
            yield "PORTAL_MAIL_FROM must be set when PORTAL_SMTP_HOST is"
        if not (self.base_url or self.demo or setting.is_loopback(self.host)):
            yield "PORTAL_BASE_URL must be set when PORTAL_HOST lets other machines in"


def _variable_of(each: Field[Any]) -> str:
    return each.metadata["variable"] or f"PORTAL_{each.name.upper()}"


#: The environment variable of each setting.
_VARIABLES = {each.name: _variable_of(each) for each in fields(Settings)}


def _environment() -> dict[str, str]:
    """Return the environment variables, and what systemd's LoadCredential= gives: files with the names of variables."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    files = (
        [path for path in Path(folder).iterdir() if path.name.upper() in _VARIABLES.values()]
        if folder
        else []
    )
    secrets = {path.name.upper(): path.read_text(encoding="utf-8").strip() for path in files}
    return secrets | {name.upper(): value for name, value in os.environ.items()}
