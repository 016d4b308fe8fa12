"""What each kind of job does."""

from portal.job_runs import Works

WORKS: Works = {}
