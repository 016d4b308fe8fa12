"""The table of stamps, by which something derived from a school's roster is known to be current.

It is apart because triggers write it, whoever changes a roster: nothing else does.
"""

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class SchoolRoster(Base):
    """The stamp of one school's roster; without a row, the school has never had one.

    It changes, and is never again what it was, when the grade, the homeroom or the school of a student does, when
    students come or leave, and when a class comes, ends or has another title.
    """

    __tablename__ = "school_rosters"

    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    stamp: Mapped[int] = mapped_column(BigInteger)
