#include "opswire/keyed_hash.h"

#include <string.h>

static uint64_t key[2];

void opswire_hash_set_key(const uint8_t octets[OPSWIRE_HASH_KEY_SIZE])
{
    memcpy(key, octets, sizeof(key));
}

struct state {
    uint64_t a, b, c, d;
};

static inline uint64_t rotated(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static inline struct state round_of(struct state s)
{
    s.a += s.b;
    s.c += s.d;
    s.b = rotated(s.b, 13) ^ s.a;
    s.d = rotated(s.d, 16) ^ s.c;
    s.a = rotated(s.a, 32);
    s.c += s.b;
    s.a += s.d;
    s.b = rotated(s.b, 17) ^ s.c;
    s.d = rotated(s.d, 21) ^ s.a;
    s.c = rotated(s.c, 32);
    return s;
}

static inline struct state absorb(struct state s, uint64_t word)
{
    s.d ^= word;
    s = round_of(s);
    s.a ^= word;
    return s;
}

/* Eight octets at once: what is A to Z gets the bit of a to z. */
static inline uint64_t folded(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101u;
    const uint64_t lows = word & ones * 0x7f;
    const uint64_t from_a = lows + ones * (0x80 - 'A');
    const uint64_t above_z = lows + ones * (0x7f - 'Z');
    const uint64_t capital = from_a & ~above_z & ~word & ones * 0x80;

    return word | capital >> 2;
}

static inline uint64_t sum_of(struct opswire_view octets, bool fold)
{
    struct state s = {key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du,
                      key[0] ^ 0x6c7967656e657261u, key[1] ^ 0x7465646279746573u};
    const uint8_t *at = octets.data;
    size_t left = octets.size;
    uint64_t word;

    for (; left >= sizeof(word); at += sizeof(word), left -= sizeof(word)) {
        memcpy(&word, at, sizeof(word));
        s = absorb(s, fold ? folded(word) : word);
    }
    word = 0;
    if (left > 0) /* data may be NULL in an empty view */
        memcpy(&word, at, left);
    s = absorb(s, (fold ? folded(word) : word) | (uint64_t) octets.size << 56);
    s.c ^= 0xff;
    s = round_of(round_of(round_of(s)));
    return s.a ^ s.b ^ s.c ^ s.d;
}

uint64_t opswire_hash(struct opswire_view octets)
{
    return sum_of(octets, false);
}

uint64_t opswire_hash_folded(struct opswire_view octets)
{
    return sum_of(octets, true);
}
