# Timestamps and intervals (DSP0004, 5.2.4), and the time zones that they have.

@cython.embedsignature(False)  # its functions are Python's, with a signature
class MinutesFromUTC(tzinfo):
    """A time zone with a fixed distance from UTC, as CIM has them.

    Args:
        offset: minutes east of UTC.
    """

    __slots__ = ("_offset",)

    def __init__(self, offset):
        if not isinstance(offset, int):
            raise TypeError(f"minutes from UTC are an int, not {type(offset).__name__}")
        if not -1440 < offset < 1440:
            raise ValueError(f"{offset} minutes from UTC are a day or more")
        self._offset = timedelta(minutes=offset)

    def __repr__(self):
        return f"MinutesFromUTC(offset={self._offset // timedelta(minutes=1)})"

    def __reduce__(self):
        return MinutesFromUTC, (self._offset // timedelta(minutes=1),)

    def __eq__(self, other):
        if isinstance(other, MinutesFromUTC):
            return self._offset == other._offset
        return NotImplemented

    def __hash__(self):
        return hash(self._offset)

    def utcoffset(self, dt):
        """Return the distance east of UTC."""
        return self._offset

    def dst(self, dt):
        """Return zero: there is no summer time in it."""
        return timedelta(0)

    def tzname(self, dt):
        """Return "HH:MM" or "-HH:MM"."""
        minutes = self._offset // timedelta(minutes=1)
        hours, rest = divmod(abs(minutes), 60)
        return f"{'-' if minutes < 0 else ''}{hours:02}:{rest:02}"


# ---- datetime ----

cdef enum:
    TEXT_SIZE = 25
    NO_DIGITS = -1

cdef int64_t SECOND = 1000000
cdef int64_t MINUTE = 60 * SECOND
cdef int64_t HOUR = 60 * MINUTE
cdef int64_t DAY = 24 * HOUR
cdef object EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
cdef object LOCAL_EPOCH = datetime(1970, 1, 1)
cdef object ONE_MICROSECOND = timedelta(microseconds=1)


cdef inline int64_t days_of(int64_t year, int64_t month, int64_t day) noexcept nogil:
    """Days from 1970-01-01 in the Gregorian calendar, for years from 1."""
    cdef int64_t y = year - 1 if month <= 2 else year
    cdef int64_t era = y // 400
    cdef int64_t of_era = y - era * 400
    cdef int64_t of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


cdef inline void put_number(char *out, int64_t value, int size) noexcept nogil:
    while size > 0:
        size -= 1
        out[size] = <char>(c"0" + value % 10)
        value //= 10


cdef CIMDateTime read_datetime(const char *text, Py_ssize_t size):
    """The value of a text of DSP0004, section 5.2.4; ValueError tells what is wrong in it."""
    cdef opswire_cim_datetime read
    cdef opswire_view view
    cdef const char *fault
    cdef CIMDateTime new
    view.data = <const uint8_t *>text
    view.size = size
    fault = opswire_cim_datetime_read(view, &read)
    if fault is not NULL:
        shown = text[: min(size, 40)].decode("utf-8", "replace")
        raise ValueError(f"{shown!r} is no CIM datetime: {fault.decode('ascii')}")
    new = CIMDateTime.__new__(CIMDateTime)
    new.interval = read.interval
    new.digits = read.digits
    new.offset = read.offset
    new.micros = (
        read.hour * HOUR
        + (<int64_t>read.minute - read.offset) * MINUTE
        + read.second * SECOND
        + read.microsecond
    )
    if read.interval:
        new.micros += read.days * DAY
    else:
        new.micros += days_of(read.year, read.month, read.days) * DAY
    return new


def restore_datetime(kind, micros, offset, digits, interval):
    """What pickle and copy call."""
    cdef CIMDateTime self = kind.__new__(kind)
    self.micros = micros
    self.offset = offset
    self.digits = digits
    self.interval = interval
    return self


cdef class CIMDateTime(CIMType):
    """A point in time or an interval (DSP0004 2.8, section 5.2.4). It never changes.

    Equal ones are the same point in time or as long; what is not known, the asterisks, counts as
    zero. They have no order.

    Args:
        dtarg: a text of 25 characters, ``YYYYMMDDHHMMSS.MMMMMM±UUU`` or
            ``DDDDDDDDHHMMSS.MMMMMM:000``, perhaps with asterisks at the end; a datetime (without
            a time zone it is taken as UTC); a timedelta; or another CIMDateTime.

    Raises:
        ValueError: the text or the interval is none that CIM has.
        TypeError: something else was given.
    """

    cimtype = "datetime"

    def __init__(self, dtarg):
        cdef CIMDateTime other
        cdef bytes octets
        if isinstance(dtarg, str):
            octets = (<str>dtarg).encode()
            other = read_datetime(octets, len(octets))
        elif isinstance(dtarg, bytes):
            other = read_datetime(dtarg, len(dtarg))
        elif isinstance(dtarg, CIMDateTime):
            other = dtarg
        elif isinstance(dtarg, datetime):
            offset = dtarg.utcoffset()
            if offset is None:
                offset = timedelta(0)
                dtarg = dtarg.replace(tzinfo=timezone.utc)
            self.offset = offset // timedelta(minutes=1)
            self.micros = (dtarg - EPOCH) // ONE_MICROSECOND
            self.digits = NO_DIGITS
            self.interval = False
            return
        elif isinstance(dtarg, timedelta):
            if not timedelta(0) <= dtarg < timedelta(days=100000000):
                raise ValueError(
                    f"{dtarg!r} is no CIM interval: those are 0 to below 100000000 days"
                )
            self.micros = dtarg // ONE_MICROSECOND
            self.offset = 0
            self.digits = NO_DIGITS
            self.interval = True
            return
        else:
            raise TypeError(
                f"a datetime, timedelta, text or CIMDateTime is needed, not {dtarg!r}"
            )
        self.micros = other.micros
        self.offset = other.offset
        self.digits = other.digits
        self.interval = other.interval

    cdef int write(self, char *out) noexcept nogil:
        """Put the 25 characters there."""
        cdef int64_t micros, days, era, of_era, year_of_era, of_year, month, year
        # The text has three digits for it; what is farther away is the same point in time in UTC.
        cdef int64_t offset = self.offset if -1000 < self.offset < 1000 else 0
        cdef int i
        micros = self.micros if self.interval else self.micros + offset * MINUTE
        days = micros // DAY
        micros -= days * DAY
        if micros < 0:
            micros += DAY
            days -= 1
        if self.interval:
            put_number(out, days, 8)
            memcpy(out + 21, b":000", 4)
        else:
            days += 719468
            era = days // 146097
            of_era = days - era * 146097
            year_of_era = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
            year = year_of_era + era * 400
            of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
            month = (5 * of_year + 2) // 153
            put_number(out + 6, of_year - (153 * month + 2) // 5 + 1, 2)
            month = month + 3 if month < 10 else month - 9
            put_number(out + 4, month, 2)
            put_number(out, year + 1 if month <= 2 else year, 4)
            out[21] = c"-" if offset < 0 else c"+"
            put_number(out + 22, -offset if offset < 0 else offset, 3)
        put_number(out + 8, micros // HOUR, 2)
        put_number(out + 10, micros // MINUTE % 60, 2)
        put_number(out + 12, micros // SECOND % 60, 2)
        out[14] = c"."
        put_number(out + 15, micros % SECOND, 6)
        if self.digits >= 0:
            for i in range(self.digits, 21):
                if i != 14:
                    out[i] = c"*"
        return 0

    def __str__(self):
        cdef char out[TEXT_SIZE]
        self.write(out)
        return out[:TEXT_SIZE].decode("ascii")

    def __repr__(self):
        return (
            f"CIMDateTime(cimtype='datetime', datetime={self.datetime!r}, "
            f"timedelta={self.timedelta!r}, precision={self.precision!r}, "
            f"minutes_from_utc={self.offset})"
        )

    def __eq__(self, other):
        cdef CIMDateTime twin
        if not isinstance(other, CIMDateTime):
            return NotImplemented
        twin = other
        return self.interval == twin.interval and self.micros == twin.micros

    def __hash__(self):
        return hash((bool(self.interval), self.micros))

    def __reduce__(self):
        return restore_datetime, (
            type(self), self.micros, self.offset, self.digits, bool(self.interval)
        )

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    @property
    def is_interval(self):
        """Whether it is an interval, and no point in time."""
        return bool(self.interval)

    @property
    def minutes_from_utc(self):
        """The distance of its time zone from UTC in minutes, east is positive; 0 for intervals."""
        return self.offset

    @property
    def precision(self):
        """How many characters of the text are known before the asterisks begin; None: all are."""
        return None if self.digits < 0 else self.digits

    @property
    def datetime(self):
        """The point in time, with its time zone; None for an interval."""
        if self.interval:
            return None
        # Of the local clock: at both ends of the calendar, UTC may be out of Python's years.
        local = timedelta(microseconds=self.micros + self.offset * MINUTE)
        return (LOCAL_EPOCH + local).replace(tzinfo=MinutesFromUTC(self.offset))

    @property
    def timedelta(self):
        """The interval; None for a point in time."""
        return timedelta(microseconds=self.micros) if self.interval else None

    @staticmethod
    def get_local_utcoffset():
        """Return how many minutes east of UTC this computer's time zone is now."""
        return time.localtime().tm_gmtoff // 60

    @classmethod
    def now(cls, tzi=None):
        """Return the time it is, in that time zone; without one, in the computer's."""
        if tzi is None:
            tzi = MinutesFromUTC(cls.get_local_utcoffset())
        return cls(datetime.now(tzi))

    @classmethod
    def fromtimestamp(cls, ts, tzi=None):
        """Return the time that many seconds after 1970 (UTC), in that time zone, as now()."""
        if tzi is None:
            tzi = MinutesFromUTC(cls.get_local_utcoffset())
        return cls(datetime.fromtimestamp(ts, tzi))
