/* See unsynced.h. */
#define _GNU_SOURCE
#include "unsynced.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "real.h"

enum { PAGE = 4096 };

/* What a page held at its last sync; a sync that failed has left it marked as clean. */
struct page {
  off_t start;
  char held[PAGE];
  int rewritten;
  struct page *next;
};

/* A file that was changed, with what it held at its last sync while it differs from that. */
struct file {
  dev_t device;
  ino_t inode;
  int fd; /* never closed: that would drop the process's POSIX locks on the file, and free the inode's number */
  int dirty;
  char *synced;
  size_t length;
  struct page *lost;
  struct file *next;
};

/* A change of names that no sync of its directory has made durable. */
struct name {
  enum change what;
  char path[PATH_MAX], from[PATH_MAX], kept[PATH_MAX]; /* `kept`: another link to what was replaced or removed */
  struct name *older;
};

static struct file *files;
static struct name *names;
static unsigned long links;

static int with_contents, with_names;
static const char *side;

void remember(int contents, int with_changes_of_names, const char *aside) {
  with_contents = contents, with_names = with_changes_of_names, side = aside;
}

static struct file *file_of(int fd) {
  struct stat is;
  if (fstat(fd, &is) != 0 || !S_ISREG(is.st_mode)) return NULL;
  for (struct file *one = files; one != NULL; one = one->next)
    if (one->device == is.st_dev && one->inode == is.st_ino) return one;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  struct file *one = calloc(1, sizeof *one);
  if (one == NULL) abort();
  one->device = is.st_dev, one->inode = is.st_ino;
  one->fd = REAL(open)(link, O_RDWR | O_CLOEXEC);
  if (one->fd < 0) abort();
  one->next = files;
  return files = one;
}

static char *content_of(const struct file *one, size_t *length) {
  struct stat is;
  if (fstat(one->fd, &is) != 0) abort();
  *length = (size_t)is.st_size;
  char *content = malloc(*length + 1);
  if (content == NULL || pread(one->fd, content, *length, 0) != (ssize_t)*length) abort();
  return content;
}

/* Called before a file is changed: `length` bytes from `start`. */
void remember_content(int fd, off_t start, size_t length) {
  struct file *one = with_contents ? file_of(fd) : NULL;
  if (one == NULL) return;
  for (struct page *page = one->lost; page != NULL; page = page->next)
    if (start < page->start + PAGE && start + (off_t)length > page->start) page->rewritten = 1;
  if (one->dirty) return;
  one->synced = content_of(one, &one->length);
  one->dirty = 1;
}

static void forget_content(struct file *one) {
  free(one->synced);
  one->synced = NULL, one->dirty = 0;
}

void content_is_durable(int fd) {
  struct file *one = with_contents ? file_of(fd) : NULL;
  if (one == NULL || !one->dirty) return;
  forget_content(one);
  for (struct page **page = &one->lost; *page != NULL;) {
    struct page *gone = *page;
    if (gone->rewritten) *page = gone->next, free(gone);
    else page = &gone->next;
  }
}

void content_is_lost(int fd) {
  struct file *one = file_of(fd);
  if (one == NULL || !one->dirty) return;
  size_t length;
  char *now = content_of(one, &length);
  for (size_t start = 0; start < length; start += PAGE) {
    size_t bytes = length - start < PAGE ? length - start : PAGE;
    size_t held = one->length <= start ? 0 : one->length - start < bytes ? one->length - start : bytes;
    if (held == bytes && memcmp(now + start, one->synced + start, bytes) == 0) continue;
    struct page *page = calloc(1, sizeof *page);
    if (page == NULL) abort();
    page->start = (off_t)start;
    if (held > 0) memcpy(page->held, one->synced + start, held);
    page->next = one->lost;
    one->lost = page;
  }
  free(now);
  forget_content(one);
}

static void restore_content(struct file *one) {
  if (one->dirty) {
    if (REAL(ftruncate)(one->fd, 0) != 0) abort();
    if (REAL(pwrite)(one->fd, one->synced, one->length, 0) != (ssize_t)one->length) abort();
  }
  struct stat is;
  if (fstat(one->fd, &is) != 0) abort();
  /* A page may stand here twice, lost again after it was rewritten: the older one, further on, is the right one. */
  for (struct page *page = one->lost; page != NULL; page = page->next) {
    off_t left = is.st_size - page->start;
    size_t bytes = left <= 0 ? 0 : left < PAGE ? (size_t)left : PAGE;
    if (bytes > 0 && REAL(pwrite)(one->fd, page->held, bytes, page->start) != (ssize_t)bytes) abort();
  }
}

/* Called before names are changed. */
void remember_name(enum change what, const char *path, const char *from) {
  if (!with_names) return;
  struct name *one = calloc(1, sizeof *one);
  if (one == NULL) abort();
  one->what = what;
  snprintf(one->path, sizeof one->path, "%s", path);
  if (from != NULL) snprintf(one->from, sizeof one->from, "%s", from);
  if (what != CREATED) {
    snprintf(one->kept, sizeof one->kept, "%.3000s/%lu", side, links++);
    if (link(path, one->kept) != 0) one->kept[0] = 0;
  }
  one->older = names;
  names = one;
}

void names_are_durable(const char *directory) {
  size_t length = strlen(directory);
  for (struct name **one = &names; *one != NULL;) {
    const char *path = (*one)->path;
    if (strncmp(path, directory, length) == 0 && path[length] == '/' && strchr(path + length + 1, '/') == NULL) {
      struct name *gone = *one;
      *one = gone->older;
      free(gone);
    } else one = &(*one)->older;
  }
}

void lose_the_unsynced(void) {
  for (struct name *one = names; one != NULL; one = one->older) {
    if (one->what == CREATED) REAL(unlink)(one->path);
    if (one->what == RENAMED) REAL(rename)(one->path, one->from);
    if (one->kept[0] != 0) REAL(rename)(one->kept, one->path);
  }
  for (struct file *one = files; one != NULL; one = one->next) restore_content(one);
}
