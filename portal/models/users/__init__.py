"""Staff at their schools and networks: levels, adding, changing, listing."""
