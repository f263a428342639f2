#include "opswire/status.h"

const char *opswire_status_message(enum opswire_status status)
{
    switch (status) {
    case OPSWIRE_DONE:
        return "done";
    case OPSWIRE_MORE:
        return "more octets are needed";
    case OPSWIRE_PAUSED:
        return "the command at hand must be answered first";
    case OPSWIRE_NO_MEMORY:
        return "out of memory";
    case OPSWIRE_FORBIDDEN:
        return "not allowed in this state of the connection";
    case OPSWIRE_OUT_OF_RANGE:
        return "an argument is out of its range";
    case OPSWIRE_TOO_MUCH_DATA:
        return "more data than the protocol can carry";
    case OPSWIRE_NO_SECURITY:
        return "no security context has been established";
    case OPSWIRE_TOKEN_TOO_LARGE:
        return "a token is longer than 1048576 octets";
    case OPSWIRE_TOKEN_UNEXPECTED:
        return "a token has flags that do not belong here";
    case OPSWIRE_TOKEN_INVALID:
        return "a token has an invalid format";
    case OPSWIRE_MESSAGE_MALFORMED:
        return "a message is shorter or longer than its type and lengths say";
    case OPSWIRE_VERSION_UNEXPECTED:
        return "a message has a protocol version other than 2 and 3";
    case OPSWIRE_TYPE_UNKNOWN:
        return "a message has an unknown type";
    case OPSWIRE_TYPE_UNEXPECTED:
        return "a message has a type that is not valid now";
    case OPSWIRE_STREAM_UNEXPECTED:
        return "an output stream is neither 1 nor 2";
    case OPSWIRE_FLAGS_REFUSED:
        return "mutual authentication, replay and sequence detection, confidentiality and "
               "integrity were not all negotiated";
    case OPSWIRE_SECURITY_REFUSED:
        return "a token failed its decryption, integrity or sequence check";
    case OPSWIRE_END_OF_FILE:
        return "the peer closed the connection too early";
    case OPSWIRE_PERFORMANCE_INVALID:
        return "performance data breaks the Nagios plugin guidelines";
    case OPSWIRE_XML_MALFORMED:
        return "the XML is not well-formed";
    case OPSWIRE_XML_LIMIT:
        return "the XML has more of something than the limits allow";
    case OPSWIRE_CIM_INVALID:
        return "the XML is not valid CIM-XML";
    }
    return "unknown status";
}
