"""Who may do what, and how far: the one table, its evaluator, and what is drawn from both."""
