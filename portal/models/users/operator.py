"""Who acts at the shell of the server: no account, and the reach of what the command names."""

from portal.models.schools.school import School
from portal.policy.permissions import Permission, Reach, Scope


class Operator:
    """Stands where an account does; everything at one school is within reach. Events say that nobody acted."""

    id = None
    acting_from = None

    def __init__(self, school: School) -> None:
        self._reaches = frozenset({Reach(Scope.SCHOOL, frozenset({school.id}))})

    def reaches(self, _permission: Permission) -> frozenset[Reach]:
        return self._reaches
