"""The shape of what people send, and nothing of what it means."""
