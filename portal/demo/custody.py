"""Somebody whom the school must keep from seeing a student."""

from portal import clock
from portal.demo.cast import Cast
from portal.demo.district import ZONE
from portal.models.guardians.restricting import Order, restrict


def keep_apart(cast: Cast) -> None:
    """Of Jamal, by email: nobody with it has an account."""
    order = Order(
        reason="The family asked for this while an arrangement is worked out. Questions go to the principal.",
        document="Letter of the family, blue binder 4",
        first_day=clock.today(ZONE),
    )
    restrict(cast.jamal, "marcus.wright@example.net", order, replaces_code=False, by=cast.joan)
