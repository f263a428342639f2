# What tocimxml() takes from the text of an element, and gives back.

def dom_text(str text not None, dict in_text not None, dict in_values not None):
    """What the writer has written, as xml.dom.minidom writes it after reading.

    Args:
        text: an element.
        in_text: how characters and references are spelled in text; what is not in it stays.
        in_values: the same in values of attributes.
    """
    cdef list pieces = []
    cdef Py_ssize_t i = 0, size = len(text)
    cdef Py_ssize_t start = 0  # of what is not in the pieces yet
    cdef Py_ssize_t end
    cdef bint in_tag = False, in_value = False
    cdef Py_UCS4 character
    cdef str spelling
    while i < size:
        character = text[i]
        end = i + 1
        if character > c">":
            pass
        elif character == c"<":
            in_tag = True
        elif character == c">" and not in_value:
            in_tag = False
        elif character == c'"' and in_tag:
            in_value = not in_value
        elif character in '&>"\t\n\r':
            if character == c"&":
                end = text.index(";", i) + 1
            spelling = text[i:end]
            instead = (in_values if in_value else in_text).get(spelling, spelling)
            if instead != spelling:
                pieces.append(text[start:i])
                pieces.append(instead)
                start = end
        i = end
    if not pieces:
        return text
    pieces.append(text[start:])
    return "".join(pieces)


def with_marks(str text not None):
    """What the writer has written, with a comment wherever an element holds an empty text."""
    cdef list pieces = []
    cdef Py_ssize_t start = 0, tag
    cdef Py_ssize_t end = text.find("></")
    while end >= 0:
        # ">" is no tag's end in values of attributes only, and these cannot hold the "<" behind it.
        tag = text.rfind("<", 0, end)
        if tag >= 0 and text[tag + 1] != c"/" and text[end - 1] != c"/":
            pieces.append(text[start : end + 1])
            pieces.append("<!---->")
            start = end + 1
        end = text.find("></", end + 1)
    pieces.append(text[start:])
    return "".join(pieces)
