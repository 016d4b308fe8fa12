"""What is done after the response: mail, jobs, rosters, totals."""
