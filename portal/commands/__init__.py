"""The operator's commands, one module per subject; portal/cli.py puts them together."""
