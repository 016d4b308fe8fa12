"""Compare the districts of orgs.csv with the stored networks.

Only the operator's import does so, because it decides which network sees which school.
"""

from sqlalchemy import ColumnElement, delete, select

from portal import db
from portal.models import Network, NetworkSchool
from portal.roster.comparison import Comparison
from portal.roster.counts import Kind, RowOutcome
from portal.roster.rows import OrgRow
from portal.roster.schools import Schools
from portal.roster.statements import change, insertion

NEW = insertion(Network, "id", "source_id", "name")
CHANGED = change(Network, "name")
JOINED = insertion(NetworkSchool, "network_id", "school_id")

#: The types of organisation directly above a school that become networks.
DISTRICTS = frozenset({"district", "local"})


class Networks:
    """The networks that come from rosters. Those added by hand have no identifier and stay as they are."""

    def __init__(self, comparison: Comparison, schools: Schools) -> None:
        self._comparison = comparison
        self._schools = schools
        rows = comparison.read(select(Network.source_id, Network.id, Network.name))
        self._known: dict[str, tuple[int, str]] = {
            source_id: (network_id, name) for source_id, network_id, name in rows if source_id
        }
        self._links = {
            tuple(row) for row in comparison.read(select(NetworkSchool.network_id, NetworkSchool.school_id))
        }

    def compare(self) -> None:
        """Put each school of the file into the network of its district, and take it out of the former one."""
        if not self._comparison.importer.is_operator:
            return
        for school_id, row in self._schools.named.items():
            district = self._schools.org(row.parent_id)
            if district and district.type in DISTRICTS and not district.is_deleted:
                self._join_network(school_id, self._id_of(district))
        self._comparison.writes.flush()

    def _id_of(self, district: OrgRow) -> int:
        network_id, name = self._known.get(district.source_id, (0, ""))
        if not network_id:
            network_id = self._comparison.writes.new_id(Network)
            self._comparison.counts.note(Kind.NETWORKS, RowOutcome.NEW, district.name)
            self._comparison.writes.add(NEW, (network_id, district.source_id, district.name))
        elif name != district.name:
            self._comparison.counts.note(Kind.NETWORKS, RowOutcome.CHANGED, district.name)
            self._comparison.writes.add(CHANGED, (district.name, network_id))
        self._known[district.source_id] = (network_id, district.name)
        return network_id

    def _join_network(self, school_id: int, network_id: int) -> None:
        for other_id, _name in self._known.values():
            if other_id != network_id and (other_id, school_id) in self._links:
                self._leave_network(other_id, school_id)
        if (network_id, school_id) not in self._links:
            self._links.add((network_id, school_id))
            self._comparison.writes.add(JOINED, (network_id, school_id))

    def _leave_network(self, network_id: int, school_id: int) -> None:
        self._links.discard((network_id, school_id))
        self._comparison.counts.note(Kind.NETWORKS, RowOutcome.CHANGED, self._schools.name(school_id))
        left = NetworkSchool.network_id == network_id, NetworkSchool.school_id == school_id
        self._comparison.writes.act(lambda _ids: _delete_link(*left))


def _delete_link(*left: ColumnElement[bool]) -> None:
    db.session.execute(delete(NetworkSchool).where(*left))
