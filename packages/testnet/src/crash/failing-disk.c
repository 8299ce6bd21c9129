/*
 * Loaded into a process with LD_PRELOAD, counts every operation that changes a file below one directory, over all
 * threads, and at the one of a given number makes the disk fail or the process die. Linux, glibc.
 *
 *   FAILING_DISK_DIR   the directory, absolute and without symbolic links
 *   FAILING_DISK_LOG   a file outside it: a line for each operation, "number<TAB>kind<TAB>bytes<TAB>path", and
 *                      "fault<TAB>mode" behind the one that was struck
 *   FAILING_DISK_SIDE  an empty directory on the same file system, outside DIR
 *   FAILING_DISK_AT    the number of the operation, from 1; 0 only counts
 *   FAILING_DISK_MODE  one of the modes below
 *
 * All operations run one at a time under one lock, so that none is under way when the process dies.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "real.h"
#include "unsynced.h"

enum mode {
  COUNT,      /* nothing happens */
  BEFORE,     /* killed before the operation */
  AFTER,      /* killed after it */
  HALF,       /* killed when half of a write is in the file */
  EIO_ONCE,   /* the operation fails */
  EIO_ON,     /* it and all later ones fail */
  ENOSPC_ONCE,
  ENOSPC_ON,  /* half a write still fits; from then on nothing does */
  POWER,      /* killed before it, and everything that was not synced is lost: contents and names */
  POWER_DATA, /* the same, but names were durable at once and only contents are lost */
  EIO_LOST,   /* a sync fails, and the pages it was to write are lost when the power goes, unless written once more:
                 what Linux does, https://lwn.net/Articles/752063/ */
};

static const char *const MODES[] = {"count",       "before",    "after", "half",       "eio-once", "eio-on",
                                    "enospc-once", "enospc-on", "power", "power-data", "eio-lost"};

/* What an operation of a kind can suffer. */
enum trait { IS_WRITE = 1, IS_SYNC = 2, ALLOCATES = 4 };

enum fate { DONE_AS_ASKED, FAILED, HALF_DONE, LAST };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char dir[PATH_MAX], side[PATH_MAX];
static size_t dir_length;
static int log_fd = -1;
static unsigned long count, at;
static enum mode mode;
static int struck;

__attribute__((constructor)) static void start(void) {
  const char *under = getenv("FAILING_DISK_DIR"), *log = getenv("FAILING_DISK_LOG");
  const char *number = getenv("FAILING_DISK_AT"), *wanted = getenv("FAILING_DISK_MODE"), *aside = getenv("FAILING_DISK_SIDE");
  if (under == NULL || log == NULL || number == NULL || wanted == NULL || aside == NULL) return;
  snprintf(dir, sizeof dir, "%s", under);
  snprintf(side, sizeof side, "%s", aside);
  dir_length = strlen(dir);
  at = strtoul(number, NULL, 10);
  for (size_t i = 0; i < sizeof MODES / sizeof *MODES; i++) if (strcmp(MODES[i], wanted) == 0) mode = (enum mode)i;
  log_fd = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log_fd < 0) abort();
  remember(mode == POWER || mode == POWER_DATA || mode == EIO_LOST, mode == POWER, side);
}

static int is_below(const char *path) {
  return log_fd >= 0 && path != NULL && strncmp(path, dir, dir_length) == 0 && (path[dir_length] == '/' || path[dir_length] == 0);
}

/* The path of a descriptor, if it is below the directory. */
static int is_ours(int fd, char path[PATH_MAX]) {
  if (log_fd < 0) return 0;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_below(path);
}

static void say(const char *format, ...) {
  char line[PATH_MAX + 64];
  va_list rest;
  va_start(rest, format);
  int length = vsnprintf(line, sizeof line, format, rest);
  va_end(rest);
  if (REAL(write)(log_fd, line, (size_t)length) != length) abort();
}

