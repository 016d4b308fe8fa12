"""Who acts at the shell of the server. Apart: it stands where an account does, and needs no table."""

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
