"""The experts' tier: wire formats and GSS-API in C; octets, ints and tuples in and out.

``gss``     Kerberos names, credentials and security contexts.
``remctl``  the remctl protocol machine and its compiled driver for a descriptor.
``ffi``     the C functions of ``include/opswire`` themselves, through cffi.

Documented, tested, and allowed to change in any minor release.
"""
