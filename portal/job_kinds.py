"""What each kind of job does."""

from portal.job_runs import Works
from portal.letter_runs import LETTERS
from portal.models import JobKind

WORKS: Works = {JobKind.LETTERS: LETTERS}
