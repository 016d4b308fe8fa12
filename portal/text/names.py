"""Put names of people together. Apart because tables, letters, mails and pages follow this one rule."""


def full_name(first: str, family: str) -> str:
    """Both names, or the only one without a blank before or after it; in SQL `PersonName.name`."""
    return f"{first} {family}".strip(" ")


def initials(*names: str) -> str:
    """The first letter of each name there is: "J. S."."""
    return " ".join(f"{name[0].upper()}." for name in names if name)
