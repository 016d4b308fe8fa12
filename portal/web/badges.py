"""How each state is shown: the kind of badge, which is its class in CSS, and the word."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from portal.models.codes.family_status import WORDS, FamilyStatus
from portal.models.jobs.roster_import import Stage as RosterStage
from portal.models.jobs.stage import JobStage
from portal.models.mail.delivery_state import MailState
from portal.models.supports.support import SupportState
from portal.text.language import lazy_gettext as _


class Badge(NamedTuple):
    """`kind` is good, waiting, muted or danger; without an `icon`, the badge shows the one of its kind."""

    kind: str
    words: Any
    icon: str | None = None


def badge_of(state: StrEnum) -> Badge:
    """Return the badge of a state, which a template passes to `ui.badge`."""
    return BADGES[type(state)][state]


BADGES: Mapping[type[StrEnum], Mapping[Any, Badge]] = {
    FamilyStatus: {
        FamilyStatus.LEFT: Badge("muted", WORDS["left"]),
        FamilyStatus.NOT_ENABLED: Badge("muted", WORDS["not_enabled"]),
        FamilyStatus.EXPIRED: Badge("danger", WORDS["expired"]),
        FamilyStatus.WAITING: Badge("waiting", WORDS["waiting"]),
        FamilyStatus.PAIRED: Badge("good", WORDS["paired"]),
    },
    JobStage: {
        JobStage.WAITING: Badge("waiting", _("Waiting")),
        JobStage.RUNNING: Badge("waiting", _("Running")),
        JobStage.READY: Badge("good", _("Ready")),
        JobStage.EXPIRED: Badge("muted", _("Wiped")),
        JobStage.DONE: Badge("good", _("Done")),
        JobStage.FAILED: Badge("danger", _("Failed")),
        JobStage.CANCELLED: Badge("muted", _("Cancelled")),
    },
    RosterStage: {
        RosterStage.READING: Badge("waiting", _("Being read")),
        RosterStage.PREVIEWED: Badge("waiting", _("Not applied yet")),
        RosterStage.APPLYING: Badge("waiting", _("Being applied")),
        RosterStage.APPLIED: Badge("good", _("Applied")),
        RosterStage.FAILED: Badge("danger", _("Not applied")),
    },
    MailState: {
        MailState.SENT: Badge("good", _("Sent")),
        MailState.ON_ITS_WAY: Badge("waiting", _("On its way")),
        MailState.TRYING_AGAIN: Badge("waiting", _("Trying again")),
        MailState.IN_DOUBT: Badge("waiting", _("Not sure"), "circle-help"),
        MailState.BOUNCED: Badge("danger", _("Came back")),
        MailState.FAILED: Badge("danger", _("Failed")),
    },
    SupportState: {
        SupportState.PLANNED: Badge("waiting", _("Not begun")),
        SupportState.RUNNING: Badge("good", _("Running")),
        SupportState.ENDED: Badge("muted", _("Ended")),
    },
}
