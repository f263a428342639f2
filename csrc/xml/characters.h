/* Octets and characters of XML: classes, UTF-8, and the search for what is not plain text. */
#ifndef OPSWIRE_XML_CHARACTERS_H
#define OPSWIRE_XML_CHARACTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "vectors.h"

static inline bool xml_is_space(uint8_t octet)
{
    return octet == ' ' || octet == '\n' || octet == '\t' || octet == '\r';
}

/* Whether an octet may begin, and go on in, a name; those of 0x80 and above need a look. */
enum { XML_NAME_START = 1, XML_NAME = 2 };

static inline uint8_t xml_name_class(uint8_t octet)
{
    static const uint8_t CLASSES[128] = {
        ['-'] = 2, ['.'] = 2, ['0'] = 2, ['1'] = 2, ['2'] = 2, ['3'] = 2, ['4'] = 2, ['5'] = 2,
        ['6'] = 2, ['7'] = 2, ['8'] = 2, ['9'] = 2, [':'] = 3, ['_'] = 3, ['A'] = 3, ['B'] = 3,
        ['C'] = 3, ['D'] = 3, ['E'] = 3, ['F'] = 3, ['G'] = 3, ['H'] = 3, ['I'] = 3, ['J'] = 3,
        ['K'] = 3, ['L'] = 3, ['M'] = 3, ['N'] = 3, ['O'] = 3, ['P'] = 3, ['Q'] = 3, ['R'] = 3,
        ['S'] = 3, ['T'] = 3, ['U'] = 3, ['V'] = 3, ['W'] = 3, ['X'] = 3, ['Y'] = 3, ['Z'] = 3,
        ['a'] = 3, ['b'] = 3, ['c'] = 3, ['d'] = 3, ['e'] = 3, ['f'] = 3, ['g'] = 3, ['h'] = 3,
        ['i'] = 3, ['j'] = 3, ['k'] = 3, ['l'] = 3, ['m'] = 3, ['n'] = 3, ['o'] = 3, ['p'] = 3,
        ['q'] = 3, ['r'] = 3, ['s'] = 3, ['t'] = 3, ['u'] = 3, ['v'] = 3, ['w'] = 3, ['x'] = 3,
        ['y'] = 3, ['z'] = 3};

    return octet < 128 ? CLASSES[octet] : 0;
}

/* XML 1.0, fifth edition, production 4, beyond ASCII. */
static inline bool xml_name_start_beyond(uint32_t c)
{
    return (c >= 0xc0 && c <= 0x2ff && c != 0xd7 && c != 0xf7)
           || (c >= 0x370 && c <= 0x1fff && c != 0x37e) || c == 0x200c || c == 0x200d
           || (c >= 0x2070 && c <= 0x218f) || (c >= 0x2c00 && c <= 0x2fef)
           || (c >= 0x3001 && c <= 0xd7ff) || (c >= 0xf900 && c <= 0xfdcf)
           || (c >= 0xfdf0 && c <= 0xfffd) || (c >= 0x10000 && c <= 0xeffff);
}

/* Production 4a, beyond ASCII. */
static inline bool xml_name_beyond(uint32_t c)
{
    return xml_name_start_beyond(c) || c == 0xb7 || (c >= 0x300 && c <= 0x36f) || c == 0x203f
           || c == 0x2040;
}

/* Production 2. */
static inline bool xml_is_character(uint32_t c)
{
    return c >= 0x20 ? c < 0xd800 || (c > 0xdfff && c < 0xfffe) || (c > 0xffff && c <= 0x10ffff)
                     : c == '\t' || c == '\n' || c == '\r';
}

/* Decode one character that XML allows and that is not ASCII.  Its size; 0: it is none; -1: it
 * needs more octets. */
static inline int xml_decode(const uint8_t *at, const uint8_t *end, uint32_t *character)
{
    const uint8_t first = at[0];
    uint32_t c;
    int size;

    if (first < 0xc2 || first > 0xf4)
        return 0;
    size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (end - at < size)
        return -1;
    c = first & (0x7fu >> size);
    for (int i = 1; i < size; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (at[i] & 0x3fu);
    }
    *character = c;
    if (size == 3)
        return c >= 0x800 && xml_is_character(c) ? 3 : 0;
    if (size == 4)
        return c >= 0x10000 && c <= 0x10ffff ? 4 : 0;
    return 2;
}

