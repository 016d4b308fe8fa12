"""The base of what a command says in one line. Apart so that `portal` can catch it without loading what raises it."""


class Refusal(Exception):
    """The message is a sentence for whoever asked, with nothing secret in it."""
