"""How many tries there were under a key, kept in the database so that it holds across workers and restarts."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class ThrottleCount(Base):
    __tablename__ = "throttle_counts"

    #: A keyed hash of what is counted: no address or email is stored.
    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    tries: Mapped[int]
    last_try_at: Mapped[datetime]
    #: When counting starts again from nothing.
    resets_at: Mapped[datetime]
