#include "failing_allocations.h"

#include <string.h>

enum {
    CHAIN = 12,       /* calls of which the return addresses are noted */
    PLACES = 1 << 13, /* return addresses, a power of two */
    CHAINS = 1 << 13, /* different call chains, the same */
    MOST = 1 << 16,   /* allocations of one attempt */
    FIRST = 2         /* of the allocations with the same chain, which fail besides the last */
};

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *pointer, size_t size);
void __real_free(void *pointer);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *pointer, size_t size);
void __wrap_free(void *pointer);

static struct {
    unsigned long made;    /* allocations of this attempt */
    unsigned long failing; /* which of them fails; 0: none */
    bool for_ever;         /* and all after it */
    bool failed;
    bool healed;
    unsigned paused;
    long live;
    void *outermost; /* frame: where call chains end */
} memory;

static uintptr_t places[PLACES];
static struct {
    uint64_t sum;
    unsigned seen;
    unsigned long last;
} chains[CHAINS];
static bool chosen[MOST + 1]; /* of the attempt's allocations, to fail */
static bool learning;
static bool only_last;

static void note_place(uintptr_t address)
{
    size_t at = (address * 0x9e3779b97f4a7c15u >> 40) & (PLACES - 1);

    for (size_t tries = 0; places[at] != 0 && places[at] != address; tries++) {
        at = (at + 1) & (PLACES - 1);
        HOLD(tries < PLACES);
    }
    places[at] = address;
}

static void note_chain(uint64_t sum)
{
    size_t at = sum >> 40 & (CHAINS - 1);

    for (size_t tries = 0; chains[at].sum != 0 && chains[at].sum != sum; tries++) {
        at = (at + 1) & (CHAINS - 1);
        HOLD(tries < CHAINS);
    }
    chains[at].sum = sum;
    chains[at].last = memory.made;
    chosen[memory.made] = !only_last && ++chains[at].seen <= FIRST;
}

/* The call chain of what asks for memory; frame is the wrapper's.  All is compiled with frame
 * pointers: the caller's at the frame, its return address behind that. */
static void look_at_chain(void **frame)
{
    uint64_t sum = 1;

    for (int i = 0; i < CHAIN && frame != memory.outermost; i++, frame = *frame) {
        const uintptr_t address = (uintptr_t) frame[1];

        if (learning)
            sum = (sum ^ address) * 0x9fb21c651e98df25u;
        else
            note_place(address);
    }
    if (learning)
        note_chain(sum);
}

static bool fails(void **frame)
{
    bool now;

    if (memory.paused > 0 || memory.healed)
        return false;
    memory.made++;
    HOLD(memory.made <= MOST);
    now = memory.made == memory.failing
          || (memory.for_ever && memory.failing != 0 && memory.made > memory.failing);
    if (now || learning)
        look_at_chain(frame);
    memory.failed = memory.failed || now;
    return now;
}

void *__wrap_malloc(size_t size)
{
    void *const result = fails(__builtin_frame_address(0)) ? NULL : __real_malloc(size);

    memory.live += result != NULL;
    return result;
}

void *__wrap_calloc(size_t count, size_t size)
{
    void *const result = fails(__builtin_frame_address(0)) ? NULL : __real_calloc(count, size);

    memory.live += result != NULL;
    return result;
}

/* What is asked for again always moves, so that whoever still points there is caught. */
void *__wrap_realloc(void *pointer, size_t size)
{
    void *const result = fails(__builtin_frame_address(0)) ? NULL : __real_realloc(pointer, size);

    HOLD(size != 0); /* is a free(), or is none, as the library likes */
    memory.live += result != NULL && pointer == NULL;
    return result;
}

void __wrap_free(void *pointer)
{
    memory.live -= pointer != NULL;
    __real_free(pointer);
}

bool memory_has_failed(void)
{
    return memory.failed;
}

void memory_heals(void)
{
    memory.healed = true;
}

void memory_pause(void)
{
    memory.paused++;
}

void memory_goes_on(void)
{
    memory.paused--;
}

uint8_t *memory_copy(struct opswire_view octets)
{
    uint8_t *const copy = __real_malloc(octets.size > 0 ? octets.size : 1);

    HOLD(copy != NULL);
    if (octets.size > 0)
        memcpy(copy, octets.data, octets.size);
    return copy;
}

void memory_free_copy(uint8_t *copy)
{
    __real_free(copy);
}

uint64_t add(uint64_t sum, struct opswire_view octets)
{
    for (size_t i = 0; i < octets.size; i++)
        sum = (sum ^ octets.data[i]) * 1099511628211u;
    return sum * 31 + octets.size;
}

void memory_report(void)
{
    fprintf(stderr, "with allocation %lu failing%s, of %lu so far; %ld live\n", memory.failing,
            memory.for_ever ? " and all after it" : "", memory.made, memory.live);
}

void memory_print_places(void)
{
    for (size_t i = 0; i < PLACES; i++)
        if (places[i] != 0)
            printf("at %lx\n", (unsigned long) places[i]);
}

static void make(memory_attempt *attempt, void *context, unsigned long failing, bool for_ever)
{
    const long live = memory.live;

    memory.made = 0;
    memory.failing = failing;
    memory.for_ever = for_ever;
    memory.failed = memory.healed = false;
    attempt(context);
    memory.healed = true;
    HOLD(memory.failed == (failing != 0));
    HOLD(memory.live == live);
}

/* How many allocations there are, and which of them are to fail. */
static unsigned long learn(memory_attempt *attempt, void *context)
{
    memset(chains, 0, sizeof(chains));
    learning = true;
    make(attempt, context, 0, false);
    learning = false;
    for (size_t i = 0; i < CHAINS; i++)
        chosen[chains[i].last] = true;
    return memory.made;
}

static bool choosing_all;

void memory_choose_all(void)
{
    choosing_all = true;
}

void memory_fail_each(memory_attempt *attempt, void *context, bool in_short)
{
    unsigned long count;

    memory.outermost = __builtin_frame_address(0);
    only_last = in_short;
    count = learn(attempt, context);
    for (unsigned long i = 1; i <= count; i++) {
        if (!chosen[i] && !choosing_all)
            continue;
        make(attempt, context, i, false);
        make(attempt, context, i, true);
    }
}
