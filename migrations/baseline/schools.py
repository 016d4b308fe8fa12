"""Networks and schools, their years and their classes."""

import sqlalchemy as sa

from migrations.baseline.columns import (
    day,
    flag,
    index,
    json,
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
    "networks",
    key(),
    text("name", 200),
    text("source_id", 255, nullable=True, unique=True),
    flag("suppresses_small", server_default=sa.false()),
    flag("reads_notes", server_default=sa.false()),
    public_id(),
)

table(
    "schools",
    key(),
    text("name", 200),
    text("identifier", 100, nullable=True, unique=True),
    text("source_id", 255, nullable=True, unique=True),
    text("time_zone", 64),
    text("language", 12),
    text("paper", 8),
    text("office_contact", 300),
    text("return_address", 300),
    flag("letters_have_window"),
    flag("restricts_revoking"),
    flag("shows_former_students"),
    json("hidden_sections"),
    moment("left_at", nullable=True),
    public_id(),
    index("left_at", "name"),
)

table(
    "network_schools",
    reference("network_id", "networks", primary_key=True),
    reference("school_id", "schools", primary_key=True),
    index("school_id"),
)

table(
    "school_years",
    key(),
    reference("school_id", "schools"),
    number("year"),
    day("first_day"),
    day("last_day"),
    moment("ends_at"),
    unique("school_id", "year"),
)

table(
    "school_visits",
    key(),
    reference("school_id", "schools"),
    reference("staff_id", "accounts"),
    moment("at"),
    index("school_id", "id"),
)

table(
    "classes",
    key(),
    reference("school_id", "schools"),
    text("kind", 8),
    text("title", 200),
    text("code", 100, nullable=True),
    text("room", 100, nullable=True),
    number("year", nullable=True),
    text("source_id", 255, nullable=True, unique=True),
    moment("ended_at", nullable=True),
    public_id(),
    index("school_id", "kind", "title"),
)

table(
    "teaching_assignments",
    key(),
    reference("staff_id", "accounts"),
    reference("class_id", "classes"),
    text("source_id", 255, nullable=True, unique=True),
    flag("is_primary"),
    moment("ended_at", nullable=True),
    index("class_id", "staff_id"),
    index("staff_id", "class_id"),
)

table(
    "enrolments",
    key(),
    reference("student_id", "students"),
    reference("class_id", "classes"),
    text("source_id", 255, nullable=True, unique=True),
    day("first_day", nullable=True),
    day("last_day", nullable=True),
    moment("ended_at", nullable=True),
    index("class_id", "student_id"),
    index("student_id", "class_id"),
)
