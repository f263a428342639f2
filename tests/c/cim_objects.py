"""CIM-XML through the reader of include/opswire/cimxml.h, and its blocks as plain Python values."""

from typing import TYPE_CHECKING, Any, NamedTuple

from opswire._core.ffi import ffi, lib
from tests.c.documents import ERRORS, WHOLE
from tests.c.octets import View, octets_of
from tests.c.writers import CimWriter

if TYPE_CHECKING:
    from opswire._core._ffi import CData

CIM_ERRORS = {
    getattr(lib, name): name.removeprefix("OPSWIRE_CIM_")
    for name in ffi.typeof("enum opswire_cim_error").relements
}
FLAGS = {
    name.removeprefix("OPSWIRE_CIM_").lower(): number
    for name, number in ffi.typeof("enum opswire_cim_flag").relements.items()
}
TEXTS = {
    lib.OPSWIRE_CIM_STRING,
    lib.OPSWIRE_CIM_CHAR16,
    lib.OPSWIRE_CIM_DATETIME,
    lib.OPSWIRE_CIM_REAL32,
    lib.OPSWIRE_CIM_REAL64,
    lib.OPSWIRE_CIM_REAL,
}
REALS = {lib.OPSWIRE_CIM_REAL32, lib.OPSWIRE_CIM_REAL64, lib.OPSWIRE_CIM_REAL}
SIGNED = {
    lib.OPSWIRE_CIM_SINT8,
    lib.OPSWIRE_CIM_SINT16,
    lib.OPSWIRE_CIM_SINT32,
    lib.OPSWIRE_CIM_SINT64,
    lib.OPSWIRE_CIM_INTEGER,
}


class Fault(NamedTuple):
    """What the reader says about a document that it refuses."""

    error: str
    offset: int
    line: int
    path: str
    subject: str


class Read(NamedTuple):
    """Events as lists, objects as the values of `value_of`, and the fault if there is one."""

    events: list[list[Any]]
    fault: Fault | None


def element_name(element: int) -> str:
    """As the DTD has it."""
    return octets_of(lib.opswire_cim_element_name(element)).decode()


def type_name(number: int) -> str:
    """As the DTD has it, or a word for what is no CIM type."""
    name = octets_of(lib.opswire_cim_type_name(number))
    others = {lib.OPSWIRE_CIM_INTEGER: "integer", lib.OPSWIRE_CIM_NATURAL: "natural"}
    return name.decode() or others.get(number, "real" if number == lib.OPSWIRE_CIM_REAL else "")


