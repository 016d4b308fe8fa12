"""How the names of people are put together, by one rule for letters, mails and pages."""


def full_name(first: str, family: str) -> str:
    """Both names, or the only one without a blank before or after it; in SQL `PersonName.name`."""
    return f"{first} {family}".strip(" ")


def initials(*names: str) -> str:
    """The first letter of each name there is: "J. S."."""
    return " ".join(f"{name[0].upper()}." for name in names if name)
