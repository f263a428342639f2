/* Every allocation of the scanner, the reader and the writer fails in turn, once, and from then on.
 *
 * argv: "scan", "markup", "read", "read again" (by a reader that has read the message before),
 * "read shapes" (so many that tables are replaced, and the numbers of shapes differ each time) or
 * "write"; how many octets are fed at a time; which allocations: 1 for all, 7 for every seventh.  The
 * message comes on stdin.  Whatever failed: NO_MEMORY is what is told, or nothing had to be; nothing
 * is lost; and after a reset the same message means the same.  On stdout: how many failures there
 * were. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failing_allocations.h"
#include "opswire/cimxml.h"

#define MOST (1u << 20)
#define HOLD(condition) ((condition) ? (void) 0 : broken(#condition, __LINE__))

static uint8_t message[MOST];
static struct opswire_view octets = {message, 0};
static size_t piece;
static unsigned long number;

static void broken(const char *condition, int line)
{
    fprintf(stderr, "allocation %lu: line %d: %s does not hold\n", number, line, condition);
    exit(1);
}

static uint64_t add(uint64_t sum, const void *data, size_t size)
{
    const uint8_t *at = data;

    for (size_t i = 0; i < size; i++)
        sum = (sum ^ at[i]) * 1099511628211u;
    return sum * 31 + size;
}

/* The harness's own memory never fails. */
void *__real_malloc(size_t size);
void __real_free(void *old);

/* The next piece, in a room of its own size: what is read beyond it is found. */
static struct opswire_view next_piece(struct opswire_view *rest, uint8_t **copy)
{
    struct opswire_view next;

    HOLD(opswire_view_take(rest, rest->size < piece ? rest->size : piece, &next));
    __real_free(*copy);
    *copy = __real_malloc(next.size + (next.size == 0));
    HOLD(*copy != NULL);
    if (next.size > 0)
        memcpy(*copy, next.data, next.size);
    next.data = *copy;
    return next;
}

/* ---- the scanner ---- */

typedef enum opswire_status next_token(struct opswire_xml_scanner *scanner,
                                       struct opswire_xml_token *token);

static uint64_t add_token(uint64_t sum, const struct opswire_xml_token *token, bool *in_text)
{
    if (token->type == OPSWIRE_XML_TEXT) { /* texts that follow each other are one */
        for (size_t i = 0; i < token->text.size; i++)
            sum = (sum ^ token->text.data[i]) * 1099511628211u;
        *in_text = true;
        return sum;
    }
    sum = sum * 131 + (unsigned) token->type + (*in_text ? 100 : 0);
    *in_text = false;
    if (token->type == OPSWIRE_XML_DOCUMENT_END)
        return sum;
    sum = add(sum, token->name.data, token->name.size);
    for (uint32_t i = 0; token->type == OPSWIRE_XML_START && i < token->tag->attribute_count; i++) {
        const struct opswire_xml_attribute *const attribute = &token->tag->attributes[i];

        sum = add(sum, attribute->name.data, attribute->name.size);
        sum = add(sum, attribute->value.data, attribute->value.size);
    }
    return sum;
}

static enum opswire_status scan(struct opswire_xml_scanner *scanner, next_token *next,
                                uint64_t *sum)
{
    struct opswire_view rest = octets;
    struct opswire_xml_token token;
    enum opswire_status status;
    uint8_t *copy = NULL;
    bool in_text = false;

    *sum = 0;
    do {
        status = next(scanner, &token);
        if (status == OPSWIRE_DONE) {
            *sum = add_token(*sum, &token, &in_text);
        } else if (status == OPSWIRE_MORE && rest.size > 0) {
            HOLD(opswire_xml_feed(scanner, next_piece(&rest, &copy)) == OPSWIRE_DONE);
        } else if (status == OPSWIRE_MORE) {
            opswire_xml_end(scanner);
        }
    } while (status == OPSWIRE_MORE
             || (status == OPSWIRE_DONE && token.type != OPSWIRE_XML_DOCUMENT_END));
    __real_free(copy);
    return status;
}

