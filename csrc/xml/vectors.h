/* Sixteen octets at once, where the processor can: SSE2 on x86-64, NEON on arm64.
 *
 * XML_VECTORS names which of them it is, and both are used by the same names.  Without it, on other
 * processors and with -DOPSWIRE_NO_SIMD, nothing is here, and callers go another way. */
#ifndef OPSWIRE_XML_VECTORS_H
#define OPSWIRE_XML_VECTORS_H

#include <stdint.h>
#include <string.h>

enum {
    XML_VECTOR_SIZE = 16,
    XML_VECTOR_MOST_COUNTED = UINT8_MAX /* in each place */
};

#if defined(__SSE2__) && !defined(OPSWIRE_NO_SIMD)
#include <emmintrin.h>
#define XML_VECTORS "SSE2"

typedef __m128i xml_vector;

static inline xml_vector xml_vector_of(uint8_t octet)
{
    return _mm_set1_epi8((char) octet);
}

static inline xml_vector xml_vector_at(const uint8_t *at)
{
    return _mm_loadu_si128((const __m128i *) (const void *) at);
}

/* The first eight octets and the others, each in the order of memory. */
static inline xml_vector xml_vector_of_halves(uint64_t first, uint64_t last)
{
    return _mm_set_epi64x((long long) last, (long long) first);
}

/* Comparisons fill the places where it is so with ones, the others with zeros. */
static inline xml_vector xml_vector_equal(xml_vector one, xml_vector other)
{
    return _mm_cmpeq_epi8(one, other);
}

/* Here octets are signed: 0x80 to 0xff are less than 0. */
static inline xml_vector xml_vector_less(xml_vector one, xml_vector other)
{
    return _mm_cmplt_epi8(one, other);
}

static inline xml_vector xml_vector_or(xml_vector one, xml_vector other)
{
    return _mm_or_si128(one, other);
}

/* Some bits for each place, ones where what was compared is so; the first place has the lowest. */
static inline uint64_t xml_vector_bits(xml_vector compared)
{
    return (unsigned) _mm_movemask_epi8(compared);
}

/* The first place with a bit; one there must be. */
static inline unsigned xml_vector_first(uint64_t bits)
{
    return (unsigned) __builtin_ctz((unsigned) bits);
}

/* Counts, all zero at first, with one more in each place where what was compared is so. */
static inline xml_vector xml_vector_count(xml_vector counts, xml_vector compared)
{
    return _mm_sub_epi8(counts, compared);
}

static inline uint64_t xml_vector_sum(xml_vector counts)
{
    uint64_t sums[2];

    counts = _mm_sad_epu8(counts, _mm_setzero_si128());
    memcpy(sums, &counts, sizeof(sums));
    return sums[0] + sums[1];
}

/* In the other order of octets the first place would not have the lowest bits. */
#elif defined(__aarch64__) && defined(__ARM_NEON) && !defined(__AARCH64EB__)                       \
    && !defined(OPSWIRE_NO_SIMD)
#include <arm_neon.h>
#define XML_VECTORS "NEON"

typedef uint8x16_t xml_vector;

static inline xml_vector xml_vector_of(uint8_t octet)
{
    return vdupq_n_u8(octet);
}

static inline xml_vector xml_vector_at(const uint8_t *at)
{
    return vld1q_u8(at);
}

static inline xml_vector xml_vector_of_halves(uint64_t first, uint64_t last)
{
    return vcombine_u8(vcreate_u8(first), vcreate_u8(last));
}

static inline xml_vector xml_vector_equal(xml_vector one, xml_vector other)
{
    return vceqq_u8(one, other);
}

static inline xml_vector xml_vector_less(xml_vector one, xml_vector other)
{
    return vcltq_s8(vreinterpretq_s8_u8(one), vreinterpretq_s8_u8(other));
}

static inline xml_vector xml_vector_or(xml_vector one, xml_vector other)
{
    return vorrq_u8(one, other);
}

static inline uint64_t xml_vector_bits(xml_vector compared)
{
    /* Nothing gathers one bit of each; to narrow pairs by four leaves four. */
    const uint8x8_t narrow = vshrn_n_u16(vreinterpretq_u16_u8(compared), 4);

    return vget_lane_u64(vreinterpret_u64_u8(narrow), 0);
}

static inline unsigned xml_vector_first(uint64_t bits)
{
    return (unsigned) __builtin_ctzll(bits) / 4;
}

static inline xml_vector xml_vector_count(xml_vector counts, xml_vector compared)
{
    return vsubq_u8(counts, compared);
}

static inline uint64_t xml_vector_sum(xml_vector counts)
{
    return vaddlvq_u8(counts);
}

#endif

#endif