static inline uint32_t xml_encode(uint32_t c, uint8_t out[4])
{
    if (c < 0x80) {
        out[0] = (uint8_t) c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (uint8_t) (0xc0 | c >> 6);
        out[1] = (uint8_t) (0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (uint8_t) (0xe0 | c >> 12);
        out[1] = (uint8_t) (0x80 | (c >> 6 & 0x3f));
        out[2] = (uint8_t) (0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (uint8_t) (0xf0 | c >> 18);
    out[1] = (uint8_t) (0x80 | (c >> 12 & 0x3f));
    out[2] = (uint8_t) (0x80 | (c >> 6 & 0x3f));
    out[3] = (uint8_t) (0x80 | (c & 0x3f));
    return 4;
}

/* Whether two texts of the same size are the same: in place, as most names and tags are shorter
 * than a call of memcmp() is worth. */
static inline bool xml_same(const uint8_t *one, const uint8_t *other, size_t size)
{
    uint64_t a;
    uint64_t b;

    if (size < sizeof(a)) {
        while (size > 0 && one[size - 1] == other[size - 1])
            size--;
        return size == 0;
    }
    for (size_t i = 0; i + sizeof(a) < size; i += sizeof(a)) {
        memcpy(&a, one + i, sizeof(a));
        memcpy(&b, other + i, sizeof(b));
        if (a != b)
            return false;
    }
    /* The last eight, some of them once more. */
    memcpy(&a, one + size - sizeof(a), sizeof(a));
    memcpy(&b, other + size - sizeof(b), sizeof(b));
    return a == b;
}

#ifdef XML_VECTORS
/* In how many octets is(wanted, octet) is so; *at goes to those that make no whole vector. */
static inline uint64_t xml_count(const uint8_t **at, const uint8_t *end,
                                 xml_vector (*is)(xml_vector, xml_vector), uint8_t wanted)
{
    uint64_t count = 0;

    while (end - *at >= XML_VECTOR_SIZE) {
        xml_vector counts = xml_vector_of(0);

        for (int i = 0; i < XML_VECTOR_MOST_COUNTED && end - *at >= XML_VECTOR_SIZE; i++) {
            const xml_vector compared = is(xml_vector_of(wanted), xml_vector_at(*at));

            counts = xml_vector_count(counts, compared);
            *at += XML_VECTOR_SIZE;
        }
        count += xml_vector_sum(counts);
    }
    return count;
}
#endif

/* How many line feeds there are. */
static inline uint64_t xml_line_feeds(const uint8_t *at, const uint8_t *end)
{
#ifdef XML_VECTORS
    uint64_t count = xml_count(&at, end, xml_vector_equal, '\n');
#else
    uint64_t count = 0;

    for (; end - at >= 8; at += 8) {
        const uint64_t ones = 0x0101010101010101u;
        const uint64_t lows = 0x7f7f7f7f7f7f7f7fu;
        uint64_t octets;

        memcpy(&octets, at, 8);
        octets ^= ones * '\n';
        /* A one for each octet that is zero now; their sum is in the highest octet. */
        octets = ~(((octets & lows) + lows) | octets | lows) >> 7;
        count += (octets * ones) >> 56;
    }
#endif
    for (; at < end; at++)
        count += *at == '\n';
    return count;
}

/* How many characters well-formed UTF-8 has: octets that do not continue one. */
static inline uint64_t xml_count_characters(const uint8_t *at, const uint8_t *end)
{
#ifdef XML_VECTORS
    /* Signed, those that continue one are the least: 0x80 to 0xbf. */
    uint64_t count = xml_count(&at, end, xml_vector_less, 0xbf);
#else
    uint64_t count = 0;

    for (; end - at >= 8; at += 8) {
        const uint64_t ones = 0x0101010101010101u;
        uint64_t octets;

        memcpy(&octets, at, 8);
        /* A one for each octet that is not 10xxxxxx; their sum is in the highest octet. */
        octets = (~(octets >> 7) | octets >> 6) & ones;
        count += (octets * ones) >> 56;
    }
#endif
    for (; at < end; at++)
        count += (*at & 0xc0) != 0x80;
    return count;
}

#ifdef XML_VECTORS
/* Four to sixteen octets, some of them twice: for a question that neither order nor number change.
 */
static inline xml_vector xml_few(const uint8_t *at, size_t size)
{
    uint64_t first = 0;
    uint64_t last = 0;

    if (size >= sizeof(first)) {
        memcpy(&first, at, sizeof(first));
        memcpy(&last, at + size - sizeof(last), sizeof(last));
        return xml_vector_of_halves(first, last);
    }
    memcpy(&first, at, 4);
    memcpy(&last, at + size - 4, 4);
    first |= last << 32;
    return xml_vector_of_halves(first, first);
}
#endif

/* The first octet that is one of the three, a control character (white space too, but the space) or
 * not ASCII; end if there is none. */
static inline const uint8_t *xml_plain(const uint8_t *at, const uint8_t *end, uint8_t a, uint8_t b,
                                       uint8_t c)
{
#ifdef XML_VECTORS
    const xml_vector first = xml_vector_of(a);
    const xml_vector second = xml_vector_of(b);
    const xml_vector third = xml_vector_of(c);
    const xml_vector space = xml_vector_of(' '); /* what is not ASCII is less, too */

    while (end - at >= 4) {
        const size_t size = (size_t) (end - at);
        const bool whole = size >= XML_VECTOR_SIZE;
        const xml_vector octets = whole ? xml_vector_at(at) : xml_few(at, size);
        const uint64_t found = xml_vector_bits(xml_vector_or(
            xml_vector_or(xml_vector_equal(octets, first), xml_vector_equal(octets, second)),
            xml_vector_or(xml_vector_equal(octets, third), xml_vector_less(octets, space))));

        if (!whole) {
            if (found == 0)
                return end;
            break; /* where it is, is seen one by one */
        }
        if (found != 0)
            return at + xml_vector_first(found);
        at += XML_VECTOR_SIZE;
    }
#else
    /* Eight at a time: an octet that is zero after the exclusive or makes its high bit borrow. */
    const uint64_t ones = 0x0101010101010101u;
    const uint64_t highs = 0x8080808080808080u;

    for (; end - at >= 8; at += 8) {
        uint64_t octets;
        uint64_t one;
        uint64_t two;
        uint64_t three;

        memcpy(&octets, at, 8);
        one = octets ^ (ones * a);
        two = octets ^ (ones * b);
        three = octets ^ (ones * c);
        if ((((one - ones) & ~one) | ((two - ones) & ~two) | ((three - ones) & ~three)
             | (octets - ones * ' ') | octets)
            & highs)
            break;
    }
#endif
    while (at < end && *at != a && *at != b && *at != c && *at >= ' ' && *at < 0x80)
        at++;
    return at;
}

#endif
