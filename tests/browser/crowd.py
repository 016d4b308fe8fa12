"""More pupils than a page of the list holds."""

from portal import db
from portal.demo import Cast
from portal.models import Student


def fill_the_school(cast: Cast, which: str = "extra") -> None:
    """Sixty more in 2A: with the five of the cast, fifty on the first page and fifteen on the second."""
    with db.writing():
        db.session.add_all(
            Student(
                school_id=cast.lincoln.id,
                homeroom_id=cast.class_2a.id,
                given_name=f"Child {number:02}",
                family_name="Zamora",
                source_id=f"{which}-{number}",
                grade=2,
            )
            for number in range(60)
        )
