"""Students with their contacts, planning fields, notes and attendance."""

from migrations.baseline.columns import (
    day,
    index,
    key,
    moment,
    number,
    public_id,
    reference,
    table,
    text,
    unique,
)

table(
    "students",
    key(),
    reference("school_id", "schools"),
    reference("homeroom_id", "classes", nullable=True),
    text("student_number", 64, nullable=True),
    text("source_id", 255, nullable=True, unique=True),
    text("given_name", 120),
    text("middle_name", 120, nullable=True),
    text("family_name", 120),
    text("preferred_name", 120, nullable=True),
    number("grade", nullable=True),
    text("language", 12, nullable=True),
    number("guardian_limit"),
    text("diploma_type", 24, nullable=True),
    day("planned_graduation", nullable=True),
    text("safety_net", 3, nullable=True),
    moment("left_at", nullable=True),
    moment("synced_at", nullable=True),
    text("sort_key", 260),
    text("search_key", 500),
    public_id(),
    index("homeroom_id"),
    index("school_id", "grade", "sort_key"),
    index("school_id", "search_key"),
    index("school_id", "sort_key", "id"),
)

table(
    "contacts",
    key(),
    reference("student_id", "students"),
    text("source_id", 255, nullable=True),
    text("given_name", 120),
    text("family_name", 120),
    text("email", 254, nullable=True),
    text("phone", 40, nullable=True),
    text("relationship", 40, nullable=True),
    text("language", 12, nullable=True),
    moment("ended_at", nullable=True),
    public_id(),
    index("student_id", "source_id", name="uq_contacts_student_id_source_id", unique=True),
)

table(
    "field_changes",
    key(),
    moment("at"),
    reference("account_id", "accounts"),
    reference("student_id", "students"),
    text("field", 40),
    text("old", 200, nullable=True),
    text("new", 200, nullable=True),
    public_id(),
    index("student_id", "id"),
)

table(
    "notes",
    key(),
    reference("student_id", "students"),
    reference("author_id", "accounts"),
    moment("written_at"),
    text("text"),
    moment("corrected_at", nullable=True),
    number("versions"),
    public_id(),
    index("student_id", "id"),
)

table(
    "former_notes",
    key(),
    reference("note_id", "notes"),
    number("number"),
    text("text"),
    moment("replaced_at"),
    unique("note_id", "number"),
)

table(
    "attendance_days",
    key(),
    reference("student_id", "students"),
    day("day"),
    text("status", 8),
    number("minutes_late", nullable=True),
    text("reason", 200, nullable=True),
    unique("student_id", "day"),
)

table(
    "attendance_years",
    reference("student_id", "students", primary_key=True),
    number("year", primary_key=True),
    number("days"),
    number("present"),
    number("late"),
    number("absent"),
    number("excused"),
    index("year", "student_id"),
)
