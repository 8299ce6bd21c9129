/*
 * What a disk would lose with the power: everything that was not synced, in the worst case. Before each change the
 * caller says what is about to change, after each sync what is durable. Not thread-safe: the caller holds a lock.
 */
#pragma once
#include <sys/types.h>

enum change { CREATED, RENAMED, REMOVED };

/* What to remember: the contents of files, changes of names. `side` is an empty directory for links to what is removed. */
void remember(int contents, int names, const char *side);

/* `length` bytes from `start` are about to be written, or the file is about to be cut there. */
void remember_content(int fd, off_t start, size_t length);
void content_is_durable(int fd);
/* A sync failed: the pages that it was to write now count as clean, and are lost unless they are written once more. */
void content_is_lost(int fd);

/* `from` is the former name of what is renamed. */
void remember_name(enum change what, const char *path, const char *from);
void names_are_durable(const char *directory);

/* Puts back what the disk would hold after the power was cut. */
void lose_the_unsynced(void);
