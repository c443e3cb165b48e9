#define _GNU_SOURCE
#include "floor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

double now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

void fail(const char *what) {
  fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int by_value(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

double median(double *values, size_t count) {
  qsort(values, count, sizeof *values, by_value);
  return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

void hold_memory(size_t bytes) {
  if (bytes == 0) return;
  char *memory = malloc(bytes);
  if (memory == NULL) fail("malloc");
  memset(memory, 1, bytes);
}

static const struct {
  const char *name;
  int (*run)(int, char **);
} commands[] = {
    /* figures */
    {"blocked", blocked},       {"rate", rate},           {"capture", capture},
    {"stream-out", stream_out}, {"stream-in", stream_in}, {"ipc-roundtrip", ipc_roundtrip},
    /* what the children of a figure run */
    {"emit", emit},             {"sink", sink},           {"ipc-sink", ipc_sink},
    {"ipc-source", ipc_source},
};

int main(int argc, char **argv) {
  for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++)
    if (strcmp(argv[1], commands[i].name) == 0) return commands[i].run(argc - 2, argv + 2);
  fprintf(stderr, "floor: unknown command\n");
  return 2;
}
