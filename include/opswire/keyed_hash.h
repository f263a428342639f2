/* Sums of octets for hash tables, with a key that nobody outside the process knows.
 *
 * Whoever sends names to a program must not be able to choose them so that all have one sum: a
 * table would become a list.  SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input
 * PRF", with one round for a word and three at the end). */
#ifndef OPSWIRE_KEYED_HASH_H
#define OPSWIRE_KEYED_HASH_H

#include "opswire/view.h"

#define OPSWIRE_HASH_KEY_SIZE 16u

/* Set the key of the process: random octets, before any table is made, as sums change with it.  Not
 * to be called while another thread uses a table. */
void opswire_hash_set_key(const uint8_t key[OPSWIRE_HASH_KEY_SIZE]);

uint64_t opswire_hash(struct opswire_view octets);

/* The same for all that differ in the case of ASCII letters only. */
uint64_t opswire_hash_folded(struct opswire_view octets);

#endif
