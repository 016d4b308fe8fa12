"""The key ring: several keys by key id (kid), in a file outside the database and its backups.

No key is used directly: for each use and purpose a sub-key is derived (HKDF-SHA256).
"""

import base64
import json
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.text.refusal import Refusal

KEY_BYTES = 32
KID_PATTERN = re.compile(r"[A-Za-z0-9._-]{1,32}")


class KeysError(Refusal):
    """Something failed with the keys. The message is a sentence for the operator and holds no secret."""


@dataclass(frozen=True)
class KeyRing:
    """Keys of 32 bytes by key id; `current` is the id of the key for new seals and signatures."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)
    #: The sub-keys derived so far, because deriving one takes longer than using it.
    _derived: dict[tuple[str, str, str], bytes] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            raise KeysError("The current key of the key ring is not among its keys.")
        if any(len(key) != KEY_BYTES for key in self.keys.values()):
            raise KeysError(f"Every key of the key ring must have {KEY_BYTES} bytes.")
        if not all(KID_PATTERN.fullmatch(kid) for kid in self.keys):
            raise KeysError("A key's name is 1 to 32 letters, digits, dots, dashes or underscores.")

    @classmethod
    def create(cls, path: Path) -> "KeyRing":
        """Write a ring of one random key to a new file that only its owner can read (mode 0400), and return it.

        The file gets its name when it is complete and synced. Raises KeysError when it cannot be written or exists
        already, because without a key everything sealed with it is lost.
        """
        ring = cls("k1", {"k1": secrets.token_bytes(KEY_BYTES)})
        try:
            _write_once(path, ring._as_json())
        except FileExistsError:
            raise KeysError(f"There is a key file at {path} already; it was left as it is.") from None
        except OSError as error:
            raise KeysError(f"The key file {path} could not be written: {error.strerror}.") from error
        return ring

    @classmethod
    def load(cls, path: Path) -> "KeyRing":
        """Read a ring from its file.

        Raises KeysError when it is missing, unreadable, open to other users, or not a key ring.
        """
        try:
            with path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                written = file.read()
        except FileNotFoundError:
            raise KeysError(f"There is no key file at {path}.") from None
        except OSError as error:
            raise KeysError(f"The key file {path} could not be read: {error.strerror}.") from error
        if stat.S_IMODE(mode) & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeysError(
                f"The key file {path} is open to other users; make it readable by its owner only."
            )
        return cls._from_json(written, path)

    @classmethod
    def _from_json(cls, written: bytes, path: Path) -> "KeyRing":
        try:
            ring = json.loads(written)
            keys = {kid: base64.b64decode(key, validate=True) for kid, key in ring["keys"].items()}
            return cls(str(ring["current"]), keys)
        except (ValueError, LookupError, TypeError, AttributeError):
            # The cause is left out, because its text may quote the file.
            raise KeysError(f"The key file {path} is damaged: it is not a key ring.") from None

    def _as_json(self) -> bytes:
        keys = {kid: base64.b64encode(key).decode() for kid, key in self.keys.items()}
        return json.dumps({"current": self.current, "keys": keys}, indent=2).encode() + b"\n"

    def sub_key(self, kid: str, use: str, purpose: str) -> bytes:
        """Return the 32 bytes derived from the key `kid` for a use ("seal", "index" or "secret") and a purpose."""
        if (kid, use, purpose) not in self._derived:
            label = f"guardian-portal‖{use}‖{purpose}".encode()
            derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=label).derive(self.keys[kid])
            self._derived[kid, use, purpose] = derived
        return self._derived[kid, use, purpose]

    def sub_keys(self, use: str, purpose: str) -> list[bytes]:
        """Return the sub-keys of all keys, that of the current key first."""
        kids = [self.current, *(kid for kid in self.keys if kid != self.current)]
        return [self.sub_key(kid, use, purpose) for kid in kids]


def _write_once(path: Path, content: bytes) -> None:
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), stat.S_IRUSR)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, fails when the name is taken.
        path.hardlink_to(draft)
    finally:
        Path(draft).unlink()
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
