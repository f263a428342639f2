# The same elements, each on a line of its own.

cdef object TOKENS = re.compile(r"<[^>]*>|[^<]+")


cdef str indented(str text, str step):
    """Each element on a line of its own; those that only hold text stay together."""
    cdef list tokens = TOKENS.findall(text)
    cdef list lines = []
    cdef Py_ssize_t depth = 0, i = 0, size = len(tokens)
    cdef str token
    while i < size:
        token = tokens[i]
        if token.startswith("</"):
            depth -= 1
            lines.append(step * depth + token)
        elif token.endswith("/>"):
            lines.append(step * depth + token)
        elif i + 2 < size and not (<str>tokens[i + 1]).startswith("<"):
            lines.append(step * depth + token + tokens[i + 1] + tokens[i + 2])
            i += 2
        elif i + 1 < size and (<str>tokens[i + 1]).startswith("</"):
            lines.append(step * depth + token + tokens[i + 1])
            i += 1
        else:
            lines.append(step * depth + token)
            depth += 1
        i += 1
    return "\n".join(lines) + "\n"


cdef str in_lines(str text, object indent):
    if indent is None:
        return text
    return indented(text, indent if isinstance(indent, str) else " " * indent)
