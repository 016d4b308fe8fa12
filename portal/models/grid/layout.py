"""Which columns of the Data Grid a person has chosen; kept until they choose others."""

from collections.abc import Iterable

from sqlalchemy import update

from portal.db import db
from portal.models.accounts.account import Account, Staff
from portal.models.grid.column import COLUMNS, FIRST_CHOICE, columns_for


def chosen_columns(account: Account, *, sees_guardians: bool) -> tuple[str, ...]:
    """Their names, in the order in which they are shown."""
    chosen = getattr(account, "grid_columns", None)
    wanted = set(FIRST_CHOICE if chosen is None else chosen)
    return tuple(name for name in columns_for(sees_guardians=sees_guardians) if name in wanted)


def choose_columns(account: Account, names: Iterable[str]) -> None:
    """Show these columns from now on; what is no column is left aside."""
    wanted = set(names)
    chosen = [name for name in COLUMNS if name in wanted]
    db.session.execute(update(Staff).where(Staff.id == account.id).values(grid_columns=chosen))
