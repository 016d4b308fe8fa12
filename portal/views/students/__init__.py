"""Students as staff see them."""
