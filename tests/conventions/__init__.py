"""The house rules that no linter can say. Each takes the text of one file and returns its complaints."""