class Block:
    """The values in a block."""

    def __init__(self, block: "CData") -> None:
        self._block = block
        self._octets = bytes(ffi.buffer(block, block.size))

    def root(self) -> Any:
        """The object itself."""
        return self._value(self._block.tag, self._block.cell)

    def _record(self, kind: str, offset: int) -> "CData":
        assert offset % 8 == 0
        assert 0 < offset < self._block.size
        return ffi.cast(f"struct opswire_cim_{kind} *", ffi.cast("uint8_t *", self._block) + offset)

    def _text(self, text: "CData") -> str | None:
        if text.offset == 0:
            return None
        size = text.size & ~lib.OPSWIRE_CIM_NOT_ASCII
        assert text.offset + size <= self._block.size
        octets = self._octets[text.offset : text.offset + size]
        assert octets.isascii() == (text.size & lib.OPSWIRE_CIM_NOT_ASCII == 0) or not octets
        return octets.decode()

    def _value(self, tag: int, cell: "CData") -> Any:
        kind = tag & lib.OPSWIRE_CIM_TYPE_MASK
        if tag & lib.OPSWIRE_CIM_ARRAY:
            return self._values(cell.offset)
        if tag == lib.OPSWIRE_CIM_NULL:
            return None
        if kind == lib.OPSWIRE_CIM_BOOLEAN:
            return bool(cell.u)
        if kind in TEXTS:
            text = self._text(cell.text)
            assert text is not None
            if kind in REALS:
                assert self._octets[cell.text.offset + len(text)] == 0
            return text
        if kind == lib.OPSWIRE_CIM_REFERENCE:
            return self._path(cell.offset)
        if kind == lib.OPSWIRE_CIM_INSTANCE:
            return self._instance(cell.offset)
        if kind == lib.OPSWIRE_CIM_CLASS:
            return self._class(cell.offset)
        if kind == lib.OPSWIRE_CIM_MEMBER:
            return self._member(cell.offset)
        return cell.s if kind in SIGNED else cell.u

    def _tags(self, values: "CData") -> "CData":
        return ffi.cast("uint8_t *", values.cells + values.count)

    def _values(self, offset: int) -> list[Any]:
        values = self._record("values", offset)
        tags = self._tags(values)
        return [self._value(tags[i], values.cells[i]) for i in range(values.count)]

    def _shape(self, index: int) -> "CData":
        shape = lib.opswire_cim_shape_at(self._block, index)
        assert shape.index == index
        return shape

    def _path(self, offset: int) -> dict[str, Any]:
        record = self._record("path", offset)
        found: dict[str, Any] = {
            "host": self._text(record.host),
            "namespace": self._text(record.namespace_name),
            "class": self._text(record.class_name),
        }
        if record.values:
            shape = self._shape(record.shape)
            assert shape.path
            values = self._record("values", record.values)
            tags = self._tags(values)
            found["class"] = octets_of(shape.class_name).decode()
            found["keys"] = [
                [
                    optional(shape.members[i].name),
                    type_name(tags[i]),
                    self._value(tags[i], values.cells[i]),
                ]
                for i in range(values.count)
            ]
        return {name: value for name, value in found.items() if value is not None}

    def _instance(self, offset: int) -> dict[str, Any]:
        record = self._record("instance", offset)
        shape = self._shape(record.shape)
        assert not shape.path
        values = self._record("values", record.values)
        assert values.count == shape.count
        tags = self._tags(values)
        found: dict[str, Any] = {"instance": octets_of(shape.class_name).decode()}
        if (lang := optional(shape.lang)) is not None:
            found["lang"] = lang
        found["properties"] = [
            [
                *described(shape.members[i]),
                self._value(tags[i], values.cells[i]),
            ]
            for i in range(values.count)
        ]
        if record.qualified:
            qualified = self._record("qualified", record.qualified)
            for i in range(qualified.count):
                item = qualified.items[i]
                found["properties"][item.member].append(self._members(item.qualifiers))
        if record.qualifiers:
            found["qualifiers"] = self._members(record.qualifiers)
        if record.path:
            found["path"] = self._path(record.path)
        return found

    def _class(self, offset: int) -> dict[str, Any]:
        record = self._record("class", offset)
        found: dict[str, Any] = {"class": self._text(record.name)}
        if (superclass := self._text(record.superclass)) is not None:
            found["superclass"] = superclass
        for name in ("qualifiers", "properties", "methods"):
            if getattr(record, name):
                found[name] = self._members(getattr(record, name))
        if record.path:
            found["path"] = self._path(record.path)
        return found

    def _members(self, offset: int) -> list[dict[str, Any]]:
        record = self._record("list", offset)
        return [self._member(record.offsets[i]) for i in range(record.count)]

    def _member(self, offset: int) -> dict[str, Any]:
        record = self._record("member", offset)
        found: dict[str, Any] = {"element": element_name(record.element)}
        for name in ("name", "class_origin", "reference_class", "lang"):
            if (text := self._text(getattr(record, name))) is not None:
                found[name] = text
        if record.type:
            found["type"] = type_name(record.type)
        if flags := flags_of(record.flags):
            found["flags"] = flags
        if record.array_size:
            found["array_size"] = record.array_size
        if record.value_element != lib.OPSWIRE_CIM_ELEMENT_COUNT:
            found[element_name(record.value_element)] = self._value(record.tag, record.cell)
        for name in ("qualifiers", "parameters"):
            if getattr(record, name):
                found[name] = self._members(getattr(record, name))
        return found


def optional(view: "CData") -> str | None:
    """The text of a view, if it is there."""
    return octets_of(view).decode() if view.data else None


def flags_of(flags: int) -> list[str]:
    """The names of flags, but the one that names have."""
    return sorted(name for name, flag in FLAGS.items() if flags & flag and name != "name_given")


def described(descriptor: "CData") -> list[Any]:
    """Name, type, and what else is there."""
    found: list[Any] = [octets_of(descriptor.name).decode(), type_name(descriptor.type)]
    extra: dict[str, Any] = {}
    for name in ("class_origin", "reference_class", "lang"):
        if (text := optional(getattr(descriptor, name))) is not None:
            extra[name] = text
    if flags := flags_of(descriptor.flags):
        extra["flags"] = flags
    if descriptor.array_size:
        extra["array_size"] = descriptor.array_size
    return [*found, extra] if extra else found


