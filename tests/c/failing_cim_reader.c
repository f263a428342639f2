/* A message through a reader that runs out of memory: what it has told until then is what any
 * reader tells, it says NO_MEMORY and nothing else, and begun again it reads the message, and the
 * next one. */
#include <string.h>

#include "failing_allocations.h"
#include "opswire/cimxml.h"

enum {
    MOST_EVENTS = 1 << 13,
    LARGE = 8000 /* octets of a document that is read whole only, and not so often */
};

/* What a reader with all the memory tells of a document. */
struct reference {
    struct opswire_view document;
    uint64_t sums[MOST_EVENTS]; /* after each event */
    size_t count;
    enum opswire_status status;
    struct opswire_cim_fault fault;
};

static struct reading {
    struct reference document;
    struct reference next;
    size_t piece;
    bool warm; /* the reader has read the next one before */
} reading;

static long memos; /* given to shapes and not dropped */
static size_t fed; /* octets of the document, to the reader that reads at the moment */
static struct opswire_cim_block *kept; /* beyond its reader's life */
static uint64_t kept_sum;

static void drop_memo(void *memo)
{
    HOLD(memo == &memos);
    memos--;
}

/* As octets: so shapes count with all that they mean, whatever their numbers are. */
static uint64_t sum_of_block(const struct opswire_cim_block *block)
{
    static struct opswire_cim_writer writer; /* its buffer grows only a few times in all */
    uint64_t sum = block->size * 131u + block->flags * 31u + block->tag;

    writer.xml.out.size = 0;
    writer.xml.status = OPSWIRE_DONE;
    writer.xml.depth = 0;
    writer.xml.tag_open = false;
    memory_pause();
    HOLD(opswire_cim_write_block(&writer, block) == OPSWIRE_DONE);
    if (writer.xml.out.capacity < 1u << 20)
        HOLD(opswire_buffer_reserve(&writer.xml.out, 1u << 20) == OPSWIRE_DONE);
    memory_goes_on();
    return add(sum, opswire_buffer_view(&writer.xml.out));
}

static uint64_t add_event(uint64_t sum, struct opswire_cim_reader *reader,
                          const struct opswire_cim_event *event)
{
    struct opswire_cim_table *const table = opswire_cim_reader_table(reader);
    struct opswire_cim_block *block;
    uint64_t block_sum;

    sum = sum * 131 + (unsigned) event->type * 64 + (unsigned) event->element;
    if (event->type == OPSWIRE_CIM_ENTER)
        return add(add(sum + event->code, event->first), event->second);
    if (event->type != OPSWIRE_CIM_OBJECT)
        return sum;
    block_sum = sum_of_block(event->block);
    if (opswire_cim_table_count(table) > 0) {
        struct opswire_cim_shape *const shape =
            opswire_cim_table_shape(table, opswire_cim_table_count(table) - 1);

        memos += shape->memo == NULL;
        shape->memo = &memos;
    }
    if (kept == NULL) {
        block = opswire_cim_take(reader);
        HOLD(block == event->block && opswire_cim_take(reader) == NULL);
        kept = opswire_cim_block_share(block);
        kept_sum = block_sum;
        opswire_cim_block_free(block);
    }
    return sum * 31 + block_sum;
}

/* Until the end or a failure; the events are the reference's, as far as they go. */
static enum opswire_status read(struct opswire_cim_reader *reader, struct reference *reference,
                                bool refer)
{
    struct opswire_view rest = reference->document;
    struct opswire_cim_event event;
    enum opswire_status status;
    uint8_t *copy = NULL;
    uint64_t sum = 0;
    size_t count = 0;

    fed = 0;
    for (;;) {
        status = opswire_cim_next(reader, &event);
        if (status == OPSWIRE_DONE) {
            sum = add_event(sum, reader, &event);
            HOLD(count < MOST_EVENTS);
            if (refer)
                reference->sums[count] = sum;
            HOLD(reference->sums[count] == sum);
            count++;
            if (event.type == OPSWIRE_CIM_END)
                break;
        } else if (status == OPSWIRE_MORE) {
            struct opswire_view piece;

            memory_free_copy(copy);
            copy = NULL;
            if (rest.size == 0) {
                opswire_cim_feed_end(reader);
                continue;
            }
            opswire_view_take(&rest, rest.size < reading.piece ? rest.size : reading.piece, &piece);
            copy = memory_copy(piece);
            piece.data = copy;
            fed += piece.size;
            HOLD(opswire_cim_feed(reader, piece) == OPSWIRE_DONE);
        } else {
            break;
        }
    }
    memory_free_copy(copy);
    if (refer)
        reference->count = count;
    HOLD(status == OPSWIRE_NO_MEMORY || count == reference->count);
    return status;
}

