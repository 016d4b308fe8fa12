"""Students and what is kept about them."""
