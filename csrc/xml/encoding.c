#include <stdlib.h>
#include <string.h>

#include "characters.h"
#include "machine.h"

static bool is_name(struct opswire_view name, const char *known)
{
    if (name.size != strlen(known))
        return false;
    for (size_t i = 0; i < name.size; i++) {
        const uint8_t octet = name.data[i];

        if ((octet >= 'A' && octet <= 'Z' ? octet + 0x20 : octet) != known[i])
            return false;
    }
    return true;
}

static enum xml_encoding encoding_of(struct opswire_view name)
{
    static const struct {
        const char *name;
        enum xml_encoding encoding;
    } KNOWN[] = {
        {"utf-8", XML_UTF8},        {"utf8", XML_UTF8},        {"utf-16", XML_UTF16_BE},
        {"utf16", XML_UTF16_BE},    {"us-ascii", XML_ASCII},   {"ascii", XML_ASCII},
        {"iso-8859-1", XML_LATIN1}, {"iso8859-1", XML_LATIN1}, {"iso_8859-1", XML_LATIN1},
        {"latin1", XML_LATIN1},     {"latin-1", XML_LATIN1},   {"windows-1252", XML_WINDOWS},
        {"cp1252", XML_WINDOWS},
    };

    for (size_t i = 0; i < sizeof(KNOWN) / sizeof(KNOWN[0]); i++)
        if (is_name(name, KNOWN[i].name))
            return KNOWN[i].encoding;
    return XML_UNKNOWN;
}

/* What the declaration says, against what a byte order mark, or its lack, has said. */
enum opswire_xml_error xml_declared_encoding(struct opswire_xml_scanner *scanner,
                                             struct opswire_view name)
{
    const bool wide = scanner->encoding == XML_UTF16_BE || scanner->encoding == XML_UTF16_LE;
    const enum xml_encoding declared = encoding_of(name);

    if (scanner->within)
        return OPSWIRE_XML_SOUND;
    if (declared == XML_UNKNOWN)
        return OPSWIRE_XML_UNKNOWN_ENCODING;
    if (wide != (declared == XML_UTF16_BE) || (scanner->marked && !wide && declared != XML_UTF8))
        return OPSWIRE_XML_WRONG_ENCODING;
    if (wide || declared == XML_UTF8)
        return OPSWIRE_XML_SOUND;
    /* What is at hand behind the declaration is not UTF-8 after all. */
    scanner->encoding = declared;
    scanner->mark = xml_position(scanner, scanner->here);
    scanner->unconverted.data = scanner->here;
    scanner->unconverted.size = (size_t) (scanner->end - scanner->here);
    scanner->begin = scanner->end = scanner->here;
    return OPSWIRE_XML_SOUND;
}

/* Octets of the byte order mark, one by one; at the first that is none of it all is UTF-8. */
static bool read_mark(struct opswire_xml_scanner *scanner)
{
    static const uint8_t MARKS[3][3] = {{0xef, 0xbb, 0xbf}, {0xfe, 0xff, 0}, {0xff, 0xfe, 0}};
    static const enum xml_encoding ENCODINGS[3] = {XML_UTF8, XML_UTF16_BE, XML_UTF16_LE};
    struct opswire_view *const input = &scanner->unconverted;

    while (input->size > 0) {
        bool within = false;

        scanner->cut[scanner->cut_size] = input->data[0];
        for (int i = 0; i < 3; i++) {
            const uint8_t whole = i == 0 ? 3 : 2;

            if (memcmp(MARKS[i], scanner->cut, scanner->cut_size + 1u) != 0)
                continue;
            within = true;
            if (scanner->cut_size + 1 == whole) {
                input->data++;
                input->size--;
                scanner->cut_size = 0;
                scanner->encoding = ENCODINGS[i];
                scanner->marked = true;
                scanner->mark.offset = whole;
                return true;
            }
        }
        if (!within) {
            scanner->encoding = XML_UTF8;
            if (scanner->cut_size > 0) {
                scanner->unconvertible = true; /* no document begins like that */
                return false;
            }
            return true;
        }
        scanner->cut_size++;
        input->data++;
        input->size--;
    }
    return false;
}

/* The next character of UTF-16; false: it needs more, or is none. */
static bool take_wide(struct opswire_xml_scanner *scanner, uint32_t *character)
{
    struct opswire_view *const input = &scanner->unconverted;
    const int high = scanner->encoding == XML_UTF16_BE ? 0 : 1;

    for (;;) {
        const uint8_t *const cut = scanner->cut;
        const uint32_t unit = scanner->cut_size < 2 ? 0 : (uint32_t) cut[high] << 8 | cut[1 - high];

        if (scanner->cut_size == 2 && (unit & 0xf800) != 0xd800) {
            *character = unit;
            scanner->cut_size = 0;
            return true;
        }
        if (scanner->cut_size == 2 && (unit & 0xfc00) == 0xdc00)
            break;
        if (scanner->cut_size == 4) {
            const uint32_t low = (uint32_t) cut[2 + high] << 8 | cut[3 - high];

            if ((low & 0xfc00) != 0xdc00)
                break;
            *character = 0x10000 + ((unit & 0x3ff) << 10 | (low & 0x3ff));
            scanner->cut_size = 0;
            return true;
        }
        if (input->size == 0)
            return false;
        scanner->cut[scanner->cut_size++] = input->data[0];
        input->data++;
        input->size--;
    }
    scanner->unconvertible = true;
    return false;
}

/* Windows-1252 is ISO-8859-1 but for these 32; 0: no character. */
static uint32_t windows_character(uint8_t octet)
{
    static const uint16_t CHARACTERS[32] = {
        0x20ac, 0x0000, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x0000, 0x017d, 0x0000, 0x0000, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x0000, 0x017e, 0x0178};

    return octet >= 0x80 && octet < 0xa0 ? CHARACTERS[octet - 0x80] : octet;
}

static bool convert(struct opswire_xml_scanner *scanner)
{
    struct opswire_view *const input = &scanner->unconverted;
    size_t size = 0;
    uint32_t c;

    if (scanner->converted == NULL) {
        scanner->converted = malloc(XML_CONVERTED);
        if (scanner->converted == NULL) {
            xml_no_memory(scanner);
            return false;
        }
    }
    while (size + 4 <= XML_CONVERTED) {
        if (scanner->encoding != XML_UTF16_BE && scanner->encoding != XML_UTF16_LE) {
            if (input->size == 0)
                break;
            c = input->data[0];
            if (scanner->encoding == XML_WINDOWS && c != 0)
                c = windows_character(input->data[0]);
            if ((c >= 0x80 && scanner->encoding == XML_ASCII) || (c == 0 && input->data[0] != 0)) {
                scanner->unconvertible = true;
                break;
            }
            input->data++;
            input->size--;
        } else if (!take_wide(scanner, &c)) {
            break;
        }
        size += xml_encode(c, scanner->converted + size);
    }
    scanner->begin = scanner->here = scanner->converted;
    scanner->end = scanner->converted + size;
    return size > 0;
}

bool xml_refill(struct opswire_xml_scanner *scanner)
{
    struct opswire_view *const input = &scanner->unconverted;

    if (scanner->unconvertible || input->size == 0)
        return false;
    if (scanner->encoding == XML_UNKNOWN && (!read_mark(scanner) || input->size == 0))
        return false;
    xml_advance(scanner, &scanner->mark, scanner->begin, scanner->end);
    if (scanner->encoding != XML_UTF8)
        return convert(scanner);
    scanner->begin = scanner->here = input->data;
    scanner->end = input->data + input->size;
    *input = (struct opswire_view){NULL, 0};
    return true;
}