static bool try_scanner(next_token *next, unsigned long many, uint64_t expected)
{
    struct opswire_xml_scanner *scanner;
    enum opswire_status status = OPSWIRE_NO_MEMORY;
    uint64_t sum = 0;
    bool failed;

    fail_allocations(number, many);
    scanner = opswire_xml_scanner_new(NULL);
    if (scanner != NULL)
        status = scan(scanner, next, &sum);
    failed = allocations_failed();
    fail_allocations(0, 0);
    /* Room for what is kept only to be faster may be lacking without a word. */
    HOLD(status == OPSWIRE_DONE ? sum == expected : failed && status == OPSWIRE_NO_MEMORY);
    if (scanner != NULL) {
        opswire_xml_reset(scanner);
        HOLD(scan(scanner, next, &sum) == OPSWIRE_DONE && sum == expected);
        opswire_xml_forget(scanner);
    }
    opswire_xml_scanner_free(scanner);
    HOLD(live_allocations() == 0);
    return failed;
}

/* ---- the reader ---- */

enum { MOST_BLOCKS = 4096 };

static struct opswire_cim_block *blocks[MOST_BLOCKS];
static size_t block_count;
static bool sizes_only;

static uint64_t add_event(uint64_t sum, const struct opswire_cim_event *event)
{
    sum = sum * 131 + (unsigned) event->type * 64 + (unsigned) event->element;
    if (event->type == OPSWIRE_CIM_ENTER) {
        sum = add(sum, event->first.data, event->first.size);
        sum = add(sum, event->second.data, event->second.size);
    }
    if (event->type == OPSWIRE_CIM_OBJECT && sizes_only)
        sum = sum * 131 + event->block->size;
    else if (event->type == OPSWIRE_CIM_OBJECT) /* not who has it, and how often */
        sum = add(sum, (const uint8_t *) event->block + 16, event->block->size - 16);
    return sum;
}

/* Blocks are kept when keep is set, else some are taken and some are left to the reader. */
static enum opswire_status read_message(struct opswire_cim_reader *reader, bool keep, uint64_t *sum)
{
    struct opswire_view rest = octets;
    struct opswire_cim_event event;
    enum opswire_status status;
    uint8_t *copy = NULL;

    *sum = 0;
    do {
        status = opswire_cim_next(reader, &event);
        if (status == OPSWIRE_DONE) {
            *sum = add_event(*sum, &event);
            if (event.type == OPSWIRE_CIM_OBJECT && keep && block_count < MOST_BLOCKS)
                blocks[block_count++] = opswire_cim_take(reader);
            else if (event.type == OPSWIRE_CIM_OBJECT && event.block->size % 2 == 0)
                opswire_cim_block_free(opswire_cim_take(reader));
        } else if (status == OPSWIRE_MORE && rest.size > 0) {
            HOLD(opswire_cim_feed(reader, next_piece(&rest, &copy)) == OPSWIRE_DONE);
        } else if (status == OPSWIRE_MORE) {
            opswire_cim_feed_end(reader);
        }
    } while (status == OPSWIRE_MORE || (status == OPSWIRE_DONE && event.type != OPSWIRE_CIM_END));
    __real_free(copy);
    return status;
}

/* warm: the reader has read the message before. */
static bool try_reader(bool warm, unsigned long many, uint64_t expected)
{
    struct opswire_cim_reader *reader = NULL;
    enum opswire_status status = OPSWIRE_NO_MEMORY;
    struct opswire_cim_fault fault;
    uint64_t sum = 0;
    bool failed;

    if (warm) {
        reader = opswire_cim_reader_new(NULL);
        HOLD(reader != NULL && read_message(reader, false, &sum) == OPSWIRE_DONE);
        opswire_cim_reader_reset(reader);
    }
    fail_allocations(number, many);
    if (!warm)
        reader = opswire_cim_reader_new(NULL);
    if (reader != NULL)
        status = read_message(reader, false, &sum);
    failed = allocations_failed();
    fail_allocations(0, 0);
    HOLD(status == OPSWIRE_DONE ? sum == expected : failed && status == OPSWIRE_NO_MEMORY);
    if (reader != NULL) {
        opswire_cim_reader_fault(reader, &fault);
        HOLD(fault.status == status && fault.path_size < sizeof(fault.path));
        if (status != OPSWIRE_DONE) /* final */
            HOLD(opswire_cim_feed(reader, octets) == status);
        for (int i = 0; i < 2; i++) {
            opswire_cim_reader_reset(reader);
            HOLD(read_message(reader, false, &sum) == OPSWIRE_DONE && sum == expected);
        }
    }
    opswire_cim_reader_free(reader);
    HOLD(live_allocations() == 0);
    return failed;
}

/* ---- the writer ---- */

