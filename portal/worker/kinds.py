"""What each kind of job does."""

from portal.models import JobKind
from portal.worker.letters import LETTERS
from portal.worker.runs import Works

WORKS: Works = {JobKind.LETTERS: LETTERS}
