/* A disk that fails where it is told to: libc's calls on chosen files, wrapped.

   Loaded by LD_PRELOAD into one process of a run: the one whose second word of the
   command line is FAULT_WHO. A call on a file whose path holds one of the parts of
   FAULT_PATH (separated by '|') counts; the FAULT_NTH one of FAULT_CALL fails with the
   error number FAULT_ERRNO, and all after it where FAULT_EVER is set. A number of 0
   writes half of the bytes and says so. Every call that counts is noted in FAULT_LOG,
   one a line, a failed one with a '!'. With FAULT_AFTER nothing counts before there is
   a file of that name. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int active, number, nth, ever, seen;
static const char *wanted, *parts, *record, *after;

__attribute__((constructor)) static void begin(void) {
    const char *who = getenv("FAULT_WHO");
    char line[4096];
    int fd = syscall(SYS_openat, AT_FDCWD, "/proc/self/cmdline", O_RDONLY);
    long size = syscall(SYS_read, fd, line, sizeof line - 1);
    syscall(SYS_close, fd);
    if (!who || size <= 0) return;
    line[size] = 0;
    char *second = line + strlen(line) + 1;
    if (second >= line + size || strcmp(second, who)) return;
    wanted = getenv("FAULT_CALL");
    parts = getenv("FAULT_PATH");
    record = getenv("FAULT_LOG");
    after = getenv("FAULT_AFTER");
    number = atoi(getenv("FAULT_ERRNO"));
    nth = atoi(getenv("FAULT_NTH"));
    ever = getenv("FAULT_EVER") != NULL;
    active = 1;
}

static int speaks_of(const char *path) {
    char copy[512], rooted[4097], *rest = copy, *part;
    if (*path != '/') path = (snprintf(rooted, sizeof rooted, "/%s", path), rooted);
    strncpy(copy, parts, sizeof copy - 1);
    copy[sizeof copy - 1] = 0;
    while ((part = strsep(&rest, "|")))
        if (*part && strstr(path, part)) return 1;
    return 0;
}

static void note(const char *call, const char *path, int failed) {
    char line[5000];
    int size = snprintf(line, sizeof line, "%s%s %s\n", failed ? "!" : "", call, path);
    int fd = syscall(SYS_openat, AT_FDCWD, record, O_WRONLY | O_CREAT | O_APPEND, 0600);
    syscall(SYS_write, fd, line, size);
    syscall(SYS_close, fd);
}

static int strikes(const char *call, const char *path) {
    int kept = errno, failed;
    if (!active || !path || !speaks_of(path)) return 0;
    if (after && syscall(SYS_faccessat, AT_FDCWD, after, F_OK)) {
        errno = kept;
        return 0;
    }
    failed = !strcmp(call, wanted) && (++seen == nth || (ever && seen > nth));
    note(call, path, failed);
    errno = kept;
    return failed;
}

static const char *path_of(int fd, char *path) {
    char link[64];
    if (!active) return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    long size = syscall(SYS_readlink, link, path, 4095);
    if (size < 0) return NULL;
    path[size] = 0;
    return path;
}

#define REAL(type, name, ...)                                                     \
    static type (*real)(__VA_ARGS__);                                             \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)
#define FAIL                                                                      \
    do {                                                                          \
        errno = number;                                                           \
        return -1;                                                                \
    } while (0)

ssize_t write(int fd, const void *data, size_t size) {
    char path[4096];
    REAL(ssize_t, "write", int, const void *, size_t);
    if (strikes("write", path_of(fd, path))) {
        if (number) FAIL;
        size = size > 1 ? size / 2 : size;
    }
    return real(fd, data, size);
}

#define PWRITE(name)                                                              \
    ssize_t name(int fd, const void *data, size_t size, off64_t at) {             \
        char path[4096];                                                          \
        REAL(ssize_t, #name, int, const void *, size_t, off64_t);                 \
        if (strikes("pwrite", path_of(fd, path))) {                               \
            if (number) FAIL;                                                     \
            size = size > 1 ? size / 2 : size;                                    \
        }                                                                         \
        return real(fd, data, size, at);                                          \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

#define ON_DESCRIPTOR(name, call)                                                 \
    int name(int fd) {                                                            \
        char path[4096];                                                          \
        REAL(int, #name, int);                                                    \
        if (strikes(call, path_of(fd, path))) FAIL;                               \
        return real(fd);                                                          \
    }
ON_DESCRIPTOR(fsync, "fsync")
ON_DESCRIPTOR(fdatasync, "fdatasync")

#define FTRUNCATE(name)                                                           \
    int name(int fd, off64_t size) {                                              \
        char path[4096];                                                          \
        REAL(int, #name, int, off64_t);                                           \
        if (strikes("ftruncate", path_of(fd, path))) FAIL;                        \
        return real(fd, size);                                                    \
    }
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)

/* close(2): the descriptor is gone, whatever it says */
int close(int fd) {
    char path[4096];
    REAL(int, "close", int);
    int failed = strikes("close", path_of(fd, path)), result = real(fd);
    if (failed) FAIL;
    return result;
}

#define OPEN(name)                                                                \
    int name(const char *path, int flags, ...) {                                  \
        va_list more;                                                             \
        va_start(more, flags);                                                    \
        int mode = va_arg(more, int);                                             \
        va_end(more);                                                             \
        REAL(int, #name, const char *, int, ...);                                 \
        if (flags & (O_WRONLY | O_RDWR | O_CREAT) && strikes("open", path)) FAIL; \
        return real(path, flags, mode);                                           \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                              \
    int name(int folder, const char *path, int flags, ...) {                      \
        va_list more;                                                             \
        va_start(more, flags);                                                    \
        int mode = va_arg(more, int);                                             \
        va_end(more);                                                             \
        REAL(int, #name, int, const char *, int, ...);                            \
        if (flags & (O_WRONLY | O_RDWR | O_CREAT) && strikes("open", path)) FAIL; \
        return real(folder, path, flags, mode);                                   \
    }
OPENAT(openat)
OPENAT(openat64)

#define TWO_PATHS(name)                                                           \
    int name(const char *from, const char *to) {                                  \
        REAL(int, #name, const char *, const char *);                             \
        if (strikes(#name, to)) FAIL;                                             \
        return real(from, to);                                                    \
    }
TWO_PATHS(rename)
TWO_PATHS(link)

int renameat(int a, const char *from, int b, const char *to) {
    REAL(int, "renameat", int, const char *, int, const char *);
    if (strikes("rename", to)) FAIL;
    return real(a, from, b, to);
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
    REAL(int, "renameat2", int, const char *, int, const char *, unsigned);
    if (strikes("rename", to)) FAIL;
    return real(a, from, b, to, flags);
}

int linkat(int a, const char *from, int b, const char *to, int flags) {
    REAL(int, "linkat", int, const char *, int, const char *, int);
    if (strikes("link", to)) FAIL;
    return real(a, from, b, to, flags);
}

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    if (strikes("unlink", path)) FAIL;
    return real(path);
}

int unlinkat(int folder, const char *path, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    if (strikes("unlink", path)) FAIL;
    return real(folder, path, flags);
}
