/* A disk that can fail and lose power, for the tests; preloaded into a process of ours.

   disk_fail(operation, nth, error)  the nth operation from now on under DISK_ROOT fails once;
                                     with the error KILL the process ends instead, just before it
   disk_count()                      how many operations of the armed kind there were since
   DISK_CHANCE                       one operation in so many fails, now and then, with any error;
                                     each is noted in the file DISK_TALLY, a letter each
   DISK_SHADOW                       a folder that gets a copy of whatever is synced:
                                     INODE.file  a file's bytes at its last sync
                                     INODE.dir   a folder's entries at its last sync, NUL-ended:
                                                 "d INODE NAME" or "f INODE NAME"
   What is in the shadow would survive a power cut; what is not may be lost. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* A STEP is a sync, a rename or an unlink: what changes which files would be found after a crash. */
enum operation { SYNC, WRITE, OPEN, RENAME, UNLINK, STEP };
enum { KILL = -1 };

static int armed = -1, countdown, counted, failure, shadow_files;

void disk_fail(int operation, int nth, int error) {
    countdown = nth;
    counted = 0;
    failure = error;
    armed = operation;
}

int disk_count(void) { return counted; }

/* Tells whether the fault that was armed has not happened. */
int disk_armed(void) { return armed >= 0; }

static int ours(const char *path) {
    const char *root = getenv("DISK_ROOT");
    return root && path && strncmp(path, root, strlen(root)) == 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void note(char letter) {
    const char *tally = getenv("DISK_TALLY");
    int fd = tally ? REAL(open)(tally, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    if (fd < 0) return;
    if (REAL(write)(fd, &letter, 1) != 1) abort();
    close(fd);
}

/* Fails one operation in so many. */
static int unlucky(int operation) {
    const char *chance = getenv("DISK_CHANCE");
    unsigned drawn = 0;
    if (!chance || getrandom(&drawn, sizeof drawn, 0) < 0 || drawn % atoi(chance)) return 0;
    note("sworu"[operation]);
    errno = drawn >> 31 ? ENOSPC : EIO;
    return 1;
}

static int is_armed(int operation) {
    return armed == operation || (armed == STEP && operation != WRITE && operation != OPEN);
}

static int fails(int operation, const char *path) {
    if (!ours(path)) return 0;
    if (unlucky(operation)) return 1;
    if (!is_armed(operation)) return 0;
    __atomic_add_fetch(&counted, 1, __ATOMIC_SEQ_CST);
    if (__atomic_sub_fetch(&countdown, 1, __ATOMIC_SEQ_CST)) return 0;
    if (failure == KILL) {
        kill(getpid(), SIGKILL);
        pause();
    }
    armed = -1;
    errno = failure;
    return 1;
}

static const char *path_of(int fd, char *buffer) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, buffer, 4095);
    buffer[length < 0 ? 0 : length] = 0;
    return buffer;
}

static int fails_on(int operation, int fd) {
    char buffer[4096];
    if (!is_armed(operation) && !getenv("DISK_CHANCE")) return 0;
    return fails(operation, path_of(fd, buffer));
}

/* An inode's number is used again; with its generation it is not. */
static void identity(int fd, char *text) {
    struct stat status;
    int generation = 0;
    fstat(fd, &status);
    ioctl(fd, FS_IOC_GETVERSION, &generation);
    sprintf(text, "%lu-%u", (unsigned long)status.st_ino, (unsigned)generation);
}

static void copy_file(int fd, int out) {
    char chunk[65536];
    ssize_t count;
    for (off_t at = 0; (count = pread(fd, chunk, sizeof chunk, at)) > 0; at += count)
        if (REAL(write)(out, chunk, count) != count) abort();
}

static void copy_folder(const char *path, int out) {
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (entry->d_name[0] == '.' && strchr("./", entry->d_name[1] ? entry->d_name[1] : '.') &&
            (!entry->d_name[1] || !entry->d_name[2]))
            continue;
        int fd = REAL(openat)(dirfd(folder), entry->d_name, O_RDONLY | O_CLOEXEC);
        if (fd < 0) continue;
        char id[64];
        identity(fd, id);
        dprintf(out, "%c %s %s%c", entry->d_type == DT_DIR ? 'd' : 'f', id, entry->d_name, 0);
        close(fd);
    }
    if (folder) closedir(folder);
}

static void record(int fd) {
    const char *shadow = getenv("DISK_SHADOW");
    char path[4096], id[64], aside[4200], target[4200];
    if (!shadow || !ours(path_of(fd, path))) return;
    struct stat status;
    fstat(fd, &status);
    identity(fd, id);
    int number = __atomic_add_fetch(&shadow_files, 1, __ATOMIC_SEQ_CST);
    snprintf(aside, sizeof aside, "%s/.%d-%d", shadow, getpid(), number);
    snprintf(target, sizeof target, "%s/%s.%s", shadow, id, S_ISDIR(status.st_mode) ? "dir" : "file");
    char self[64];
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    int out = REAL(open)(aside, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int in = REAL(open)(self, O_RDONLY | O_CLOEXEC); /* the one given may be write-only */
    if (S_ISDIR(status.st_mode)) copy_folder(self, out);
    else copy_file(in, out);
    close(in);
    close(out);
    REAL(rename)(aside, target);
}

#define SYNC_CALL(name) \
    int name(int fd) { \
        if (fails_on(SYNC, fd)) return -1; \
        int result = REAL(name)(fd); \
        if (!result) record(fd); \
        return result; \
    }
SYNC_CALL(fsync)
SYNC_CALL(fdatasync)

#define WRITE_CALL(name, parameters, ...) \
    ssize_t name parameters { return fails_on(WRITE, fd) ? -1 : REAL(name)(__VA_ARGS__); }
WRITE_CALL(write, (int fd, const void *bytes, size_t count), fd, bytes, count)
WRITE_CALL(pwrite, (int fd, const void *bytes, size_t count, off_t at), fd, bytes, count, at)
WRITE_CALL(pwrite64, (int fd, const void *bytes, size_t count, off64_t at), fd, bytes, count, at)

#define OPEN_CALL(name) \
    int name(const char *path, int flags, ...) { \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = va_arg(rest, mode_t); \
        va_end(rest); \
        return fails(OPEN, path) ? -1 : REAL(name)(path, flags, mode); \
    }
OPEN_CALL(open)
OPEN_CALL(open64)

int rename(const char *from, const char *to) {
    return fails(RENAME, to) ? -1 : REAL(rename)(from, to);
}
int link(const char *from, const char *to) {
    return fails(RENAME, to) ? -1 : REAL(link)(from, to);
}
int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags) {
    return fails(RENAME, to) ? -1 : REAL(linkat)(from_fd, from, to_fd, to, flags);
}
int unlink(const char *path) { return fails(UNLINK, path) ? -1 : REAL(unlink)(path); }
