/* What every opswire C function reports, and one sentence for each report.
 *
 * Three kinds: done (0), more (> 0: feed or drain something, then call again; nothing is lost),
 * broken (< 0: final for the object that said so). */
#ifndef OPSWIRE_STATUS_H
#define OPSWIRE_STATUS_H

enum opswire_status {
    OPSWIRE_DONE = 0,

    OPSWIRE_MORE = 1,   /* more octets, or another call, are needed */
    OPSWIRE_PAUSED = 2, /* the command at hand must be answered before the next octet is read */

    /* The caller's mistakes. */
    OPSWIRE_NO_MEMORY = -1,
    OPSWIRE_FORBIDDEN = -2,
    OPSWIRE_OUT_OF_RANGE = -3,
    OPSWIRE_TOO_MUCH_DATA = -4,
    OPSWIRE_NO_SECURITY = -5,

    /* The peer's mistakes. */
    OPSWIRE_TOKEN_TOO_LARGE = -20,
    OPSWIRE_TOKEN_UNEXPECTED = -21,
    OPSWIRE_TOKEN_INVALID = -22,
    OPSWIRE_MESSAGE_MALFORMED = -23,
    OPSWIRE_VERSION_UNEXPECTED = -24,
    OPSWIRE_TYPE_UNKNOWN = -25,
    OPSWIRE_TYPE_UNEXPECTED = -26,
    OPSWIRE_STREAM_UNEXPECTED = -27,
    OPSWIRE_FLAGS_REFUSED = -28,
    OPSWIRE_SECURITY_REFUSED = -29,
    OPSWIRE_END_OF_FILE = -30,
    OPSWIRE_PERFORMANCE_INVALID = -31,

    /* XML and CIM-XML: what exactly is wrong has its own numbers (xml_scanner.h, cimxml.h). */
    OPSWIRE_XML_MALFORMED = -40,
    OPSWIRE_XML_LIMIT = -41,
    OPSWIRE_CIM_INVALID = -42
};

/* A constant sentence without final stop; never NULL, also for a number that is no status. */
const char *opswire_status_message(enum opswire_status status);

#endif
