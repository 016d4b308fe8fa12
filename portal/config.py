"""The settings of the installation, read and checked once from environment variables; no other module reads them."""

import os
import re
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from portal.text.refusal import Refusal

#: A scheme and a host, perhaps with a port: no user, no path, no IPv6 address.
_ADDRESS = re.compile(r"https?://[\w.-]+(:[1-9]\d{1,4})?")


class WrongSettings(Refusal):
    """The portal cannot start with these settings. The message names each wrong one with the reason."""


class Settings(BaseSettings):
    """The settings. The environment variable of each is PORTAL_ and its name, or its validation alias."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", extra="ignore", frozen=True)

    #: The folder of the database, the key ring and uploads.
    home: Path = Path("instance")
    #: DATABASE_URL: sqlite:///… or postgresql://…; empty for a SQLite file in `home`.
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    #: The queue of the worker: postgresql://… or redis://…; empty for a SQLite file in `home`.
    queue: str = ""
    #: The address of the portal, such as https://portal.example.org, for links, letters and QR codes.
    base_url: str = ""
    #: Whether this is the demo: a made-up district, mail to files, no second factor. Never with real children.
    demo: bool = False
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535, validation_alias="PORT")
    #: The number of web workers; 0 for at most two on SQLite, and one per core on PostgreSQL.
    workers: int = Field(default=0, ge=0, le=64)
    #: The number of requests that a web worker answers at once.
    threads: int = Field(default=4, ge=1, le=32)
    #: The number of trusted proxies in front of the portal. Only with one is X-Forwarded-For used.
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    #: Networks of the schools (CIDR, separated by commas), from which many families may sign up in one evening.
    school_networks: str = ""
    staff_second_factor: Literal["required", "off"] = "required"

    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    #: The sender of all mail, such as "Lincoln Schools <portal@example.org>".
    mail_from: str = ""
    #: The greatest number of messages per minute to addresses of one domain.
    mail_pace: int = Field(default=30, ge=1, le=10_000)
    #: The size of the largest roster upload, in bytes.
    largest_upload: int = Field(default=200 * 1024 * 1024, ge=1024)

    @field_validator("base_url")
    @classmethod
    def _is_a_secure_address(cls, value: str) -> str:
        address = value.strip().rstrip("/").lower()
        parts = urlsplit(address)
        is_secure = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
        if address and not is_secure:
            raise ValueError("must begin with https:// (http:// only for 127.0.0.1 and localhost)")
        if address and not _ADDRESS.fullmatch(address):
            raise ValueError("must be https:// and a host name, with nothing after it but a port")
        return address

    @field_validator("database_url")
    @classmethod
    def _is_a_known_database(cls, value: str) -> str:
        if value.startswith(("postgres://", "postgresql://")):
            value = "postgresql+psycopg://" + value.split("://", 1)[1]
        if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        if value and not _names_a_database(value):
            raise ValueError("must name a database: sqlite:////folder/file.db or postgresql://host/name")
        return value

    @field_validator("queue")
    @classmethod
    def _is_a_known_queue(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in {"postgres", "postgresql", "redis", "rediss"}:
            raise ValueError("must begin with postgresql:// or redis://")
        return value

    @field_validator("school_networks")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for network in filter(None, value.split(",")):
            ip_network(network.strip())
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.smtp_host and not self.mail_from:
            raise ValueError("PORTAL_MAIL_FROM must be set when PORTAL_SMTP_HOST is")
        if not (self.base_url or self.demo or _is_loopback(self.host)):
            raise ValueError("PORTAL_BASE_URL must be set when PORTAL_HOST lets other machines in")
        return self

    @classmethod
    def read(cls, **fixed: Any) -> Self:
        """Return the settings of the environment; those in `fixed` replace them.

        Raises WrongSettings, with one line for each wrong setting.
        """
        try:
            return cls(**{"_secrets_dir": os.environ.get("CREDENTIALS_DIRECTORY"), **fixed})
        except ValidationError as error:
            raise WrongSettings("\n".join(_sentence(each) for each in error.errors())) from None

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


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _names_a_database(value: str) -> bool:
    """Whether the URL names a database that lasts. One in memory would be a different one for each engine."""
    try:
        name = make_url(value).database or ""
    except (ArgumentError, ValueError):  # a port that is no number is a ValueError
        return False
    return name not in ("", ":memory:") and not (value.startswith("sqlite:") and not Path(name).is_absolute())


def _sentence(error: ErrorDetails) -> str:
    """Return the name of the environment variable with the reason why its value is wrong."""
    place = error["loc"]
    reason = str(error["msg"]).removeprefix("Value error, ")
    if not place:
        return reason
    name = str(place[0])
    return f"{name if name.isupper() else 'PORTAL_' + name.upper()}: {reason}"
