"""What other languages must be told of include/opswire, made from the headers at build time.

Cython, cffi, the type checkers and the extensions that borrow C from each other all need the
declarations of the headers in a form of their own. setup.py calls generate(), which reads the
headers once and writes each form into build/declarations; nothing of it is kept in git.
"""

from declarations.files import LENT_TO_CFFI, OUT, generate
from declarations.libraries import LIBRARIES, Library

__all__ = ["LENT_TO_CFFI", "LIBRARIES", "OUT", "Library", "generate"]
