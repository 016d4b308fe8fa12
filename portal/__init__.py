"""Guardian Portal: parents and guardians see their child's information, and nobody else does."""
