"""Who acts at the shell of the server. Apart: it stands where an account does, and needs no table."""

from portal.models.schools.school import School
from portal.policy.permissions import Permission, Reach, Scope


class Operator:
    """The operator, who reaches everything at one school. Events name no account."""

    id = None
    acting_from = None

    def __init__(self, school: School) -> None:
        self._reaches = frozenset({Reach(Scope.SCHOOL, frozenset({school.id}))})

    def reaches(self, _permission: Permission) -> frozenset[Reach]:
        """Return the reach of every permission: that school."""
        return self._reaches
