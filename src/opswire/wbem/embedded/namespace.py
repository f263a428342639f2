"""One namespace of the repository."""

from collections.abc import Callable

from opswire.wbem.embedded.instance_store import InstanceStore
from opswire.wbem.embedded.schema import Schema
from opswire.wbem.objects import CIMInstance, CIMInstanceName


class Namespace:
    """Its schema, its instances, and the way to those beside it.

    Args:
        name: like "root/cimv2".
        find: returns another namespace of the same repository, or None.

    Attributes:
        schema: its classes.
        instances: its instances.
        created_by: for classes, in lower case, whose new instances are more than kept: what makes
            them, and returns their path.
        deleted_by: for classes whose instances are more than forgotten: what deletes them.
    """

    def __init__(self, name: str, find: Callable[[str], "Namespace | None"]) -> None:
        """Begin with nothing."""
        self.name = name
        self.schema = Schema(name)
        self.instances = InstanceStore(self.schema)
        self.created_by: dict[str, Callable[[CIMInstance], CIMInstanceName]] = {}
        self.deleted_by: dict[str, Callable[[CIMInstanceName], None]] = {}
        self._find = find

    def beside(self, name: str | None) -> "Namespace | None":
        """Return the namespace that a path names; None in a path means this one."""
        return self if name is None else self._find(name)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it."""
        return not (self.schema.nodes() or self.schema.qualifiers) and self.instances.is_empty

    def create_instance(self, instance: CIMInstance) -> CIMInstanceName:
        """Do what CreateInstance asks for."""
        return self.created_by.get(instance.classname.lower(), self.instances.add)(instance)

    def delete_instance(self, path: CIMInstanceName) -> None:
        """Do what DeleteInstance asks for."""
        self.deleted_by.get(path.classname.lower(), self.instances.delete)(path)
