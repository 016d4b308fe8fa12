"""Schools, their school years and classes, the networks they belong to, and visits to them."""
