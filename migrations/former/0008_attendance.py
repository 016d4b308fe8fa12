"""Attendance: the days that schools send, and how many there are in a year."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "attendance_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("minutes_late", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_attendance_days_student_id_students")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_days")),
        sa.UniqueConstraint("student_id", "day", name=op.f("uq_attendance_days_student_id_day")),
    )
    op.create_table(
        "attendance_years",
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("absent", sa.Integer(), nullable=False),
        sa.Column("excused", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_attendance_years_student_id_students")
        ),
        sa.PrimaryKeyConstraint("student_id", "year", name=op.f("pk_attendance_years")),
    )
    op.create_index(
        op.f("ix_attendance_years_year_student_id"), "attendance_years", ["year", "student_id"], unique=False
    )
    op.add_column(
        "schools", sa.Column("hidden_sections", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
    )
    with op.batch_alter_table("schools") as schools:
        schools.alter_column("hidden_sections", server_default=None)
