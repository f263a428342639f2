/* Documents through the scanner, and what it says of each; for processors that run no Python here.
 *
 * Each document on stdin: a line with "next" or "markup" (which function is called), the octets
 * that are fed at a time, and those of the document; then these.  On stdout a line for each token
 * and a last one with error, line, column, offset and the mark in the excerpt; octets are
 * hexadecimal, and each word begins with a space.  With any argument the tokens are only counted,
 * which shows what scanning takes. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "opswire/xml_scanner.h"

static void show(struct opswire_view octets)
{
    putchar(' ');
    for (size_t i = 0; i < octets.size; i++)
        printf("%02x", octets.data[i]);
}

static void show_token(const struct opswire_xml_token *token)
{
    static const char *const WORDS[] = {
        [OPSWIRE_XML_START] = "start", [OPSWIRE_XML_TEXT] = "text", [OPSWIRE_XML_END] = "end"};

    fputs(WORDS[token->type], stdout);
    show(token->type == OPSWIRE_XML_TEXT ? token->text : token->name);
    if (token->type == OPSWIRE_XML_START) {
        for (uint32_t i = 0; i < token->tag->attribute_count; i++) {
            show(token->tag->attributes[i].name);
            show(token->tag->attributes[i].value);
        }
    }
    putchar('\n');
}

static void show_end(struct opswire_xml_scanner *scanner)
{
    const struct opswire_xml_position position = opswire_xml_where(scanner);
    uint8_t excerpt[OPSWIRE_XML_EXCERPT_SIZE];
    size_t mark;
    const struct opswire_view shown = {excerpt, opswire_xml_excerpt(scanner, excerpt, &mark)};

    printf("done %d %" PRIu64 " %" PRIu64 " %" PRIu64 " %zu", opswire_xml_error_code(scanner),
           position.line, position.column, position.offset, mark);
    show(shown);
    putchar('\n');
}

/* How many tokens there are; -1: the scanner cannot be used. */
static long scan(struct opswire_xml_scanner *scanner, bool markup, struct opswire_view rest,
                 size_t piece, bool shown)
{
    struct opswire_xml_token token;
    enum opswire_status status;
    long tokens = 0;

    opswire_xml_reset(scanner);
    for (;;) {
        status =
            markup ? opswire_xml_next_markup(scanner, &token) : opswire_xml_next(scanner, &token);
        if (status == OPSWIRE_MORE && rest.size == 0) {
            opswire_xml_end(scanner);
        } else if (status == OPSWIRE_MORE) {
            struct opswire_view next;

            if (!opswire_view_take(&rest, rest.size < piece ? rest.size : piece, &next)
                || opswire_xml_feed(scanner, next) != OPSWIRE_DONE)
                return -1;
        } else if (status != OPSWIRE_DONE || token.type == OPSWIRE_XML_DOCUMENT_END) {
            break;
        } else {
            tokens++;
            if (shown)
                show_token(&token);
        }
    }
    if (shown)
        show_end(scanner);
    return tokens;
}

int main(int argc, char **argv)
{
    struct opswire_xml_scanner *const scanner = opswire_xml_scanner_new(NULL);
    char function[8];
    size_t piece;
    size_t size;

    (void) argv;
    if (scanner == NULL)
        return 1;
    while (scanf("%7s %zu %zu", function, &piece, &size) == 3 && getchar() == '\n') {
        uint8_t *const document = malloc(size + 1);
        const struct opswire_view octets = {document, size};
        long tokens;

        if (document == NULL || fread(document, 1, size, stdin) != size)
            return 1;
        tokens = scan(scanner, strcmp(function, "markup") == 0, octets, piece, argc == 1);
        free(document);
        if (tokens < 0)
            return 1;
        if (argc > 1)
            printf("%ld\n", tokens);
    }
    opswire_xml_scanner_free(scanner);
    return 0;
}
