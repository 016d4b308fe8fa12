"""Access codes, pairings and restrictions, letters, and what is done for many students at once."""

from migrations.baseline.columns import (
    blob,
    day,
    index,
    json,
    key,
    moment,
    number,
    public_id,
    reference,
    table,
    text,
)

table(
    "access_codes",
    key(),
    reference("student_id", "students"),
    number("year"),
    blob("sealed", nullable=True),
    blob("digest", unique=True),
    moment("created_at"),
    reference("created_by_id", "accounts", nullable=True),
    moment("ended_at", nullable=True),
    reference("ended_by_id", "accounts", nullable=True),
    text("ending", 8, nullable=True),
    moment("letter_made_at", nullable=True),
    public_id(),
    index("student_id"),
    index("student_id", name="uq_access_codes_open", unique=True, where="ended_at IS NULL"),
)

table(
    "pairings",
    key(),
    reference("student_id", "students"),
    reference("guardian_id", "accounts"),
    reference("access_code_id", "access_codes"),
    moment("paired_at"),
    moment("revoked_at", nullable=True),
    reference("revoked_by_id", "accounts", nullable=True),
    text("revocation_reason", 16, nullable=True),
    text("revocation_note", 1000, nullable=True),
    public_id(),
    index("guardian_id"),
    index("student_id"),
    index("student_id", "guardian_id", name="uq_pairings_live", unique=True, where="revoked_at IS NULL"),
)

table(
    "restrictions",
    key(),
    reference("student_id", "students"),
    text("email", 254),
    reference("guardian_id", "accounts", nullable=True),
    text("reason", 1000),
    text("document", 200, nullable=True),
    day("first_day"),
    day("last_day", nullable=True),
    moment("starts_at", nullable=True),
    moment("ends_at", nullable=True),
    moment("placed_at"),
    reference("placed_by_id", "accounts"),
    moment("ended_at", nullable=True),
    reference("ended_by_id", "accounts", nullable=True),
    text("ending_reason", 1000, nullable=True),
    public_id(),
    index("email"),
    index("guardian_id"),
    index("student_id"),
    index("student_id", "email", name="uq_restrictions_open", unique=True, where="ended_at IS NULL"),
)

table(
    "restriction_emails",
    reference("restriction_id", "restrictions", primary_key=True),
    text("email", 254, primary_key=True),
    index("email"),
)

table(
    "letter_wordings",
    key(),
    reference("school_id", "schools"),
    text("language", 12),
    json("boxes"),
    moment("created_at"),
    reference("created_by_id", "accounts"),
    moment("ended_at", nullable=True),
    index("school_id", "id"),
    index("school_id", "language", name="uq_letter_wordings_current", unique=True, where="ended_at IS NULL"),
)

table(
    "batches",
    key(),
    text("act", 16),
    json("query"),
    moment("created_at"),
    reference("created_by_id", "accounts", nullable=True),
    moment("done_at", nullable=True),
    public_id(),
    index("created_at"),
)

table(
    "batch_students",
    reference("batch_id", "batches", primary_key=True),
    reference("student_id", "students", primary_key=True),
    text("fate", 16, nullable=True),
)
