"""Staff at their schools and networks: their levels, adding and changing them, and lists of them."""
