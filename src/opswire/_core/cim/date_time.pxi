# Timestamps and intervals (DSP0004, 5.2.4), and the time zones that they have.

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
        """Return "+HH:MM" or "-HH:MM"."""
        minutes = self._offset // timedelta(minutes=1)
        hours, rest = divmod(abs(minutes), 60)
        return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


# ---- datetime ----

cdef enum:
    TEXT_SIZE = 25
    NO_DIGITS = -1

cdef int64_t SECOND = 1000000
cdef int64_t MINUTE = 60 * SECOND
cdef int64_t HOUR = 60 * MINUTE
cdef int64_t DAY = 24 * HOUR
cdef int64_t MOST_INTERVAL = 100000000 * DAY
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


cdef inline int number_at(const char *text, int start, int size) noexcept nogil:
    """The decimal number there; -1 when there is anything but digits."""
    cdef int value = 0
    cdef int i
    for i in range(start, start + size):
        if not c"0" <= text[i] <= c"9":
            return -1
        value = value * 10 + (text[i] - c"0")
    return value


cdef inline void put_number(char *out, int64_t value, int size) noexcept nogil:
    while size > 0:
        size -= 1
        out[size] = <char>(c"0" + value % 10)
        value //= 10


cdef CIMDateTime read_datetime(const char *text, Py_ssize_t size):
    """The value of a text of DSP0004, section 5.2.4; ValueError tells what is wrong in it."""
    cdef int fields[7]
    cdef int starts[8]
    cdef int i, start, width, digits = NO_DIGITS
    cdef bint interval
    cdef CIMDateTime new
    if size != TEXT_SIZE or text[14] != c".":
        raise bad_datetime(text, size, "it is not YYYYMMDDHHMMSS.MMMMMM±UUU or DDDDDDDDHHMMSS.MMMMMM:000")
    interval = text[21] == c":"
    if not interval and text[21] != c"+" and text[21] != c"-":
        raise bad_datetime(text, size, "neither +, - nor : is before the last three digits")
    # year, month, day, hour, minute, second, microsecond; days take the place of the first three
    starts[0] = 0
    starts[1] = 4
    starts[2] = 6
    starts[3] = 8
    starts[4] = 10
    starts[5] = 12
    starts[6] = 15
    starts[7] = 21
    i = 0
    while i < 7:
        start = starts[i]
        width = (14 if i == 5 else starts[i + 1]) - start
        if interval and i == 0:
            width = 8
        fields[i] = 0
        if i == 6:
            while width > 0 and text[start + width - 1] == c"*":
                width -= 1
            if width < 6:
                if digits == NO_DIGITS:
                    digits = start + width
                elif width > 0:
                    raise bad_datetime(text, size, "digits follow asterisks")
            if width > 0:
                if digits != NO_DIGITS and digits < start:
                    raise bad_datetime(text, size, "digits follow asterisks")
                fields[6] = number_at(text, start, width)
                if fields[6] < 0:
                    raise bad_datetime(text, size, "there is something else than digits")
                for _ in range(6 - width):
                    fields[6] *= 10
        elif text[start] == c"*":
            for k in range(width):
                if text[start + k] != c"*":
                    raise bad_datetime(text, size, "a field has digits and asterisks")
            if digits == NO_DIGITS:
                digits = start
        else:
            if digits != NO_DIGITS:
                raise bad_datetime(text, size, "digits follow asterisks")
            fields[i] = number_at(text, start, width)
            if fields[i] < 0:
                raise bad_datetime(text, size, "there is something else than digits")
        if interval and i == 0:
            fields[1] = fields[2] = 0
            i = 2
        i += 1
    cdef int offset = number_at(text, 22, 3)
    if offset < 0:
        raise bad_datetime(text, size, "the distance from UTC is no number")
    new = CIMDateTime.__new__(CIMDateTime)
    new.interval = interval
    new.digits = <int8_t>digits
    if interval:
        if offset != 0:
            raise bad_datetime(text, size, "an interval ends with :000")
        new.offset = 0
        new.micros = (
            fields[0] * DAY + fields[3] * HOUR + fields[4] * MINUTE + fields[5] * SECOND + fields[6]
        )
        if new.micros >= MOST_INTERVAL:
            raise bad_datetime(text, size, "an interval is below 100000000 days")
        return new
    if digits != NO_DIGITS and digits < 8:
        # The first month and day stand for those that are not known.
        if digits <= 4:
            fields[1] = 1
        fields[2] = 1
    if fields[0] == 0:
        raise bad_datetime(text, size, "there is no year 0")
    if not 1 <= fields[1] <= 12:
        raise bad_datetime(text, size, "the month is not in 01..12")
    if not 1 <= fields[2] <= month_length(fields[0], fields[1]):
        raise bad_datetime(text, size, "the month has no such day")
    if fields[3] > 23 or fields[4] > 59 or fields[5] > 59:
        raise bad_datetime(text, size, "there is no such time of the day")
    new.offset = -offset if text[21] == c"-" else offset
    new.micros = (
        days_of(fields[0], fields[1], fields[2]) * DAY
        + fields[3] * HOUR
        + (fields[4] - new.offset) * MINUTE
        + fields[5] * SECOND
        + fields[6]
    )
    return new


cdef int month_length(int year, int month) noexcept:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


cdef object bad_datetime(const char *text, Py_ssize_t size, str why):
    shown = text[: min(size, 40)].decode("utf-8", "replace")
    return ValueError(f"{shown!r} is no CIM datetime: {why}")


cdef class CIMDateTime:
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
        cdef int i
        micros = self.micros if self.interval else self.micros + self.offset * MINUTE
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
            out[21] = c"-" if self.offset < 0 else c"+"
            put_number(out + 22, -self.offset if self.offset < 0 else self.offset, 3)
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
        return CIMDateTime, (str(self),)

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
