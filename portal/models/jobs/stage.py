"""What jobs there are, and how far one has come: apart, so that a page or a test can name them without the table."""

from enum import StrEnum, auto


class JobKind(StrEnum):
    """What is to be done. A job keeps its kind, so the values stay as they are."""

    LETTERS = "letters"
    ROSTER_PREVIEW = "roster_preview"
    ROSTER_APPLY = "roster_apply"


#: Kinds that have pages of their own under /jobs. What becomes of a roster is shown by its import.
LISTED = frozenset({JobKind.LETTERS})


class JobStage(StrEnum):
    """How far a job has come."""

    WAITING = auto()
    RUNNING = auto()
    #: There is a file to be fetched.
    READY = auto()
    #: There was one.
    EXPIRED = auto()
    #: There never was one: what the job had to do is stored.
    DONE = auto()
    FAILED = auto()
    CANCELLED = auto()
