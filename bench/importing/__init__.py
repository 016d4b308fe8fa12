"""What the bench of rosters is made of."""