static void die(void) {
  lose_the_unsynced();
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

static int can_strike(int traits) {
  switch (mode) {
    case COUNT: return 0;
    case HALF: return traits & IS_WRITE;
    case ENOSPC_ONCE: case ENOSPC_ON: return traits & ALLOCATES;
    case EIO_LOST: return traits & IS_SYNC;
    default: return 1;
  }
}

/* Counts the operation. With `FAILED` errno is set. */
static enum fate arrive(const char *kind, int traits, size_t bytes, const char *path) {
  count++;
  say("%lu\t%s\t%zu\t%s\n", count, kind, bytes, path + dir_length);
  if (at == 0 || count < at || !can_strike(traits)) return DONE_AS_ASKED;
  int first = !struck;
  if (!first && mode != EIO_ON && mode != ENOSPC_ON) return DONE_AS_ASKED;
  struck = 1;
  if (first) say("fault\t%s\n", MODES[mode]);
  switch (mode) {
    case BEFORE: case POWER: case POWER_DATA: die(); return LAST;
    case AFTER: return LAST;
    case HALF: return HALF_DONE;
    case ENOSPC_ON: if (first && (traits & IS_WRITE) && bytes > 1) return HALF_DONE; /* fall through */
    case ENOSPC_ONCE: errno = ENOSPC; return FAILED;
    default: errno = EIO; return FAILED;
  }
}

/* Ends an operation that was done: gives its result, unless the process was to die behind it. */
#define END(fate, result) do { if ((fate) == LAST) die(); int e = errno; pthread_mutex_unlock(&lock); errno = e; return result; } while (0)

static ssize_t write_some(int fd, const struct iovec *parts, int n, off_t offset) {
  return offset < 0 ? REAL(writev)(fd, parts, n) : REAL(pwritev)(fd, parts, n, offset);
}

/* `offset` is negative where the file's own position counts. */
static ssize_t written(int fd, const struct iovec *parts, int n, off_t offset) {
  char path[PATH_MAX];
  if (!is_ours(fd, path)) return write_some(fd, parts, n, offset);
  size_t bytes = 0;
  for (int i = 0; i < n; i++) bytes += parts[i].iov_len;
  pthread_mutex_lock(&lock);
  enum fate fate = arrive("write", IS_WRITE | ALLOCATES, bytes, path);
  ssize_t result = -1;
  if (fate == DONE_AS_ASKED || fate == LAST) {
    remember_content(fd, offset < 0 ? lseek(fd, 0, SEEK_CUR) : offset, bytes);
    result = write_some(fd, parts, n, offset);
  } else if (fate == HALF_DONE) {
    size_t left = bytes / 2;
    for (int i = 0; i < n && left > 0; i++) {
      struct iovec part = {parts[i].iov_base, parts[i].iov_len < left ? parts[i].iov_len : left};
      if (write_some(fd, &part, 1, offset) != (ssize_t)part.iov_len) abort();
      left -= part.iov_len;
      if (offset >= 0) offset += (off_t)part.iov_len;
    }
    if (mode == HALF) die();
    result = (ssize_t)(bytes / 2);
  }
  END(fate, result);
}

/* ---- In place of the C library's */

#pragma GCC visibility push(default)

ssize_t write(int fd, const void *bytes, size_t length) {
  char path[PATH_MAX];
  if (!is_ours(fd, path)) return REAL(write)(fd, bytes, length);
  return written(fd, &(struct iovec){(void *)bytes, length}, 1, -1);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
  return written(fd, &(struct iovec){(void *)bytes, length}, 1, offset);
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return pwrite64(fd, bytes, length, offset); }
ssize_t writev(int fd, const struct iovec *parts, int n) {
  char path[PATH_MAX];
  return is_ours(fd, path) ? written(fd, parts, n, -1) : REAL(writev)(fd, parts, n);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int n, off_t offset) {
  char path[PATH_MAX];
  return is_ours(fd, path) ? written(fd, parts, n, offset) : REAL(pwritev64)(fd, parts, n, offset);
}
ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t offset) {
  char path[PATH_MAX];
  return is_ours(fd, path) ? written(fd, parts, n, offset) : REAL(pwritev)(fd, parts, n, offset);
}

