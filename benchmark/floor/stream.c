#define _GNU_SOURCE
#include "floor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static double cpu_ms(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static void report(double bytes, double before, double cpu_before) {
  double time = now_ms() - before;
  printf("{\"throughput\":%.6f,\"cpu\":%.3f}\n", bytes / time / 1e6, (cpu_ms() - cpu_before) / (bytes / 1e9));
}

static struct child start_self(char *command, char *bytes) {
  char *const args[] = {"/proc/self/exe", command, bytes, NULL};
  return start_child(args);
}

/* capture BYTES: all output in one growing buffer */
int capture(int argc, char **argv) {
  if (argc < 1) return 2;
  double before = now_ms(), cpu = cpu_ms();
  struct child child = start_self("emit", argv[0]);
  size_t length = 0, capacity = BLOCK;
  char *buffer = malloc(capacity);
  for (;;) {
    if (length == capacity && (buffer = realloc(buffer, capacity *= 2)) == NULL) fail("realloc");
    ssize_t got = read(child.out, buffer + length, capacity - length);
    if (got <= 0) break;
    length += got;
  }
  finish_child(&child);
  report(length, before, cpu);
  return 0;
}

/* stream-out BYTES: a child's stdout in blocks of 64 KB, dropped */
int stream_out(int argc, char **argv) {
  static char block[BLOCK];
  if (argc < 1) return 2;
  double before = now_ms(), cpu = cpu_ms(), length = 0;
  struct child child = start_self("emit", argv[0]);
  for (ssize_t got; (got = read(child.out, block, sizeof block)) > 0;) length += got;
  finish_child(&child);
  report(length, before, cpu);
  return 0;
}

/* stream-in BYTES: blocks of 64 KB into a child's stdin */
int stream_in(int argc, char **argv) {
  static char block[BLOCK];
  if (argc < 1) return 2;
  double before = now_ms(), cpu = cpu_ms(), bytes = strtod(argv[0], NULL), left = bytes;
  struct child child = start_self("sink", NULL);
  for (ssize_t put; left > 0; left -= put)
    if ((put = write(child.in, block, left < BLOCK ? left : BLOCK)) < 0) fail("write");
  finish_child(&child);
  report(bytes, before, cpu);
  return 0;
}

/* emit BYTES: lines of text to stdout */
int emit(int argc, char **argv) {
  static char block[BLOCK];
  size_t left = argc > 0 ? strtoul(argv[0], NULL, 10) : 0;
  memset(block, 'x', sizeof block);
  for (size_t i = 79; i < sizeof block; i += 80) block[i] = '\n';
  for (ssize_t put; left > 0; left -= put)
    if ((put = write(1, block, left < BLOCK ? left : BLOCK)) < 0) return 1;
  return 0;
}

/* sink: reads stdin to its end */
int sink(int argc, char **argv) {
  static char block[BLOCK];
  (void)argc, (void)argv;
  while (read(0, block, sizeof block) > 0) continue;
  return 0;
}
