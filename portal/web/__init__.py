"""What every request passes: the guard, headers, errors, htmx, the school a page is about."""
