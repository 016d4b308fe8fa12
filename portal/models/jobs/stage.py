"""What jobs there are, and how far one has come."""

from enum import StrEnum, auto


class JobKind(StrEnum):
    LETTERS = "letters"


class JobStage(StrEnum):
    WAITING = auto()
    RUNNING = auto()
    READY = auto()
    EXPIRED = auto()
    FAILED = auto()
    CANCELLED = auto()
