/* The functions of csrc/xml/characters.h that take many octets at a time, against loops that take
 * one.
 *
 * Every length and alignment up to a few vectors, with nothing to be read behind the end; every
 * octet in every place; and lengths beyond what a vector can count.  On stdout: the vectors that
 * were compiled in, and how many comparisons were made.  The first that differs ends it. */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "xml/characters.h"

enum {
    MOST_CHECKED = 80,                /* octets; five vectors */
    MOST_COUNTED = 3 * 255 * 16 + 15, /* more than thrice what a place of a vector counts */
    ROOM = 1 << 16                    /* a multiple of every size of pages */
};

static unsigned long long comparisons;

static void compare(const char *what, const uint8_t *at, const uint8_t *end, uint64_t is,
                    uint64_t should_be)
{
    comparisons++;
    if (is == should_be)
        return;
    printf("%s of %td octets at %p is %llu, not %llu:", what, end - at, (const void *) at,
           (unsigned long long) is, (unsigned long long) should_be);
    while (at < end)
        printf(" %02x", *at++);
    printf("\n");
    exit(1);
}

static void check_line_feeds(const uint8_t *at, const uint8_t *end)
{
    uint64_t count = 0;

    for (const uint8_t *here = at; here < end; here++)
        count += *here == '\n';
    compare("xml_line_feeds", at, end, xml_line_feeds(at, end), count);
}

static void check_characters(const uint8_t *at, const uint8_t *end)
{
    uint64_t count = 0;

    for (const uint8_t *here = at; here < end; here++)
        count += *here < 0x80 || *here > 0xbf;
    compare("xml_count_characters", at, end, xml_count_characters(at, end), count);
}

static void check_plain(const uint8_t *at, const uint8_t *end)
{
    static const char SETS[][4] = {"<&]", "<&>", "\"&<", "'&<", "---", "]]]"};

    for (size_t i = 0; i < sizeof(SETS) / sizeof(SETS[0]); i++) {
        const uint8_t *const set = (const uint8_t *) SETS[i];
        const uint8_t *here = at;

        while (here < end && *here != set[0] && *here != set[1] && *here != set[2] && *here >= ' '
               && *here <= 0x7f)
            here++;
        compare("xml_plain", at, end, (uint64_t) (xml_plain(at, end, set[0], set[1], set[2]) - at),
                (uint64_t) (here - at));
    }
}

static void check(const uint8_t *at, const uint8_t *end)
{
    check_line_feeds(at, end);
    check_characters(at, end);
    check_plain(at, end);
}

/* The same octets on every machine. */
static uint8_t some_octet(void)
{
    static uint64_t state = 1;

    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint8_t) (state >> 56);
}

/* Most texts are plain, with something else in a few places. */
static void fill(uint8_t *at, size_t size)
{
    const unsigned rarity = some_octet() & 0x3fu;

    for (size_t i = 0; i < size; i++)
        at[i] = some_octet() % (rarity + 1) == 0 ? some_octet() : (uint8_t) ('a' + i % 26);
}

/* At every alignment: the end stays where the memory ends, or the start where it starts. */
static void check_lengths(uint8_t *memory, uint8_t *end)
{
    for (size_t size = 0; size <= MOST_CHECKED; size++) {
        for (unsigned round = 0; round < 64; round++) {
            fill(end - size, size);
            check(end - size, end);
        }
        for (size_t offset = 0; offset < 16; offset++) {
            fill(memory + offset, size);
            check(memory + offset, memory + offset + size);
        }
    }
}

static void check_octets(uint8_t *end)
{
    for (size_t size = 1; size <= 40; size++) {
        for (size_t place = 0; place < size; place++) {
            for (unsigned octet = 0; octet <= 0xff; octet++) {
                memset(end - size, 'a', size);
                end[(ptrdiff_t) place - (ptrdiff_t) size] = (uint8_t) octet;
                check(end - size, end);
                /* What is behind the first must not be told instead of it. */
                end[-1] = '&';
                check(end - size, end);
            }
        }
    }
}

static void check_counts(uint8_t *end)
{
    static const uint8_t OCTETS[] = {'\n', 'a', 0x80, 0xbf, 0xc3, 0xff};

    for (size_t i = 0; i < sizeof(OCTETS); i++) {
        memset(end - MOST_COUNTED, OCTETS[i], MOST_COUNTED);
        for (size_t size = 0; size <= MOST_COUNTED; size += 15) {
            check_line_feeds(end - size, end);
            check_characters(end - size, end);
        }
    }
}

int main(void)
{
    uint8_t *const memory =
        mmap(NULL, 2 * ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED || mprotect(memory + ROOM, ROOM, PROT_NONE) != 0)
        return 2;
    check_lengths(memory, memory + ROOM);
    check_octets(memory + ROOM);
    check_counts(memory + ROOM);
#ifdef XML_VECTORS
    printf("%s %llu\n", XML_VECTORS, comparisons);
#else
    printf("portable %llu\n", comparisons);
#endif
    return 0;
}
