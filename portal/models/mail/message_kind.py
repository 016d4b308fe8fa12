"""The kinds of mail. Apart because the outbox and the state of its messages need it: a circle of imports otherwise."""

from enum import StrEnum


class MessageKind(StrEnum):
    """The purpose of a message. Each kind has a pair of templates in templates/mail/."""

    LOGIN_INSTRUCTIONS = "login_instructions"
    PASSWORD_RESET = "password_reset"  # noqa: S105
    EMAIL_CHECK = "email_check"
    EMAIL_CHANGED = "email_changed"
    SIGN_UP_CHECK = "sign_up_check"
    INVITATION = "invitation"
    GUESSING_ALARM = "guessing_alarm"
    REVEAL_ALARM = "reveal_alarm"
