"""WBEMServer: what a server says of itself in its Interop namespace (DSP1033, DSP1071)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from opswire._core.cimxml.objects import CIMInstance, CIMInstanceName
from opswire.errors.wbem import CIMError, ModelError
from opswire.public_names import public_in
from opswire.wbem.client.settings import namespace_name
from opswire.wbem.connection import WBEMConnection
from opswire.wbem.status_codes import (
    CIM_ERR_ALREADY_EXISTS,
    CIM_ERR_INVALID_CLASS,
    CIM_ERR_INVALID_NAMESPACE,
    CIM_ERR_METHOD_NOT_AVAILABLE,
    CIM_ERR_METHOD_NOT_FOUND,
    CIM_ERR_NAMESPACE_NOT_EMPTY,
    CIM_ERR_NOT_FOUND,
    CIM_ERR_NOT_SUPPORTED,
)
from opswire.wbem.value_mapping import ValueMapping

__all__ = ["WBEMServer"]

#: What a server without a class or an operation answers.
ABSENT = (CIM_ERR_INVALID_CLASS, CIM_ERR_NOT_FOUND, CIM_ERR_NOT_SUPPORTED)
#: Servers that name themselves in several ways: a part of their text, and the one way.
BRANDS = (
    ("pegasus", "OpenPegasus"),
    ("sfcb", "SFCB"),
    ("small footprint", "SFCB"),
    ("j wbem server", "WBEM Solutions J WBEM Server"),
    ("emc cim", "EMC CIM Server"),
    ("fujitsu", "FUJITSU CIM Object Manager"),
)
_VERSION = re.compile(r"(?:version|release)\s*[:=]?\s*(\S+)", re.IGNORECASE)


@public_in("opswire.wbem")
class WBEMServer:
    """A WBEM server, of which one can ask what it has.

        server = WBEMServer(connection)
        print(server.brand, server.version, server.namespaces)

    What it says is asked for once, when it is first needed.

    Args:
        conn: the connection to ask over.

    Raises:
        TypeError: it is no WBEMConnection.
    """

    #: Where servers have their Interop namespace, in the order in which they are tried.
    INTEROP_NAMESPACES = ("interop", "root/interop", "root/PG_Interop")
    #: The classes that stand for namespaces, in the order in which they are tried.
    NAMESPACE_CLASSNAMES = ("CIM_Namespace", "CIM_WBEMServerNamespace", "__Namespace")

    def __init__(self, conn: WBEMConnection) -> None:
        """Take the connection; nothing is sent."""
        if not isinstance(conn, WBEMConnection):
            raise TypeError(f"conn must be a WBEMConnection, not {type(conn).__name__}")
        self._conn = conn
        self._interop: str | None = None
        self._namespaces: list[CIMInstance] | None = None
        self._namespace_class: str | None = None
        self._manager: CIMInstance | None = None
        self._profiles: list[CIMInstance] | None = None

    def __repr__(self) -> str:
        """Tell the connection, and what is known."""
        return f"WBEMServer(conn={self._conn!r}, interop_ns={self._interop!r})"

    @property
    def conn(self) -> WBEMConnection:
        """The connection."""
        return self._conn

    @property
    def url(self) -> str:
        """The server's URL."""
        return self._conn.url

    # -- namespaces --

    @property
    def interop_ns(self) -> str:
        """The name of the Interop namespace.

        Raises:
            CIMError: CIM_ERR_NOT_FOUND: there is none.
        """
        if self._interop is None:
            self.determine_interop_ns()
        return str(self._interop)

    def determine_interop_ns(self) -> None:
        """Find the Interop namespace among the usual ones.

        Raises:
            CIMError: CIM_ERR_NOT_FOUND: there is none of them.
        """
        for namespace in self.INTEROP_NAMESPACES:
            if self._exists(namespace):
                self._interop = namespace
                return
        tried = ", ".join(self.INTEROP_NAMESPACES)
        raise CIMError(
            CIM_ERR_NOT_FOUND,
            f"{self.url} has no Interop namespace: tried {tried}",
            conn_id=self._conn.conn_id,
        )

    def validate_interop_ns(self, interop_ns: str) -> None:
        """Take a namespace for the Interop namespace, if the server has it.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE: it has not.
        """
        namespace = namespace_name(interop_ns)
        if not self._exists(namespace):
            raise CIMError(
                CIM_ERR_INVALID_NAMESPACE,
                f"{self.url} has no namespace {namespace}",
                conn_id=self._conn.conn_id,
            )
        self._interop = namespace

    def _exists(self, namespace: str) -> bool:
        try:
            self._conn.EnumerateInstanceNames("CIM_Namespace", namespace=namespace)
        except CIMError as error:
            if error.status_code == CIM_ERR_INVALID_NAMESPACE:
                return False
            if error.status_code not in ABSENT:
                raise
        return True

    @property
    def namespace_classname(self) -> str:
        """The name of the class that stands for namespaces.

        Raises:
            ModelError: the server has none.
        """
        self._found_namespaces()
        return str(self._namespace_class)

    @property
    def namespaces(self) -> list[str]:
        """The names of all namespaces, the Interop namespace among them.

        Raises:
            ModelError: the server does not tell.
        """
        names = [str(each["Name"]) for each in self._found_namespaces()]
        if self.interop_ns.lower() not in [name.lower() for name in names]:
            names.append(self.interop_ns)  # not all servers list it
        return names

    @property
    def namespace_paths(self) -> list[CIMInstanceName]:
        """The paths of the instances that stand for namespaces."""
        return [each.path for each in self._found_namespaces() if each.path is not None]

    def _found_namespaces(self) -> list[CIMInstance]:
        if self._namespaces is not None:
            return self._namespaces
        for name in self.NAMESPACE_CLASSNAMES:
            found = self._instances(name)
            if found:
                self._namespaces, self._namespace_class = found, name
                return found
        classes = ", ".join(self.NAMESPACE_CLASSNAMES)
        raise ModelError(
            f"{self.url} has no instance of {classes} in {self.interop_ns}", self._conn.conn_id
        )

    def _instances(self, classname: str) -> list[CIMInstance]:
        """The instances of a class in the Interop namespace; none where it is not known."""
        try:
            return self._conn.EnumerateInstances(classname, namespace=self.interop_ns)
        except CIMError as error:
            if error.status_code in ABSENT:
                return []
            raise

    def create_namespace(self, namespace: str, verbose: bool = False) -> str:
        """Create a namespace.

        Args:
            namespace: its name.
            verbose: taken and not used: a library prints nothing.

        Returns:
            Its name, without slashes around it.

        Raises:
            CIMError: the server refuses, or has it already.
        """
        name = namespace_name(namespace)
        if name.lower() in [each.lower() for each in self.namespaces]:
            raise CIMError(
                CIM_ERR_ALREADY_EXISTS,
                f"{self.url} has the namespace {name} already",
                conn_id=self._conn.conn_id,
            )
        model = self._found_namespaces()[0]
        new = CIMInstance(self.namespace_classname)
        if model.path is not None:  # the keys beside the name are those of the server
            for key, value in model.path.keybindings.items():
                new[str(key)] = value
        new["Name"] = name
        self._conn.CreateInstance(new, namespace=self.interop_ns)
        self._namespaces = None
        return name

    def delete_namespace(self, namespace: str, verbose: bool = False) -> str:
        """Delete a namespace, which must have no classes.

        Args:
            namespace: its name.
            verbose: taken and not used: a library prints nothing.

        Returns:
            Its name, without slashes around it.

        Raises:
            CIMError: CIM_ERR_NOT_FOUND: there is none; CIM_ERR_NAMESPACE_NOT_EMPTY: it has
                classes; or the server refuses.
        """
        name = namespace_name(namespace)
        for each in self._found_namespaces():
            if str(each["Name"]).lower() == name.lower() and each.path is not None:
                if self._conn.EnumerateClassNames(name):
                    raise CIMError(
                        CIM_ERR_NAMESPACE_NOT_EMPTY,
                        f"the namespace {name} has classes",
                        conn_id=self._conn.conn_id,
                    )
                self._conn.DeleteInstance(each.path)
                self._namespaces = None
                return name
        raise CIMError(
            CIM_ERR_NOT_FOUND,
            f"{self.url} has no namespace {name}",
            conn_id=self._conn.conn_id,
        )

    # -- the server itself --

    @property
    def cimom_inst(self) -> CIMInstance:
        """The instance that stands for the server: of CIM_ObjectManager, or of CIM_WBEMServer.

        Raises:
            CIMError: CIM_ERR_NOT_FOUND: the server has neither.
        """
        if self._manager is None:
            found = self._instances("CIM_ObjectManager") or self._instances("CIM_WBEMServer")
            if not found:
                raise CIMError(
                    CIM_ERR_NOT_FOUND,
                    f"{self.url} has no instance of CIM_ObjectManager or CIM_WBEMServer "
                    f"in {self.interop_ns}",
                    conn_id=self._conn.conn_id,
                )
            self._manager = found[0]
        return self._manager

    @property
    def brand(self) -> str:
        """What the server is, in one spelling where it is known; or "unknown"."""
        text = next(self._told(), "")
        for part, brand in BRANDS:
            if part in text.lower():
                return brand
        return text or "unknown"

    @property
    def version(self) -> str | None:
        """The server's version, or None where it does not say."""
        for text in self._told():
            if found := _VERSION.search(text):
                return found[1].rstrip(".,;)")
        return None

    def _told(self) -> Iterator[str]:
        """The texts in which a server tells what it is."""
        try:
            manager = self.cimom_inst
        except CIMError as error:
            if error.status_code != CIM_ERR_NOT_FOUND:
                raise
            return
        for name in ("ElementName", "Description"):
            text = manager.get(name)
            if text:
                yield str(text)

    # -- profiles --

    @property
    def profiles(self) -> list[CIMInstance]:
        """The instances of CIM_RegisteredProfile."""
        if self._profiles is None:
            self._profiles = self._conn.EnumerateInstances(
                "CIM_RegisteredProfile", namespace=self.interop_ns
            )
        return self._profiles

    def get_selected_profiles(
        self,
        registered_org: str | None = None,
        registered_name: str | None = None,
        registered_version: str | None = None,
    ) -> list[CIMInstance]:
        """Return the profiles that fit, compared without case; None fits all.

        Args:
            registered_org: the organization, as the class's Values has it, like "DMTF".
            registered_name: the name.
            registered_version: the version.

        Raises:
            ModelError: a profile lacks what it is to be selected by.
        """
        mapping = None
        if registered_org is not None:
            mapping = ValueMapping.for_property(
                self._conn, self.interop_ns, "CIM_RegisteredProfile", "RegisteredOrganization"
            )
        return [
            each
            for each in self.profiles
            if self._fits(each, "RegisteredOrganization", registered_org, mapping)
            and self._fits(each, "RegisteredName", registered_name)
            and self._fits(each, "RegisteredVersion", registered_version)
        ]

    def _fits(
        self, profile: CIMInstance, name: str, wanted: str | None, mapping: Any = None
    ) -> bool:
        if wanted is None:
            return True
        value = self._of(profile, name)
        text = value if mapping is None else mapping.tovalues(value)
        return str(text).lower() == wanted.lower()

    def _of(self, profile: CIMInstance, name: str) -> Any:
        value = profile.get(name)
        if value is None:
            raise ModelError(f"the profile {profile.path} has no {name}", self._conn.conn_id)
        return value

    def get_central_instances(
        self,
        profile_path: CIMInstanceName,
        central_class: str | None = None,
        scoping_class: str | None = None,
        scoping_path: list[str] | None = None,
        reference_direction: str = "dmtf",
        try_gci_method: bool = False,
    ) -> list[CIMInstanceName]:
        """Return the paths of the central instances of a profile (DSP1033, 7).

        Args:
            profile_path: of the CIM_RegisteredProfile.
            central_class: of the profile; only for a component profile that is found by its scope.
            scoping_class: the same.
            scoping_path: association and class names from the central to the scoping class.
            reference_direction: "dmtf" or "snia": which end of CIM_ReferencedProfile is the profile
                that refers.
            try_gci_method: whether to ask by the method GetCentralInstances first.

        Raises:
            ValueError: the direction is none, or what is needed for a scope is missing.
            ModelError: what should lead to the instances does not.
            CIMError: the server refuses.
        """
        if reference_direction not in ("dmtf", "snia"):
            raise ValueError(f"reference_direction must be dmtf or snia, not {reference_direction}")
        if try_gci_method:
            found = self._by_method(profile_path)
            if found is not None:
                return found
        direct = self._conn.AssociatorNames(
            profile_path,
            AssocClass="CIM_ElementConformsToProfile",
            ResultRole="ManagedElement",
        )
        if direct:
            return direct
        if scoping_class is None or central_class is None or scoping_path is None:
            raise ValueError(
                f"the profile {profile_path} has no central instances of its own: central_class, "
                "scoping_class and scoping_path are needed"
            )
        return self._by_scope(
            profile_path, central_class, scoping_class, scoping_path, reference_direction
        )

    def _by_method(self, profile_path: CIMInstanceName) -> list[CIMInstanceName] | None:
        try:
            code, out = self._conn.InvokeMethod("GetCentralInstances", profile_path)
        except CIMError as error:
            absent = (*ABSENT, CIM_ERR_METHOD_NOT_FOUND, CIM_ERR_METHOD_NOT_AVAILABLE)
            if error.status_code in absent:
                return None
            raise
        found = out.get("CentralInstances")
        return list(found) if code == 0 and found is not None else None

    def _by_scope(
        self,
        profile_path: CIMInstanceName,
        central_class: str,
        scoping_class: str,
        scoping_path: list[str],
        reference_direction: str,
    ) -> list[CIMInstanceName]:
        role = "Dependent" if reference_direction == "dmtf" else "Antecedent"
        scoping = self._conn.AssociatorNames(
            profile_path, AssocClass="CIM_ReferencedProfile", ResultRole=role
        )
        if not scoping:
            raise ModelError(f"no profile refers to {profile_path}", self._conn.conn_id)
        level: list[CIMInstanceName] = [
            path
            for each in scoping
            for path in self._conn.AssociatorNames(
                each,
                AssocClass="CIM_ElementConformsToProfile",
                ResultClass=scoping_class,
                ResultRole="ManagedElement",
            )
        ]
        # The path leads from the central to the scoping class: it is walked the other way.
        steps = list(reversed(scoping_path))
        for association, result in zip(steps[::2], [*steps[1::2], central_class], strict=False):
            level = [
                path
                for each in level
                for path in self._conn.AssociatorNames(
                    each, AssocClass=association, ResultClass=result
                )
            ]
        return level
