"""Managing users: memberships that stand in addresses, titles, last sign-ins, trusted status, order and search."""

import secrets

import sqlalchemy as sa
from alembic import op

from portal.models.rows import fold

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    with op.batch_alter_table("memberships") as table:
        table.add_column(sa.Column("public_id", sa.String(length=22), nullable=True))
        table.add_column(sa.Column("own_title", sa.String(length=120), nullable=True))
    with op.batch_alter_table("accounts") as table:
        table.add_column(sa.Column("last_signed_in_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("sort_key", sa.String(length=260), nullable=True))
        table.add_column(sa.Column("search_key", sa.String(length=500), nullable=True))
    _name_memberships()
    _put_staff_in_order()
    op.execute(LAST_SIGN_INS)
    with op.batch_alter_table("memberships") as table:
        table.alter_column("public_id", existing_type=sa.String(length=22), nullable=False)
        table.create_unique_constraint(op.f("uq_memberships_public_id"), ["public_id"])
    op.create_table(
        "trusted_statuses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["accounts.id"], name=op.f("fk_trusted_statuses_confirmed_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["memberships.id"], name=op.f("fk_trusted_statuses_membership_id_memberships")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trusted_statuses")),
    )
    op.create_index(op.f("ix_trusted_statuses_membership_id"), "trusted_statuses", ["membership_id"])


def downgrade() -> None:
    op.drop_table("trusted_statuses")
    with op.batch_alter_table("accounts") as table:
        for name in ("search_key", "sort_key", "last_signed_in_at"):
            table.drop_column(name)
    with op.batch_alter_table("memberships") as table:
        table.drop_constraint(op.f("uq_memberships_public_id"), type_="unique")
        table.drop_column("own_title")
        table.drop_column("public_id")


#: As far as the record of events goes back.
LAST_SIGN_INS = """
UPDATE accounts SET last_signed_in_at = (
    SELECT max(at) FROM events WHERE events.account_id = accounts.id AND events.kind = 'signed in'
) WHERE kind = 'staff'
"""


def _name_memberships() -> None:
    memberships = sa.table("memberships", sa.column("id"), sa.column("public_id"))
    for (row_id,) in op.get_bind().execute(sa.select(memberships.c.id)).all():
        named = sa.update(memberships).where(memberships.c.id == row_id)
        op.get_bind().execute(named.values(public_id=secrets.token_urlsafe(16)))


def _put_staff_in_order() -> None:
    names = ("id", "kind", "given_name", "family_name", "email", "sort_key", "search_key")
    accounts = sa.table("accounts", *map(sa.column, names))
    staff = sa.select(accounts.c.id, accounts.c.given_name, accounts.c.family_name, accounts.c.email)
    for row_id, given, family, email in op.get_bind().execute(staff.where(accounts.c.kind == "staff")).all():
        keys = {
            "sort_key": fold(f"{family} {given}")[:260],
            "search_key": fold(f"{given} {family} {email}")[:500],
        }
        op.get_bind().execute(sa.update(accounts).where(accounts.c.id == row_id).values(**keys))
