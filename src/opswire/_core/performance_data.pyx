"""Nagios performance data as Python objects: ``opswire/performance_data.h``.

Text or octets in, ``Item`` objects out, and back.  ``strict=False`` is what NSClient++ was seen to
do, ``strict=True`` the Nagios plugin development guidelines, section 2.6.
"""

cimport cython
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.stdint cimport uint8_t, uintptr_t
from libc.stdlib cimport calloc, free, malloc

from opswire_c.home_of_performance_data cimport opswire_performance_data_table_address
from opswire_c.performance_data cimport *
from opswire._core.foundation cimport status_error
from opswire._core.publication cimport publish

from opswire.errors import PerformanceDataError


cdef extern from *:
    const char *PyUnicode_AsUTF8AndSize(object, Py_ssize_t *) except NULL


# The text of most checks fits, and is then written once.
cdef enum:
    ROOM_ON_STACK = 2048


def exports_address():
    """Where the C functions are that other extensions borrow (lending/performance_data.h)."""
    return opswire_performance_data_table_address()


@cython.final
@cython.freelist(32)
cdef class Item:
    """One item: ``label``, ``value`` (None: the letter U), ``unit``, thresholds, bounds.

    ``warning`` and ``critical`` are numbers, or None where there is none.  Of a range they are the
    lower bound (0.0 where it has none), and ``warning_range`` or ``critical_range`` is its text,
    which is what is written; these are ``""`` for a plain number.  Immutable.
    """

    cdef readonly str label
    cdef readonly object value
    cdef readonly str unit
    cdef readonly object warning
    cdef readonly object critical
    cdef readonly object minimum
    cdef readonly object maximum
    cdef readonly str warning_range
    cdef readonly str critical_range

    def __cinit__(self, str label not None="", value=None, str unit not None="", warning=None,
                  critical=None, minimum=None, maximum=None, str warning_range not None="",
                  str critical_range not None=""):
        self.label = label
        self.value = number_or_none(value)
        self.unit = unit
        self.warning = number_or_none(warning)
        self.critical = number_or_none(critical)
        self.minimum = number_or_none(minimum)
        self.maximum = number_or_none(maximum)
        self.warning_range = warning_range
        self.critical_range = critical_range

    cdef tuple parts(self):
        return (self.label, self.value, self.unit, self.warning, self.critical, self.minimum,
                self.maximum, self.warning_range, self.critical_range)

    def __eq__(self, other):
        if not isinstance(other, Item):
            return NotImplemented
        return self.parts() == (<Item> other).parts()

    def __hash__(self):
        return hash(self.parts())

    def __repr__(self):
        names = ("label", "value", "unit", "warning", "critical", "minimum", "maximum",
                 "warning_range", "critical_range")
        shown = [f"{name}={part!r}" for name, part in zip(names, self.parts())
                 if name in ("label", "value") or part or isinstance(part, float)]
        return f"Item({', '.join(shown)})"

    def __reduce__(self):
        return Item, self.parts()


cdef object number_or_none(object number):
    if number is None:
        return None
    try:
        return float(number)
    except OverflowError:
        raise PerformanceDataError("a whole number is larger than any floating-point number") from None


# ---- reading ----

cdef str text_of(opswire_view octets):
    if octets.size == 0:
        return ""
    return PyUnicode_DecodeUTF8(<const char *> octets.data, <Py_ssize_t> octets.size,
                                "surrogateescape")


cdef str label_of(const opswire_performance_item *item):
    cdef uint8_t *room
    cdef opswire_view label = item.label

    if not item.escaped:
        return text_of(label)
    room = <uint8_t *> malloc(label.size)
    if room is NULL:
        raise MemoryError
    try:
        label.size = opswire_performance_label_unescape(item.label, room)
        label.data = room
        return text_of(label)
    finally:
        free(room)


cdef Item item_of(const opswire_performance_item *read):
    cdef Item item = Item.__new__(Item)

    item.label = label_of(read)
    if not read.unknown:
        item.value = read.value
    item.unit = text_of(read.unit)
    if read.warning.present:
        item.warning = read.warning.number
        item.warning_range = text_of(read.warning.range)
    if read.critical.present:
        item.critical = read.critical.number
        item.critical_range = text_of(read.critical.range)
    if read.has_minimum:
        item.minimum = read.minimum
    if read.has_maximum:
        item.maximum = read.maximum
    return item


cdef object failure(opswire_status status, str sentence, offset=None):
    return status_error(
        status, PerformanceDataError, PerformanceDataError, sentence, "", (offset,))


cdef list items_of(const uint8_t[::1] octets, bint strict):
    cdef opswire_performance_reader reader
    cdef opswire_performance_item item
    cdef opswire_status status
    cdef list items = []

    reader.input.size = <size_t> octets.shape[0]
    reader.input.data = &octets[0] if reader.input.size > 0 else NULL
    reader.rules = OPSWIRE_PERFORMANCE_STRICT if strict else OPSWIRE_PERFORMANCE_RECORDED
    reader.offset = 0
    reader.error = NULL
    while True:
        status = opswire_performance_next(&reader, &item)
        if status == OPSWIRE_MORE:
            return items
        if status != OPSWIRE_DONE:
            raise failure(status, reader.error.decode(), reader.offset)
        items.append(item_of(&item))


