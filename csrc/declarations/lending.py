"""How one extension calls the C of another: a header for each library, build/declarations/lending.

A C file is linked into one extension only, its library's home. The home offers a table of its
functions; in every other extension each function name is a macro for its slot in the table.
"""

from pycparser import c_ast

from declarations.headers import Header, functions
from declarations.libraries import Library

TEXT = """\
/* Made from include/opswire by csrc/declarations.  The functions of csrc/{name}, for the extension
 * that they are linked into, OPSWIRE_HOME_OF_{upper}, and for those that borrow them. */
#ifndef OPSWIRE_LENDING_{upper}_H
#define OPSWIRE_LENDING_{upper}_H

{includes}
struct opswire_{name}_lent {{
{slots}}};

#ifdef OPSWIRE_HOME_OF_{upper}
#define OPSWIRE_{upper}_LENT \\
    {{ \\
{values}    }}
#else
/* One for all files of an extension.  OPSWIRE_BORROW_{upper}, once in it, defines it, and
 * opswire_{name}_bind(), to be called when its module is imported: the compiler and the linker
 * tell whoever forgets one of them. */
extern __attribute__((visibility("hidden")))
const struct opswire_{name}_lent *opswire_{name}_bound;

#define OPSWIRE_BORROW_{upper} \\
    const struct opswire_{name}_lent *opswire_{name}_bound; \\
    static void opswire_{name}_bind(uintptr_t lent) \\
    {{ \\
        opswire_{name}_bound = (const struct opswire_{name}_lent *) lent; \\
    }}

{macros}#endif

#endif
"""


def lending(library: Library, headers: list[Header]) -> str:
    """The header of a library."""
    names = [_name(node) for node in functions(headers)]
    bound = f"opswire_{library.name}_bound"
    return TEXT.format(
        name=library.name,
        upper=library.name.upper(),
        includes="".join(f'#include "opswire/{header.name}"\n' for header in headers),
        slots="".join(f"    __typeof__({name}) *{name};\n" for name in names),
        values="".join(f"        .{name} = {name}, \\\n" for name in names),
        macros="".join(f"#define {name}(...) ({bound}->{name}(__VA_ARGS__))\n" for name in names),
    )


def _name(node: c_ast.Decl) -> str:
    return str(node.name)