static enum opswire_status write_all(struct opswire_cim_writer *writer)
{
    const struct opswire_view text = {(const uint8_t *) "a < b", 5};
    size_t mark;

    opswire_cim_write_declaration(writer);
    opswire_cim_write_start(writer, OPSWIRE_CIM_E_IRETURNVALUE);
    for (size_t i = 0; i < block_count; i++)
        opswire_cim_write_block(writer, blocks[i]);
    opswire_cim_write_start(writer, OPSWIRE_CIM_E_VALUE);
    mark = opswire_cim_write_embedded_begin(writer);
    for (size_t i = 0; i < block_count; i++)
        opswire_cim_write_block(writer, blocks[i]);
    opswire_cim_write_embedded_end(writer, mark);
    opswire_cim_write_end(writer);
    opswire_cim_write_property(writer, text, OPSWIRE_CIM_STRING, text);
    return opswire_cim_write_end(writer);
}

static bool try_writer(unsigned long many, uint64_t expected)
{
    struct opswire_cim_writer writer = {.status = OPSWIRE_DONE};
    enum opswire_status status;
    bool failed;

    fail_allocations(number, many);
    status = write_all(&writer);
    failed = allocations_failed();
    fail_allocations(0, 0);
    HOLD(status == (failed ? OPSWIRE_NO_MEMORY : OPSWIRE_DONE) && writer.status == status);
    HOLD(failed || add(0, writer.out.data, writer.out.size) == expected);
    opswire_buffer_free(&writer.out);
    return failed;
}

static uint64_t keep_and_write(void)
{
    struct opswire_cim_reader *const reader = opswire_cim_reader_new(NULL);
    struct opswire_cim_writer writer = {.status = OPSWIRE_DONE};
    uint64_t sum;

    HOLD(reader != NULL && read_message(reader, true, &sum) == OPSWIRE_DONE && block_count > 0);
    opswire_cim_reader_free(reader);
    for (size_t i = 0; i < block_count; i++) /* shared, and given back by one */
        opswire_cim_block_free(opswire_cim_block_share(blocks[i]));
    HOLD(write_all(&writer) == OPSWIRE_DONE);
    sum = add(0, writer.out.data, writer.out.size);
    opswire_buffer_free(&writer.out);
    return sum;
}

/* ---- all ---- */

static bool try_all(const char *what, unsigned long many, uint64_t expected)
{
    if (strcmp(what, "scan") == 0)
        return try_scanner(opswire_xml_next, many, expected);
    if (strcmp(what, "markup") == 0)
        return try_scanner(opswire_xml_next_markup, many, expected);
    if (strcmp(what, "write") == 0)
        return try_writer(many, expected);
    return try_reader(strcmp(what, "read again") == 0, many, expected);
}

static uint64_t expectation(const char *what)
{
    uint64_t sum = 0;

    if (strcmp(what, "write") == 0)
        return keep_and_write();
    if (strncmp(what, "read", 4) == 0) {
        struct opswire_cim_reader *const reader = opswire_cim_reader_new(NULL);

        HOLD(reader != NULL && read_message(reader, false, &sum) == OPSWIRE_DONE);
        opswire_cim_reader_free(reader);
    } else {
        struct opswire_xml_scanner *const scanner = opswire_xml_scanner_new(NULL);

        HOLD(scanner != NULL);
        HOLD(scan(scanner, what[0] == 's' ? opswire_xml_next : opswire_xml_next_markup, &sum)
             == OPSWIRE_DONE);
        opswire_xml_scanner_free(scanner);
    }
    HOLD(live_allocations() == 0);
    return sum;
}

int main(int argc, char **argv)
{
    unsigned long stride;
    unsigned long failures = 0;
    uint64_t expected;

    if (argc != 4)
        return 2;
    octets.size = fread(message, 1, MOST, stdin);
    piece = strtoul(argv[2], NULL, 10);
    stride = strtoul(argv[3], NULL, 10);
    sizes_only = strcmp(argv[1], "read shapes") == 0;
    expected = expectation(argv[1]);
    for (int once = 0; once < 2; once++) {
        bool failed = true;

        for (number = 1; failed; number += stride) {
            failed = try_all(argv[1], once ? 1 : (unsigned long) -1, expected);
            failures += failed;
        }
    }
    for (size_t i = 0; i < block_count; i++)
        opswire_cim_block_free(blocks[i]);
    HOLD(live_allocations() == 0);
    printf("%lu\n", failures);
    return 0;
}
