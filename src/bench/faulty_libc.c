/* For LD_PRELOAD: a disk that returns EIO and a clock that is set, both switched while the program runs. FAULTY_CONTROL names a
   file of two 64-bit integers: seconds to add to the computer's clock; whether files under FAULTY_DIRECTORY can be written (1: no)
   or also read (2: no). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *control;
static const char *directory;

__attribute__((constructor)) static void start(void) {
    const char *name = getenv("FAULTY_CONTROL");
    int fd = name ? open(name, O_RDONLY) : -1;
    void *mapped = fd < 0 ? MAP_FAILED : mmap(NULL, 2 * sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
    if (fd >= 0) close(fd);
    directory = getenv("FAULTY_DIRECTORY");
    if (mapped != MAP_FAILED && directory) control = mapped;
}

static int fails(int fd, int from) {
    char link[64], path[4096];
    if (!control || control[1] < from) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return strncmp(path, directory, strlen(directory)) == 0 && (errno = EIO);
}

#define FAULTY(type, name, from, parameters, arguments) \
    type name parameters { \
        static type (*next) parameters; \
        if (!next) next = (type (*) parameters) dlsym(RTLD_NEXT, #name); \
        return fails(fd, from) ? -1 : next arguments; \
    }

FAULTY(ssize_t, write, 1, (int fd, const void *b, size_t n), (fd, b, n))
FAULTY(ssize_t, pwrite, 1, (int fd, const void *b, size_t n, off_t o), (fd, b, n, o))
FAULTY(ssize_t, pwrite64, 1, (int fd, const void *b, size_t n, off64_t o), (fd, b, n, o))
FAULTY(int, fsync, 1, (int fd), (fd))
FAULTY(int, fdatasync, 1, (int fd), (fd))
FAULTY(int, ftruncate, 1, (int fd, off_t n), (fd, n))
FAULTY(int, ftruncate64, 1, (int fd, off64_t n), (fd, n))
FAULTY(ssize_t, read, 2, (int fd, void *b, size_t n), (fd, b, n))
FAULTY(ssize_t, pread, 2, (int fd, void *b, size_t n, off_t o), (fd, b, n, o))
FAULTY(ssize_t, pread64, 2, (int fd, void *b, size_t n, off64_t o), (fd, b, n, o))

int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*next)(clockid_t, struct timespec *);
    if (!next) next = (int (*)(clockid_t, struct timespec *)) dlsym(RTLD_NEXT, "clock_gettime");
    int result = next(clock, time);
    if (result == 0 && control && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += control[0];
    return result;
}