static int synced(int fd, const char *kind, int (*sync)(int)) {
  char path[PATH_MAX];
  if (!is_ours(fd, path)) return sync(fd);
  pthread_mutex_lock(&lock);
  enum fate fate = arrive(kind, IS_SYNC | ALLOCATES, 0, path);
  int result = -1;
  if (fate != FAILED) {
    result = sync(fd);
    content_is_durable(fd);
    names_are_durable(path);
  } else if (mode == EIO_LOST) content_is_lost(fd);
  END(fate, result);
}

int fsync(int fd) { return synced(fd, "fsync", REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, "fdatasync", REAL(fdatasync)); }

int ftruncate64(int fd, off_t length) {
  char path[PATH_MAX];
  if (!is_ours(fd, path)) return REAL(ftruncate64)(fd, length);
  pthread_mutex_lock(&lock);
  enum fate fate = arrive("truncate", 0, 0, path);
  int result = -1;
  if (fate != FAILED) {
    remember_content(fd, length, 0);
    result = REAL(ftruncate64)(fd, length);
  }
  END(fate, result);
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int rename(const char *from, const char *to) {
  if (!is_below(to)) return REAL(rename)(from, to);
  pthread_mutex_lock(&lock);
  enum fate fate = arrive("rename", ALLOCATES, 0, to);
  int result = -1;
  if (fate != FAILED) {
    remember_name(RENAMED, to, from);
    result = REAL(rename)(from, to);
  }
  END(fate, result);
}

int unlink(const char *path) {
  if (!is_below(path)) return REAL(unlink)(path);
  /* The driver's way to say that the power goes now. */
  if (strcmp(path + dir_length, "/power-goes-now") == 0) {
    pthread_mutex_lock(&lock);
    die();
  }
  if (access(path, F_OK) != 0) return REAL(unlink)(path);
  pthread_mutex_lock(&lock);
  enum fate fate = arrive("unlink", 0, 0, path);
  int result = -1;
  if (fate != FAILED) {
    remember_name(REMOVED, path, NULL);
    result = REAL(unlink)(path);
  }
  END(fate, result);
}
int remove(const char *path) {
  struct stat is;
  if (!is_below(path) || stat(path, &is) != 0 || S_ISDIR(is.st_mode)) return REAL(remove)(path);
  return unlink(path);
}

int mkdir(const char *path, mode_t permissions) {
  if (!is_below(path) || access(path, F_OK) == 0) return REAL(mkdir)(path, permissions);
  pthread_mutex_lock(&lock);
  enum fate fate = arrive("mkdir", ALLOCATES, 0, path);
  int result = fate == FAILED ? -1 : REAL(mkdir)(path, permissions);
  END(fate, result);
}

static int opened(const char *path, int flags, mode_t permissions) {
  int makes = (flags & O_CREAT) != 0 && access(path, F_OK) != 0;
  int empties = (flags & O_TRUNC) != 0 && !makes;
  if (!is_below(path) || (!makes && !empties)) return REAL(open)(path, flags, permissions);
  pthread_mutex_lock(&lock);
  enum fate fate = arrive(makes ? "create" : "empty", ALLOCATES, 0, path);
  int result = -1;
  if (fate != FAILED) {
    if (makes) remember_name(CREATED, path, NULL);
    if (empties) {
      int old = REAL(open)(path, O_RDWR | O_CLOEXEC);
      if (old >= 0) remember_content(old, 0, 0), close(old);
    }
    result = REAL(open)(path, flags, permissions);
  }
  END(fate, result);
}

#define OPEN(name)                                                                      \
  int name(const char *path, int flags, ...) {                                          \
    va_list rest;                                                                       \
    va_start(rest, flags);                                                              \
    mode_t permissions = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0; \
    va_end(rest);                                                                       \
    return opened(path, flags, permissions);                                            \
  }
OPEN(open)
OPEN(open64)
