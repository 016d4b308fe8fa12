"""Members of networks are named in addresses, and vouched for."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("network_memberships", sa.Column("public_id", sa.String(length=22), nullable=True))
    rows = sa.table("network_memberships", sa.column("id", sa.Integer), sa.column("public_id", sa.String))
    for (row_id,) in op.get_bind().execute(sa.select(rows.c.id)).all():
        named = rows.update().where(rows.c.id == row_id).values(public_id=secrets.token_urlsafe(16))
        op.get_bind().execute(named)
    with op.batch_alter_table("network_memberships", schema=None) as batch_op:
        batch_op.alter_column("public_id", existing_type=sa.String(length=22), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_network_memberships_public_id"), ["public_id"])
    with op.batch_alter_table("trusted_statuses", schema=None) as batch_op:
        batch_op.alter_column("membership_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("network_membership_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_trusted_statuses_network_membership_id"), ["network_membership_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_trusted_statuses_network_membership_id_network_memberships"),
            "network_memberships",
            ["network_membership_id"],
            ["id"],
        )


def downgrade() -> None:
    with op.batch_alter_table("trusted_statuses", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_trusted_statuses_network_membership_id_network_memberships"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_trusted_statuses_network_membership_id"))
        batch_op.drop_column("network_membership_id")
        batch_op.alter_column("membership_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("network_memberships", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_network_memberships_public_id"), type_="unique")
        batch_op.drop_column("public_id")
