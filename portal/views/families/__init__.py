"""What guardians do: enter codes, sign up, look at their children."""
