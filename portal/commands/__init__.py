"""What the operator runs: one module per command, put together in portal/cli.py."""
