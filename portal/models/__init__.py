"""The models. Importing this package registers every table."""

from portal.models.accounts.account import Account, AccountKind, Guardian, Staff
from portal.models.accounts.former_email import FormerEmail
from portal.models.accounts.second_factor import RecoveryCode
from portal.models.accounts.sign_in import SignIn
from portal.models.accounts.staff import staff_keys
from portal.models.accounts.throttle_count import ThrottleCount
from portal.models.codes.access_code import AccessCode
from portal.models.codes.batch import Batch, BatchStudent
from portal.models.event import Event, EventKind
from portal.models.figures.network_totals import NetworkChange, NetworkTotals
from portal.models.figures.school_snapshot import SchoolSnapshot
from portal.models.figures.school_totals import GradeBand, SchoolChange, SchoolCount, SchoolTotals
from portal.models.guardians.pairing import Pairing
from portal.models.guardians.restriction import Restriction, RestrictionEmail
from portal.models.jobs.job import Job
from portal.models.jobs.roster_import import RosterImport
from portal.models.jobs.stage import JobKind
from portal.models.letters.wording import LetterWording
from portal.models.mail.message_kind import MessageKind
from portal.models.mail.outbox import OutboxMessage
from portal.models.schools.network import Network, NetworkSchool
from portal.models.schools.school import School, SchoolYear
from portal.models.schools.school_class import ClassKind, Enrolment, SchoolClass, TeachingAssignment
from portal.models.schools.school_roster import SchoolRoster
from portal.models.schools.visit import SchoolVisit
from portal.models.students.attendance import AttendanceDay, AttendanceStatus, AttendanceYear
from portal.models.students.contact import Contact
from portal.models.students.field_change import FieldChange
from portal.models.students.note import FormerNote, Note
from portal.models.students.student import Student
from portal.models.supports.point_person import PointKind, PointPerson
from portal.models.supports.support import Support, SupportCategory
from portal.models.supports.support_student import SupportStudent
from portal.models.users.membership import Membership
from portal.models.users.membership_count import StaffCount
from portal.models.users.network_membership import NetworkMembership, PortfolioSchool
from portal.models.users.trusted_status import TrustedStatus

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
    "SchoolRoster",
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
