/* Lays a buffer of the scanner right behind the octets that it reads, as an allocator may: where
 * one ends is then where the other begins.  argv[1]: which case.  Prints what the scanner says.
 *
 * The linker sends realloc() and free() here.  The scanner asks realloc() for its buffers only, and
 * the first of them is the one that is wanted there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "opswire/xml_scanner.h"

enum { INPUT = 4096, BUFFER = 4096 };

void *__real_realloc(void *pointer, size_t size);
void __real_free(void *pointer);
void *__wrap_realloc(void *pointer, size_t size);
void __wrap_free(void *pointer);

static uint8_t memory[INPUT + BUFFER];
static bool taken;

void *__wrap_realloc(void *pointer, size_t size)
{
    if (pointer == memory + INPUT)
        abort(); /* no case needs more than the first room */
    if (pointer != NULL || taken)
        return __real_realloc(pointer, size);
    taken = true;
    return memory + INPUT;
}

void __wrap_free(void *pointer)
{
    if (pointer != memory + INPUT)
        __real_free(pointer);
}

/* At the end of the input's memory. */
static void feed(struct opswire_xml_scanner *scanner, const char *octets)
{
    const size_t size = strlen(octets);
    uint8_t *const at = memory + INPUT - size;

    memcpy(at, octets, size);
    if (opswire_xml_feed(scanner, (struct opswire_view){at, size}) != OPSWIRE_DONE)
        abort();
}

/* Tokens until there are no more, with the attributes of start tags. */
static enum opswire_status read(struct opswire_xml_scanner *scanner)
{
    struct opswire_xml_token token;
    enum opswire_status status;

    while ((status = opswire_xml_next(scanner, &token)) == OPSWIRE_DONE
           && token.type != OPSWIRE_XML_DOCUMENT_END) {
        if (token.type != OPSWIRE_XML_START)
            continue;
        for (uint32_t i = 0; i < token.tag->attribute_count; i++) {
            const struct opswire_xml_attribute *const attribute = &token.tag->attributes[i];

            printf("%.*s=%.*s\n", (int) attribute->name.size, (const char *) attribute->name.data,
                   (int) attribute->value.size, (const char *) attribute->value.data);
        }
    }
    return status;
}

/* A value with a reference, unescaped behind the tag that it comes from. */
static void attributes(struct opswire_xml_scanner *scanner)
{
    feed(scanner, "<a one=\"&lt;1\" two=\"2\" three=\"&#51;\">");
    read(scanner);
}

/* A fault at the end of what is at hand, where the tokens that were cut are kept. */
static void end_of_input(struct opswire_xml_scanner *scanner)
{
    struct opswire_xml_position where;
    enum opswire_status status;

    feed(scanner, "<");
    read(scanner);
    feed(scanner, "a>");
    read(scanner);
    feed(scanner, "<b/>text");
    opswire_xml_end(scanner);
    status = read(scanner);
    where = opswire_xml_where(scanner);
    printf("%d %d %llu\n", status == OPSWIRE_XML_MALFORMED,
           opswire_xml_error_code(scanner) == OPSWIRE_XML_UNCLOSED,
           (unsigned long long) where.offset);
}

int main(int argc, char **argv)
{
    struct opswire_xml_scanner *const scanner = opswire_xml_scanner_new(NULL);

    if (argc != 2 || scanner == NULL)
        return 1;
    if (strcmp(argv[1], "attributes") == 0)
        attributes(scanner);
    else
        end_of_input(scanner);
    opswire_xml_scanner_free(scanner);
    return taken ? 0 : 1; /* or nothing was proven */
}
