/* A Python that has the sanitizers' run time from its first instruction.
 *
 * LD_PRELOAD would do the same for one process, but every shell, KDC and remctld that the tests
 * start would inherit it and break. */
#include <Python.h>

int main(int argc, char **argv)
{
    return Py_BytesMain(argc, argv);
}
