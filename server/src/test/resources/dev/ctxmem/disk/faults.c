/* Preloaded into a process (LD_PRELOAD), it lets chosen calls on chosen files fail. With the error 0 a call is left out
 * and said to have been done: a disk that lies.
 *
 * The environment says which: FAULT_CALL (sync, write, truncate or rename), FAULT_FILE (a pattern as of fnmatch, of the
 * whole path), FAULT_AT (the how-manieth such call, from 1), FAULT_ERROR, FAULT_PERSISTS (1: all later ones, too). Or
 * the process itself says so, by fault_arm. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char chosen_call[16], chosen_file[PATH_MAX];
static int at, error, persists, calls, hits;

void fault_arm(const char *call, const char *file, int first, int number, int lasts) {
    snprintf(chosen_file, sizeof chosen_file, "%s", file);
    at = first;
    error = number;
    persists = lasts;
    calls = hits = 0;
    snprintf(chosen_call, sizeof chosen_call, "%s", call);
}

int fault_calls(void) { return __atomic_load_n(&calls, __ATOMIC_SEQ_CST); }

int fault_hits(void) { return __atomic_load_n(&hits, __ATOMIC_SEQ_CST); }

__attribute__((constructor)) static void read_environment(void) {
    const char *call = getenv("FAULT_CALL"), *file = getenv("FAULT_FILE"), *first = getenv("FAULT_AT");
    const char *number = getenv("FAULT_ERROR"), *lasts = getenv("FAULT_PERSISTS");
    if (call && file && first && number)
        fault_arm(call, file, atoi(first), atoi(number), lasts && atoi(lasts));
}

static int fails(const char *call, int descriptor, const char *path) {
    char link[64], target[PATH_MAX];
    if (strcmp(call, chosen_call) != 0) return 0;
    if (path == NULL) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
        ssize_t length = readlink(link, target, sizeof target - 1);
        if (length < 0) return 0;
        target[length] = 0;
        path = target;
    }
    if (fnmatch(chosen_file, path, 0) != 0) return 0;
    int number = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    if (persists ? number < at : number != at) return 0;
    __atomic_add_fetch(&hits, 1, __ATOMIC_SEQ_CST);
    return 1;
}

/* What a failing call returns; done is what it would return otherwise. */
static ssize_t outcome(ssize_t done) {
    if (error == 0) return done;
    errno = error;
    return -1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fsync(int d) { return fails("sync", d, NULL) ? outcome(0) : REAL(fsync)(d); }
int fdatasync(int d) { return fails("sync", d, NULL) ? outcome(0) : REAL(fdatasync)(d); }
ssize_t write(int d, const void *b, size_t n) { return fails("write", d, NULL) ? outcome(n) : REAL(write)(d, b, n); }
ssize_t pwrite(int d, const void *b, size_t n, off_t o) {
    return fails("write", d, NULL) ? outcome(n) : REAL(pwrite)(d, b, n, o);
}
ssize_t pwrite64(int d, const void *b, size_t n, off64_t o) {
    return fails("write", d, NULL) ? outcome(n) : REAL(pwrite64)(d, b, n, o);
}
int ftruncate(int d, off_t n) { return fails("truncate", d, NULL) ? outcome(0) : REAL(ftruncate)(d, n); }
int ftruncate64(int d, off64_t n) { return fails("truncate", d, NULL) ? outcome(0) : REAL(ftruncate64)(d, n); }
int rename(const char *from, const char *to) { return fails("rename", -1, to) ? outcome(0) : REAL(rename)(from, to); }