static void is_as_the_reference(struct opswire_cim_reader *reader, struct reference *reference)
{
    const enum opswire_status status = read(reader, reference, false);
    struct opswire_cim_fault fault;

    HOLD(status == reference->status);
    opswire_cim_reader_fault(reader, &fault);
    HOLD(fault.status == reference->fault.status);
    HOLD(fault.xml == reference->fault.xml && fault.cim == reference->fault.cim);
    HOLD(strcmp(fault.subject, reference->fault.subject) == 0);
    HOLD(strcmp(fault.path, reference->fault.path) == 0);
    HOLD(status == OPSWIRE_DONE || fault.position.offset == reference->fault.position.offset);
}

/* Broken, and it says so whatever it is asked. */
static void is_out_of_memory(struct opswire_cim_reader *reader)
{
    struct opswire_cim_event event;
    struct opswire_cim_fault fault;

    HOLD(opswire_cim_next(reader, &event) == OPSWIRE_NO_MEMORY);
    HOLD(opswire_cim_feed(reader, reading.document.document) == OPSWIRE_NO_MEMORY);
    HOLD(opswire_cim_take(reader) == NULL);
    opswire_cim_reader_fault(reader, &fault);
    HOLD(fault.status == OPSWIRE_NO_MEMORY);
    HOLD(fault.xml == OPSWIRE_XML_SOUND && fault.cim == OPSWIRE_CIM_SOUND);
    HOLD(fault.subject[0] == 0);
    HOLD(fault.position.offset <= fed);
    HOLD(fault.path_size == strlen(fault.path) && fault.path_size < sizeof(fault.path));
    HOLD(fault.excerpt_size <= sizeof(fault.excerpt) && fault.mark <= fault.excerpt_size);
}

static bool is_large(void)
{
    return reading.document.document.size > LARGE;
}

static struct opswire_cim_reader *new_reader(void)
{
    struct opswire_cim_settings settings = OPSWIRE_CIM_SETTINGS;

    settings.options = OPSWIRE_CIM_FRAGMENT;
    settings.drop_memo = drop_memo;
    return opswire_cim_reader_new(&settings);
}

/* A reader that is out of memory is begun again while memory still fails, and when it is back. */
static void fail_and_go_on(struct opswire_cim_reader *reader)
{
    for (int round = 0; round < (is_large() ? 1 : 2); round++) {
        const enum opswire_status status = read(reader, &reading.document, false);

        if (status == OPSWIRE_NO_MEMORY) {
            HOLD(memory_has_failed());
            is_out_of_memory(reader);
        } else {
            HOLD(status == reading.document.status);
        }
        opswire_cim_reader_reset(reader);
    }
    memory_heals();
    is_as_the_reference(reader, &reading.document);
    if (reading.piece != SIZE_MAX)
        return; /* what comes next does not depend on how this came */
    opswire_cim_reader_reset(reader);
    is_as_the_reference(reader, &reading.next);
}

static void attempt(void *context)
{
    struct opswire_cim_reader *reader;

    (void) context;
    if (reading.warm)
        memory_pause();
    reader = new_reader();
    if (reading.warm) {
        HOLD(read(reader, &reading.next, false) == reading.next.status);
        opswire_cim_reader_reset(reader);
        memory_goes_on();
    }
    if (reader == NULL) {
        HOLD(memory_has_failed());
    } else {
        fail_and_go_on(reader);
        opswire_cim_reader_free(reader);
    }
    if (kept != NULL) { /* what it tells does not need its reader */
        HOLD(sum_of_block(kept) == kept_sum);
        opswire_cim_block_free(kept);
        kept = NULL;
    }
    HOLD(memos == 0);
}

static void refer(struct reference *reference)
{
    struct opswire_cim_reader *const reader = new_reader();

    HOLD(reader != NULL);
    reference->status = read(reader, reference, true);
    opswire_cim_reader_fault(reader, &reference->fault);
    opswire_cim_reader_free(reader);
    opswire_cim_block_free(kept);
    kept = NULL;
}

void failing_cim_reader(struct opswire_view document, struct opswire_view next)
{
    const size_t pieces[] = {SIZE_MAX, 7, 1};

    reading.document.document = document;
    reading.next.document = next;
    for (size_t i = 0; i < (is_large() ? 1 : 3); i++) {
        reading.piece = pieces[i];
        refer(&reading.document);
        refer(&reading.next);
        reading.warm = false;
        memory_fail_each(attempt, NULL, is_large() || i > 0);
    }
    if (is_large())
        return;
    reading.warm = true;
    memory_fail_each(attempt, NULL, false);
}
