"""The experts' tier: wire formats and GSS-API in C; octets, ints and tuples in and out.

``gss``     Kerberos names, credentials and security contexts.
``remctl``  the remctl protocol machine; ``remctl.driver`` moves its octets over a socket, and
        ``remctl.shortcuts`` has the hot calls of ``opswire.remctl.Remctl``.
``cimxml``  CIM-XML: messages to CIM objects, and requests and answers to octets.
``folder_files``  files in folders that others may write to, opened, read and replaced.
``performance_data``  Nagios performance data, parsed and formatted.
``foundation``, ``xml``  what the others call of each other, in C and Cython; nothing for Python.
``ffi``     the C functions of ``include/opswire`` themselves, through cffi.

Documented, tested, and allowed to change in any minor release.
"""
