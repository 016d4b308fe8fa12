"""Supports, the students in them, and point people."""

from migrations.baseline.columns import day, index, key, moment, number, public_id, reference, table, text

table(
    "supports",
    key(),
    reference("school_id", "schools"),
    text("name", 120),
    text("category", 16),
    reference("lead_id", "accounts"),
    text("criteria", 2000),
    number("versions", server_default="1"),
    moment("created_at"),
    reference("created_by_id", "accounts"),
    public_id(),
    day("first_day"),
    day("last_day", nullable=True),
    moment("ended_at", nullable=True),
    reference("ended_by_id", "accounts", nullable=True),
    index("lead_id", "school_id", name="ix_supports_led", where="ended_at IS NULL"),
    index("school_id", "first_day"),
)

table(
    "support_students",
    key(),
    reference("support_id", "supports"),
    reference("student_id", "students"),
    moment("added_at"),
    reference("added_by_id", "accounts"),
    public_id(),
    day("first_day"),
    day("last_day", nullable=True),
    moment("ended_at", nullable=True),
    reference("ended_by_id", "accounts", nullable=True),
    index("student_id"),
    index("support_id", "student_id", name="uq_support_students_live", unique=True, where="ended_at IS NULL"),
)

table(
    "point_people",
    key(),
    reference("school_id", "schools"),
    reference("student_id", "students"),
    text("kind", 16),
    reference("staff_id", "accounts"),
    moment("appointed_at"),
    reference("appointed_by_id", "accounts"),
    moment("ended_at", nullable=True),
    reference("ended_by_id", "accounts", nullable=True),
    index("staff_id", "student_id", name="ix_point_people_staff", where="ended_at IS NULL"),
    index("student_id"),
    index("student_id", "kind", name="uq_point_people_live", unique=True, where="ended_at IS NULL"),
)
