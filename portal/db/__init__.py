"""The database: a reading and a writing engine, write transactions (`writing`), and the base of the tables."""

from portal.db.engines import beside as beside
from portal.db.engines import db as db
from portal.db.engines import init_app as init_app
from portal.db.locks import Busy as Busy
from portal.db.tables import ON_POSTGRESQL as ON_POSTGRESQL
from portal.db.tables import ON_SQLITE as ON_SQLITE
from portal.db.tables import Base as Base
from portal.db.tables import UtcDateTime as UtcDateTime
from portal.db.transactions import after_commit as after_commit
from portal.db.transactions import commit_now as commit_now
from portal.db.transactions import has_committed as has_committed
from portal.db.transactions import retrying as retrying
from portal.db.transactions import see_anew as see_anew
from portal.db.transactions import sync as sync
from portal.db.transactions import write_connection as write_connection
from portal.db.transactions import writing as writing
from portal.policy.reach import Scoped as Scoped
from portal.text.refusal import Refusal

session = db.session


class Refused(Refusal):
    """A rule of the product forbids the act. The message is a sentence for the person."""
