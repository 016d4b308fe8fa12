"""The kinds and stages of jobs. Apart, so that a page or a test can name them without the table."""

from enum import StrEnum, auto


class JobKind(StrEnum):
    """The kinds of jobs. The values are stored."""

    LETTERS = "letters"
    ROSTER_PREVIEW = "roster_preview"
    ROSTER_APPLY = "roster_apply"


#: The kinds that have pages under /jobs. The jobs of a roster are shown on the page of its import.
LISTED = frozenset({JobKind.LETTERS})


class JobStage(StrEnum):
    """The stage that a job has reached."""

    WAITING = auto()
    RUNNING = auto()
    #: Its file can be downloaded.
    READY = auto()
    #: Its file can no longer be downloaded.
    EXPIRED = auto()
    #: It is done and has no file.
    DONE = auto()
    FAILED = auto()
    CANCELLED = auto()
