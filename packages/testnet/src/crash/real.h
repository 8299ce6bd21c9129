/* The functions of the C library that failing-disk.c stands before. */
#pragma once
#include <dlfcn.h>
#include <stdlib.h>

#define REAL(name) ((__typeof__(&name))real(#name))

static inline void *real(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (found == NULL) abort();
  return found;
}
