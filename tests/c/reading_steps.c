/* What it takes to read a CIM-XML message, or to scan it token by token.
 *
 * argv: "read" or "markup" (opswire_xml_next_markup() alone, text character by character); how many
 * octets are fed at a time; how often the message is read by the same reader; the most octets of an
 * object, 0: the default.  The message comes on stdin.  On stdout: steps of the last reading, the
 * most memory at any time, memory after the last reset, what the reader says that this is, and the
 * status of the last reading. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counting.h"
#include "opswire/cimxml.h"

#define MOST (64u << 20)

static struct opswire_view next_piece(struct opswire_view *rest, size_t piece)
{
    struct opswire_view next;

    if (!opswire_view_take(rest, rest->size < piece ? rest->size : piece, &next))
        abort();
    return next;
}

static int read_message(struct opswire_cim_reader *reader, struct opswire_view rest, size_t piece)
{
    struct opswire_cim_event event;
    enum opswire_status status;

    do {
        status = opswire_cim_next(reader, &event);
        if (status == OPSWIRE_MORE) {
            const struct opswire_view next = next_piece(&rest, piece);

            if (next.size == 0)
                opswire_cim_feed_end(reader);
            else if (opswire_cim_feed(reader, next) != OPSWIRE_DONE)
                abort();
        }
    } while (status == OPSWIRE_MORE || (status == OPSWIRE_DONE && event.type != OPSWIRE_CIM_END));
    return status;
}

static int scan_markup(struct opswire_xml_scanner *scanner, struct opswire_view rest, size_t piece)
{
    struct opswire_xml_token token;
    enum opswire_status status;

    do {
        status = opswire_xml_next_markup(scanner, &token);
        if (status == OPSWIRE_MORE) {
            const struct opswire_view next = next_piece(&rest, piece);

            if (next.size == 0)
                opswire_xml_end(scanner);
            else if (opswire_xml_feed(scanner, next) != OPSWIRE_DONE)
                abort();
        }
    } while (status == OPSWIRE_MORE
             || (status == OPSWIRE_DONE && token.type != OPSWIRE_XML_DOCUMENT_END));
    return status;
}

int main(int argc, char **argv)
{
    static uint8_t message[MOST];
    struct opswire_cim_settings settings = OPSWIRE_CIM_SETTINGS;
    struct opswire_view octets = {message, 0};
    struct opswire_cim_reader *reader;
    struct opswire_xml_scanner *scanner;
    unsigned long long steps = 0;
    size_t most_held;
    size_t piece;
    int status = 0;

    if (argc != 5)
        return 2;
    octets.size = fread(message, 1, MOST, stdin);
    piece = strtoul(argv[2], NULL, 10);
    if (strtoul(argv[4], NULL, 10) != 0)
        settings.max_object = (uint32_t) strtoul(argv[4], NULL, 10);
    counted_held = counted_most_held = 0;
    reader = opswire_cim_reader_new(&settings);
    scanner = opswire_xml_scanner_new(&settings.xml);
    if (reader == NULL || scanner == NULL)
        return 1;
    for (unsigned long i = strtoul(argv[3], NULL, 10); i > 0; i--) {
        opswire_cim_reader_reset(reader);
        opswire_xml_reset(scanner);
        counted_steps = 0;
        status = strcmp(argv[1], "read") == 0 ? read_message(reader, octets, piece)
                                              : scan_markup(scanner, octets, piece);
        steps = counted_steps;
    }
    opswire_xml_scanner_free(scanner);
    most_held = counted_most_held;
    opswire_cim_reader_reset(reader);
    printf("%llu %zu %zu %zu %d\n", steps, most_held, counted_held,
           opswire_cim_reader_memory(reader), status);
    opswire_cim_reader_free(reader);
    return counted_held == 0 ? 0 : 3;
}
