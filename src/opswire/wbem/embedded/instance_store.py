"""The instances of one namespace: those that are kept, and those that Python functions make."""

from collections.abc import Callable, Iterable, Iterator

from opswire.errors.wbem import CIMError
from opswire.wbem.embedded.class_nodes import ClassNode
from opswire.wbem.embedded.identities import Identity, identity, typed_key
from opswire.wbem.embedded.schema import Schema
from opswire.wbem.objects import CIMInstance, CIMInstanceName, CIMProperty
from opswire.wbem.status_codes import (
    CIM_ERR_ALREADY_EXISTS,
    CIM_ERR_FAILED,
    CIM_ERR_INVALID_CLASS,
    CIM_ERR_INVALID_PARAMETER,
    CIM_ERR_NO_SUCH_PROPERTY,
    CIM_ERR_NOT_FOUND,
    CIM_ERR_NOT_SUPPORTED,
    CIM_ERR_TYPE_MISMATCH,
)

Provider = Callable[[], Iterable[CIMInstance]]


class InstanceStore:
    """Its methods raise CIMError with the status of DSP0200.

    An instance that is kept is never changed, but replaced: who has it may read it.
    """

    def __init__(self, schema: Schema) -> None:
        """Begin with nothing."""
        self._schema = schema
        self._namespace = schema.namespace
        self._kept: dict[str, dict[Identity, CIMInstance]] = {}
        self._providers: dict[str, Provider] = {}

    def provide(self, classname: str, provider: Provider) -> None:
        """Let a function make the instances of a class, those of its subclasses not."""
        node = self._schema.node(classname)
        if self._kept.get(node.name.lower()):
            raise ValueError(f"{node.name} in {self._namespace} has instances already")
        self._providers[node.name.lower()] = provider

    def has_instances(self, node: ClassNode) -> bool:
        """Whether the class itself has any, or could have."""
        folded = node.name.lower()
        return folded in self._providers or bool(self._kept.get(folded))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept or made."""
        return not self._providers and not any(self._kept.values())

    def of(self, node: ClassNode, *, deep: bool = True) -> Iterator[tuple[CIMInstance, ClassNode]]:
        """Iterate over the instances of a class, and of its subclasses; each with its class."""
        for each in list(node.with_subclasses()) if deep else [node]:
            folded = each.name.lower()
            provider = self._providers.get(folded)
            if provider is not None:
                for instance in provider():
                    yield self._provided(instance, each), each
            else:
                for instance in list(self._kept.get(folded, {}).values()):
                    yield instance, each

    def get(self, path: CIMInstanceName) -> tuple[CIMInstance, ClassNode]:
        """Return an instance and its class."""
        node = self._schema.node(path.classname)
        wanted = self.identity(path, node)
        folded = node.name.lower()
        if folded in self._providers:
            for instance, _ in self.of(node, deep=False):
                if instance.path is not None and self.identity(instance.path, node) == wanted:
                    return instance, node
        found = self._kept.get(folded, {}).get(wanted)
        if found is None:
            raise CIMError(
                CIM_ERR_NOT_FOUND, f"there is no instance {path.to_wbem_uri()} in {self._namespace}"
            )
        return found, node

    def add(self, instance: CIMInstance) -> CIMInstanceName:
        """Keep a new instance; return its path."""
        node = self._schema.node(instance.classname)
        self._check_kept(node)
        if node.is_abstract:
            raise CIMError(CIM_ERR_INVALID_CLASS, f"{node.name} is abstract: it has no instances")
        made = self._complete(instance, node)
        path = self._path(made, node)
        key = self.identity(path, node)
        kept = self._kept.setdefault(node.name.lower(), {})
        if key in kept:
            raise CIMError(
                CIM_ERR_ALREADY_EXISTS, f"there is an instance {path.to_wbem_uri()} already"
            )
        made.path = path
        kept[key] = made
        return path

    def modify(self, changed: CIMInstance, properties: Iterable[str] | None) -> None:
        """Change what `properties` names of an instance, or all that `changed` has."""
        if changed.path is None:
            raise CIMError(CIM_ERR_INVALID_PARAMETER, "the modified instance has no path")
        before, node = self.get(changed.path)
        self._check_kept(node)
        if changed.classname.lower() != node.name.lower():
            raise CIMError(
                CIM_ERR_INVALID_PARAMETER,
                f"the path names the class {node.name}, the instance {changed.classname}",
            )
        names = [each.name for each in changed.properties.values()]
        if properties is not None:
            names = list(properties)
        made = before.copy()
        for name in names:
            declared = self._declared(node, name)
            given = changed.properties.get(name)
            value = self._property(given, declared).value
            if name.lower() in {key.lower() for key in node.keys}:
                # Programs send the keys back with the rest.
                if value is not None and value != before[name]:
                    raise CIMError(
                        CIM_ERR_NOT_SUPPORTED, f"{declared.name} is a key, which cannot be changed"
                    )
                continue
            made.properties[declared.name] = self._property(given, declared)
        self._kept[node.name.lower()][self.identity(changed.path, node)] = made

    def delete(self, path: CIMInstanceName) -> None:
        """Forget an instance."""
        _, node = self.get(path)
        self._check_kept(node)
        del self._kept[node.name.lower()][self.identity(path, node)]

    def identity(self, path: CIMInstanceName, node: ClassNode) -> Identity:
        """Return the identity of a path, its keys typed as the class says."""
        properties = node.resolved.properties
        typed = []
        for name, value in path.keybindings.items():
            # The only key may come without its name.
            known = node.keys[0] if name is None and len(node.keys) == 1 else name
            declared = properties.get(known) if known is not None else None
            try:
                typed.append((known, typed_key(value, declared.type) if declared else value))
            except (ValueError, TypeError):
                raise CIMError(
                    CIM_ERR_INVALID_PARAMETER,
                    f"{value!r} is no {declared.type if declared else 'key'}, which "
                    f"{node.name}.{known} is",
                ) from None
        namespace = self._namespace
        return identity(CIMInstanceName(node.name, typed, namespace=namespace), namespace)

    def _check_kept(self, node: ClassNode) -> None:
        if node.name.lower() in self._providers:
            raise CIMError(
                CIM_ERR_NOT_SUPPORTED, f"the instances of {node.name} are made, and not kept"
            )

    def _complete(self, instance: CIMInstance, node: ClassNode) -> CIMInstance:
        """Return a copy with every property of the class, in its order."""
        for name in instance.properties:
            self._declared(node, name)
        path_keys = instance.path.keybindings if instance.path is not None else {}
        made = []
        for declared in node.resolved.properties.values():
            given = instance.properties.get(declared.name)
            one = self._property(given, declared)
            if given is None:
                one.value = declared.value
                if declared.name in path_keys:
                    one.value = typed_key(path_keys[declared.name], declared.type)
            made.append(one)
        return CIMInstance(node.name, made)

    def _property(self, given: CIMProperty | None, declared: CIMProperty) -> CIMProperty:
        if given is None:
            return CIMProperty(
                declared.name,
                None,
                declared.type,
                is_array=declared.is_array,
                embedded_object=declared.embedded_object,
            )
        if given.type != declared.type or given.is_array != declared.is_array:
            raise CIMError(
                CIM_ERR_TYPE_MISMATCH,
                f"{declared.name} is {_words(declared)}, and not {_words(given)}",
            )
        value = given.value
        if isinstance(value, CIMInstanceName) and value.namespace is None:
            value = value.copy()
            value.namespace = self._namespace
        return CIMProperty(
            declared.name,
            value,
            declared.type,
            is_array=declared.is_array,
            embedded_object=given.embedded_object or declared.embedded_object,
        )

    def _declared(self, node: ClassNode, name: str) -> CIMProperty:
        declared = node.resolved.properties.get(name)
        if declared is None:
            raise CIMError(CIM_ERR_NO_SUCH_PROPERTY, f"{node.name} has no property {name}")
        return declared

    def _path(self, instance: CIMInstance, node: ClassNode) -> CIMInstanceName:
        if not node.keys:
            raise CIMError(
                CIM_ERR_INVALID_PARAMETER,
                f"{node.name} has no key, so that nothing tells its instances apart",
            )
        keys = []
        for name in node.keys:
            value = instance.get(name)
            if value is None:
                raise CIMError(
                    CIM_ERR_INVALID_PARAMETER, f"the key {name} of {node.name} has no value"
                )
            keys.append((name, value))
        return CIMInstanceName(node.name, keys, namespace=self._namespace)

    def _provided(self, instance: CIMInstance, node: ClassNode) -> CIMInstance:
        if not isinstance(instance, CIMInstance):
            raise CIMError(
                CIM_ERR_FAILED,
                f"the provider of {node.name} gave {type(instance).__name__}, and no CIMInstance",
            )
        if instance.classname.lower() != node.name.lower():
            raise CIMError(
                CIM_ERR_FAILED,
                f"the provider of {node.name} gave an instance of {instance.classname}",
            )
        if instance.path is None:
            instance.path = self._path(instance, node)
        return instance


def _words(one: CIMProperty) -> str:
    return f"{'an array of ' if one.is_array else ''}{one.type}"
