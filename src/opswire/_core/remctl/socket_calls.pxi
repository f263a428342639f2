# The system's calls for sockets; addresses and moments as it takes them, and its errors.

cdef extern from *:
    """
    #include <arpa/inet.h>
    #include <poll.h>
    #include <netinet/in.h>
    #include <netinet/tcp.h>
    #include <sys/ioctl.h>
    #include <sys/socket.h>
    """
    struct pollfd:
        int fd
        short events
        short revents
    int POLLIN, POLLOUT
    int SHUT_RDWR, MSG_NOSIGNAL, MSG_DONTWAIT, SOL_SOCKET, SO_RCVTIMEO, IPPROTO_TCP, TCP_NODELAY
    int TCP_QUICKACK
    unsigned long TIOCOUTQ
    int ioctl(int, unsigned long, int *) nogil
    int poll(pollfd *, unsigned long, int) nogil
    ssize_t recv(int, void *, size_t, int) nogil
    ssize_t send(int, const void *, size_t, int) nogil
    int shutdown(int, int) nogil
    int setsockopt(int, int, int, const void *, unsigned int) nogil
    int getsockopt(int, int, int, void *, unsigned int *) nogil
    int AF_INET, AF_INET6, SOCK_STREAM, SOCK_CLOEXEC, SO_SNDTIMEO, SO_ERROR
    struct in_addr:
        pass
    struct in6_addr:
        pass
    struct sockaddr_in:
        unsigned short sin_family
        uint16_t sin_port
        in_addr sin_addr
    struct sockaddr_in6:
        unsigned short sin6_family
        uint16_t sin6_port
        uint32_t sin6_flowinfo
        in6_addr sin6_addr
        uint32_t sin6_scope_id
    uint16_t htons(uint16_t) nogil
    uint32_t htonl(uint32_t) nogil
    int inet_pton(int, const char *, void *) nogil
    int socket(int, int, int) nogil
    int bind(int, const sockaddr *, unsigned int) nogil
    int connect_socket "connect"(int, const sockaddr *, unsigned int) nogil


cdef union Address:
    sockaddr any
    sockaddr_in v4
    sockaddr_in6 v6


cdef unsigned int fill_address(Address *filled, int family, tuple address) except 0:
    """Turn (literal, port) or (literal, port, flow, scope) into what the system takes."""
    cdef bytes literal = (<str?> address[0]).partition("%")[0].encode()
    cdef int understood
    memset(filled, 0, sizeof(Address))
    if family == AF_INET:
        filled.v4.sin_family = AF_INET
        filled.v4.sin_port = htons(address[1])
        understood = inet_pton(AF_INET, literal, &filled.v4.sin_addr)
    else:
        filled.v6.sin6_family = AF_INET6
        filled.v6.sin6_port = htons(address[1])
        understood = inet_pton(AF_INET6, literal, &filled.v6.sin6_addr)
        if len(address) == 4:
            filled.v6.sin6_flowinfo = htonl(address[2])
            filled.v6.sin6_scope_id = address[3]
    if understood != 1:
        raise ValueError(f"not an address of its family: {address[0]!r}")
    return sizeof(sockaddr_in) if family == AF_INET else sizeof(sockaddr_in6)


cdef object os_error(int problem):
    """The OSError, or its subclass, of an errno."""
    return OSError(problem, os_strerror(problem))


cdef double monotonic() noexcept nogil:
    """The clock of time.monotonic(), in seconds."""
    cdef timespec now
    clock_gettime(CLOCK_MONOTONIC, &now)
    return <double> now.tv_sec + <double> now.tv_nsec * 1e-9
