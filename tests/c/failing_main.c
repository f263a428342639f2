/* argv: the format, and the files of its documents; the first is also what is read after others. */
#include <string.h>

#include "failing_allocations.h"

#define MOST (1u << 20)

static struct opswire_view file(const char *path)
{
    FILE *const opened = fopen(path, "rb");
    static uint8_t octets[2][MOST];
    static int which;
    struct opswire_view result = {octets[which ^= 1], 0};

    HOLD(opened != NULL);
    result.size = fread(octets[which], 1, MOST, opened);
    HOLD(result.size < MOST);
    fclose(opened);
    return result;
}

int main(int argc, char **argv)
{
    const char *subject;

    HOLD(argc > 2);
    if (strcmp(argv[1], "all") == 0)
        memory_choose_all();
    subject = argv[2];
    for (int i = 3; i < argc; i++) {
        const struct opswire_view document = file(argv[i]);

        fprintf(stderr, "%s\n", argv[i]);
        if (strcmp(subject, "xml_scanner") == 0)
            failing_xml_scanner(document);
        else if (strcmp(subject, "cim_reader") == 0)
            failing_cim_reader(document, file(argv[3]));
        else
            failing_cim_writer(document);
    }
    if (strcmp(subject, "remctl") == 0) {
        failing_remctl();
        failing_remctl_messages();
    }
    memory_print_places();
    return 0;
}