cdef bytes octets_of(object text):
    return (<str> text).encode("utf-8", "surrogateescape")


def parse(text, *, strict=False):
    """Return a list of the items in ``text``, a str or octets.

    Octets that are no UTF-8 become lone surrogates (PEP 383), and octets again in ``format``.
    Without ``strict`` nothing is an error.  With it PerformanceDataError says where the text is
    not as the guidelines want it; the offset counts octets, of UTF-8 if ``text`` is a str.
    """
    return items_of(octets_of(text) if isinstance(text, str) else text, strict)


def parse_range(str text not None):
    """Return ``(start, end, inside)`` of a range ``[@][start:][end]`` of the guidelines.

    A check alerts on what is outside of start..end, or with ``inside`` on what is in it, the ends
    included.  Bounds that are not there are infinite.  Raises PerformanceDataError.
    """
    cdef const uint8_t[::1] octets = octets_of(text)
    cdef opswire_view view
    cdef opswire_performance_range found
    cdef size_t offset
    cdef const char *error
    cdef opswire_status status

    view.size = <size_t> octets.shape[0]
    view.data = &octets[0] if view.size > 0 else NULL
    status = opswire_performance_range_read(view, &found, &offset, &error)
    if status != OPSWIRE_DONE:
        raise failure(status, error.decode(), offset)
    return found.start, found.end, bool(found.inside)


# ---- writing ----

cdef opswire_view view_of(str text, list keep):
    """The UTF-8 of ``text``, which Python keeps with it, or of what ``keep`` keeps."""
    cdef opswire_view view
    cdef Py_ssize_t size
    cdef bytes octets

    try:
        view.data = <const uint8_t *> PyUnicode_AsUTF8AndSize(text, &size)
    except UnicodeEncodeError:
        octets = octets_of(text)
        keep.append(octets)
        view.data = <const uint8_t *> <const char *> octets
        size = len(octets)
    view.size = <size_t> size
    return view


cdef int fill_level(opswire_performance_level *level, object number, str text, list keep) except -1:
    level.range = view_of(text, keep)
    level.present = number is not None or level.range.size > 0
    level.number = number if number is not None else 0
    return 0


cdef int fill(opswire_performance_item *target, Item item, list keep) except -1:
    target.label = view_of(item.label, keep)
    target.unit = view_of(item.unit, keep)
    target.unknown = item.value is None
    target.value = item.value if item.value is not None else 0
    fill_level(&target.warning, item.warning, item.warning_range, keep)
    fill_level(&target.critical, item.critical, item.critical_range, keep)
    target.has_minimum = item.minimum is not None
    target.minimum = item.minimum if item.minimum is not None else 0
    target.has_maximum = item.maximum is not None
    target.maximum = item.maximum if item.maximum is not None else 0
    return 0


cdef str written(const opswire_performance_item *items, list given, bint strict, size_t most):
    cdef opswire_performance_rules rules = (
        OPSWIRE_PERFORMANCE_STRICT if strict else OPSWIRE_PERFORMANCE_RECORDED)
    cdef uint8_t[ROOM_ON_STACK] small
    cdef uint8_t *room = small
    cdef uint8_t *large = NULL
    cdef size_t size = 0
    cdef size_t index = 0
    cdef const char *error = NULL
    cdef opswire_view text
    cdef opswire_status status = opswire_performance_write(
        items, <size_t> len(given), rules, most, small, ROOM_ON_STACK, &size, &index, &error)

    try:
        if status == OPSWIRE_MORE:
            room = large = <uint8_t *> malloc(size)
            if large is NULL:
                raise MemoryError
            status = opswire_performance_write(
                items, <size_t> len(given), rules, most, large, size, &size, &index, &error)
        if status != OPSWIRE_DONE:
            raise failure(
                status, f"item {index + 1} ({(<Item> given[index]).label!r}): {error.decode()}")
        text.data = room
        text.size = size
        return text_of(text)
    finally:
        free(large)


def format(items, *, strict=False, max_length=-1):
    """Return the text of ``items``, an iterable of Item objects.

    An item with which the text would be longer than ``max_length`` octets is left out whole, and
    shorter ones behind it are still taken; -1 is no limit.  Without ``strict`` the space before an
    item stays when the first one of the list is left out.  PerformanceDataError says which item is
    not finite, or with ``strict`` is not what the guidelines allow.
    """
    cdef list given = list(items)
    cdef list keep = []
    cdef opswire_performance_item *made
    cdef Py_ssize_t i, most

    try:
        most = max_length
    except OverflowError:
        most = -1  # no text is as long
    made = <opswire_performance_item *> calloc(<size_t> max(len(given), 1), sizeof(made[0]))
    if made is NULL:
        raise MemoryError
    try:
        for i in range(len(given)):
            if not isinstance(given[i], Item):
                raise TypeError(f"item {i + 1} is of type {type(given[i]).__name__}, not Item")
            fill(&made[i], <Item> given[i], keep)
        return written(made, given, strict, <size_t> most)  # -1 is the largest size
    finally:
        free(made)


publish(
    Item, "opswire._core.performance_data",
    '(label="", value=None, unit="", warning=None, critical=None, minimum=None, maximum=None, '
    'warning_range="", critical_range="")',
)
