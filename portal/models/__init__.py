"""The nouns. Importing this package registers every table."""

from portal.models.access_code import AccessCode
from portal.models.account import Account, AccountKind, Guardian, Staff
from portal.models.attendance import AttendanceDay, AttendanceStatus, AttendanceYear
from portal.models.batch import Batch, BatchStudent
from portal.models.contact import Contact
from portal.models.event import Event, EventKind
from portal.models.field_change import FieldChange
from portal.models.former_email import FormerEmail
from portal.models.job import Job
from portal.models.job_stage import JobKind
from portal.models.letter_wording import LetterWording
from portal.models.membership import Membership
from portal.models.membership_count import StaffCount
from portal.models.message_kind import MessageKind
from portal.models.network import Network, NetworkSchool
from portal.models.network_membership import NetworkMembership, PortfolioSchool
from portal.models.network_totals import NetworkChange, NetworkTotals
from portal.models.note import FormerNote, Note
from portal.models.outbox import OutboxMessage
from portal.models.pairing import Pairing
from portal.models.point_person import PointKind, PointPerson
from portal.models.recovery_code import RecoveryCode
from portal.models.restriction import Restriction, RestrictionEmail
from portal.models.roster_import import RosterImport
from portal.models.school import School, SchoolYear
from portal.models.school_class import ClassKind, Enrolment, SchoolClass, TeachingAssignment
from portal.models.school_snapshot import SchoolSnapshot
from portal.models.school_totals import GradeBand, SchoolChange, SchoolCount, SchoolTotals
from portal.models.school_visit import SchoolVisit
from portal.models.sign_in import SignIn
from portal.models.staff_names import staff_keys
from portal.models.student import Student
from portal.models.support import Support, SupportCategory
from portal.models.support_student import SupportStudent
from portal.models.throttle_count import ThrottleCount
from portal.models.trusted_status import TrustedStatus

__all__ = [
    "AccessCode",
    "Account",
    "AccountKind",
    "AttendanceDay",
    "AttendanceStatus",
    "AttendanceYear",
    "Batch",
    "BatchStudent",
    "ClassKind",
    "Contact",
    "Enrolment",
    "Event",
    "EventKind",
    "FieldChange",
    "FormerEmail",
    "FormerNote",
    "GradeBand",
    "Guardian",
    "Job",
    "JobKind",
    "LetterWording",
    "Membership",
    "MessageKind",
    "Network",
    "NetworkChange",
    "NetworkMembership",
    "NetworkSchool",
    "NetworkTotals",
    "Note",
    "OutboxMessage",
    "Pairing",
    "PointKind",
    "PointPerson",
    "PortfolioSchool",
    "RecoveryCode",
    "Restriction",
    "RestrictionEmail",
    "RosterImport",
    "School",
    "SchoolChange",
    "SchoolClass",
    "SchoolCount",
    "SchoolSnapshot",
    "SchoolTotals",
    "SchoolVisit",
    "SchoolYear",
    "SignIn",
    "Staff",
    "StaffCount",
    "Student",
    "Support",
    "SupportCategory",
    "SupportStudent",
    "TeachingAssignment",
    "ThrottleCount",
    "TrustedStatus",
    "staff_keys",
]
