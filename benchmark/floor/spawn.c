#define _GNU_SOURCE
#include "floor.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct child start_child(char *const argv[]) {
  int in[2], out[2], err[2];
  struct child child;
  if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC)) fail("pipe2");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_adddup2(&actions, err[1], 2);
  double before = now_ms();
  int error = posix_spawn(&child.pid, argv[0], &actions, NULL, argv, environ);
  child.call_ms = now_ms() - before;
  if (error != 0) fail("posix_spawn");
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  close(err[1]);
  child.in = in[1];
  child.out = out[0];
  child.err = err[0];
  return child;
}

static void read_to_end(int fd) {
  static char block[BLOCK];
  while (read(fd, block, sizeof block) > 0) continue;
  close(fd);
}

void finish_child(struct child *child) {
  close(child->in);
  read_to_end(child->out);
  read_to_end(child->err);
  if (waitpid(child->pid, NULL, 0) != child->pid) fail("waitpid");
}

static char *const trivial[] = {"/bin/true", NULL};

/* blocked COUNT HEAP: how long the posix_spawn call takes, pipes made before */
int blocked(int argc, char **argv) {
  size_t count = argc > 0 ? strtoul(argv[0], NULL, 10) : 100;
  hold_memory(argc > 1 ? strtoul(argv[1], NULL, 10) : 0);
  double *times = calloc(count, sizeof *times);
  for (size_t i = 0; i < count; i++) {
    struct child child = start_child(trivial);
    times[i] = child.call_ms;
    finish_child(&child);
  }
  printf("{\"blocked\":%.6f}\n", median(times, count));
  return 0;
}

/* rate COUNT CONCURRENCY: from posix_spawn to both outputs at their end and the child reaped */
int rate(int argc, char **argv) {
  size_t count = argc > 0 ? strtoul(argv[0], NULL, 10) : 1000;
  size_t width = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
  hold_memory(argc > 2 ? strtoul(argv[2], NULL, 10) : 0);
  struct child *children = calloc(width, sizeof *children);
  double before = now_ms();
  for (size_t i = 0; i < count + width; i++) {
    struct child *slot = &children[i % width];
    if (i >= width) finish_child(slot);
    if (i < count) *slot = start_child(trivial);
  }
  printf("{\"rate\":%.3f}\n", count / (now_ms() - before) * 1e3);
  return 0;
}
