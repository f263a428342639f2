# What compiled classes and functions say of themselves: the module from which users import them, and
# how they are called.  Cython would say where they are compiled, and nothing.

cdef extern from *:
    """
    #include <string.h>

    /* The type keeps a copy of the text for ever, as it is kept itself. */
    static const char *opswire_kept(PyObject *text)
    {
        const char *utf8 = PyUnicode_AsUTF8(text);
        char *copy;

        if (utf8 == NULL)
            return NULL;
        copy = (char *) PyMem_RawMalloc(strlen(utf8) + 1);
        if (copy == NULL)
            return (const char *) PyErr_NoMemory();
        return strcpy(copy, utf8);
    }

    static int opswire_publish_type(PyObject *kind, PyObject *name, PyObject *doc)
    {
        PyTypeObject *const type = (PyTypeObject *) kind;
        const char *const kept_name = opswire_kept(name);
        const char *const kept_doc = kept_name == NULL ? NULL : opswire_kept(doc);

        if (kept_doc == NULL)
            return -1;
        type->tp_name = kept_name;
        type->tp_doc = kept_doc;
        PyType_Modified(type);
        return 0;
    }
    """
    int opswire_publish_type(object kind, str name, str doc) except -1


cdef inline int publish(object kind, str module, str signature) except -1:
    """A class: its signature is that of the constructor, without a type."""
    cdef str doc = kind.__doc__ or ""
    doc = "\n".join([line.removeprefix("    ") for line in doc.split("\n")]).rstrip()
    opswire_publish_type(
        kind, f"{module}.{kind.__name__}", f"{kind.__name__}{signature}\n--\n\n{doc}"
    )
    return 0