class Reader:
    """A reader, freed with this object; may read one document after the other."""

    def __init__(
        self,
        options: int = 0,
        *,
        max_object: int = 0,
        depth: int = 0,
        factor: int = lib.OPSWIRE_CIM_FACTOR,
        total: int = lib.OPSWIRE_XML_MAX_TOTAL,
    ) -> None:
        settings = ffi.new("struct opswire_cim_settings *")
        settings.xml.depth = depth or lib.OPSWIRE_XML_MAX_DEPTH
        settings.xml.attributes = lib.OPSWIRE_XML_MAX_ATTRIBUTES
        settings.xml.name = lib.OPSWIRE_XML_MAX_NAME
        settings.xml.tag = lib.OPSWIRE_XML_MAX_TAG
        settings.xml.text = lib.OPSWIRE_XML_MAX_TEXT
        settings.xml.total = total
        settings.options = options
        settings.factor = factor
        settings.max_object = max_object or lib.OPSWIRE_CIM_MAX_OBJECT
        self.c = ffi.gc(lib.opswire_cim_reader_new(settings), lib.opswire_cim_reader_free)
        self._event = ffi.new("struct opswire_cim_event *")
        self.written: list[bytes] = []

    def read(self, octets: bytes, piece: int = WHOLE) -> Read:
        """All events of a document that comes in pieces; blocks are written to `written`."""
        lib.opswire_cim_reader_reset(self.c)
        self.written = []
        events: list[list[Any]] = []
        rest = memoryview(octets)
        view: View | None = None
        while True:
            status = lib.opswire_cim_next(self.c, self._event)
            if status == lib.OPSWIRE_DONE:
                if self._event.type == lib.OPSWIRE_CIM_END:
                    return Read(events, None)
                events.append(self._tell())
            elif status == lib.OPSWIRE_MORE:
                if rest:
                    view = View(bytes(rest[:piece]))
                    rest = rest[piece:]
                    status = lib.opswire_cim_feed(self.c, view.c)
                    if status != lib.OPSWIRE_DONE:
                        return Read(events, self._fault(status))
                else:
                    lib.opswire_cim_feed_end(self.c)
            else:
                return Read(events, self._fault(status))

    def outcome(self, octets: bytes, piece: int = WHOLE) -> str:
        """Nothing but what is wrong; "" if nothing is."""
        lib.opswire_cim_reader_reset(self.c)
        rest = memoryview(octets)
        while True:
            status = lib.opswire_cim_next(self.c, self._event)
            if status == lib.OPSWIRE_MORE and rest:
                view = View(bytes(rest[:piece]))
                rest = rest[piece:]
                assert lib.opswire_cim_feed(self.c, view.c) == lib.OPSWIRE_DONE
            elif status == lib.OPSWIRE_MORE:
                lib.opswire_cim_feed_end(self.c)
            elif status != lib.OPSWIRE_DONE:
                return self._fault(status).error
            elif self._event.type == lib.OPSWIRE_CIM_END:
                return ""

    def _tell(self) -> list[Any]:
        event = self._event
        name = element_name(event.element)
        if event.type == lib.OPSWIRE_CIM_LEAVE:
            return ["leave", name]
        if event.type == lib.OPSWIRE_CIM_ENTER:
            words = [optional(event.first), optional(event.second)]
            return ["enter", name, *(word for word in words if word is not None)]
        assert event.block.element == event.element
        self.written.append(written(event.block))
        told = ["object", name, Block(event.block).root()]
        return [*told, event.block.flags] if event.block.flags else told

    def _fault(self, status: int) -> Fault:
        fault = ffi.new("struct opswire_cim_fault *")
        lib.opswire_cim_reader_fault(self.c, fault)
        assert fault.status == status
        name = CIM_ERRORS[fault.cim] if fault.cim else ERRORS[fault.xml]
        path = ffi.string(fault.path).decode()
        assert len(path) == fault.path_size
        return Fault(
            name,
            fault.position.offset,
            fault.position.line,
            path,
            ffi.string(fault.subject).decode(),
        )


def written(block: "CData") -> bytes:
    """A block as the element that it was read from."""
    with CimWriter() as writer:
        assert lib.opswire_cim_write_block(writer.c, block) == lib.OPSWIRE_DONE
        return writer.octets
