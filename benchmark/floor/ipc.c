#define _GNU_SOURCE
#include "floor.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Frames arrive as hex in the arguments, so that nothing here needs to know how a message is serialised. */
static size_t from_hex(const char *hex, char **bytes) {
  size_t length = strlen(hex) / 2;
  *bytes = malloc(length);
  for (size_t i = 0; i < length; i++) {
    unsigned value;
    sscanf(hex + 2 * i, "%2x", &value);
    (*bytes)[i] = (char)value;
  }
  return length;
}

static void write_all(int fd, const char *bytes, size_t length) {
  for (ssize_t put; length > 0; bytes += put, length -= put)
    if ((put = write(fd, bytes, length)) < 0) fail("write");
}

/* Node hands the channel over in this variable; it may have made it non-blocking. */
static int channel(void) {
  const char *number = getenv("NODE_CHANNEL_FD");
  if (number == NULL) fail("NODE_CHANNEL_FD");
  int fd = atoi(number);
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
  return fd;
}

static int wait_for_end(int fd) {
  char block[4096];
  while (read(fd, block, sizeof block) > 0) continue;
  return 0;
}

/* ipc-sink BYTES ANSWER: reads that many bytes, then sends one frame back */
int ipc_sink(int argc, char **argv) {
  static char block[BLOCK];
  char *answer;
  if (argc < 2) return 2;
  int fd = channel();
  size_t left = strtoul(argv[0], NULL, 10), length = from_hex(argv[1], &answer);
  while (left > 0) {
    ssize_t got = read(fd, block, sizeof block);
    if (got <= 0) return 1;
    left = (size_t)got > left ? 0 : left - got;
  }
  write_all(fd, answer, length);
  return wait_for_end(fd);
}

/* ipc-source COUNT FRAME: sends a frame over and over, as many to a write as fit into 64 KB */
int ipc_source(int argc, char **argv) {
  static char block[BLOCK];
  char *frame;
  if (argc < 2) return 2;
  int fd = channel();
  size_t left = strtoul(argv[0], NULL, 10), length = from_hex(argv[1], &frame), fits = sizeof block / length;
  for (size_t i = 0; i < fits; i++) memcpy(block + i * length, frame, length);
  while (left > 0) {
    size_t count = left < fits ? left : fits;
    write_all(fd, block, count * length);
    left -= count;
  }
  return wait_for_end(fd);
}

/* ipc-roundtrip COUNT FRAME PROGRAM ARGUMENT...: the parent's end, with Node at the other */
int ipc_roundtrip(int argc, char **argv) {
  static char block[BLOCK];
  int pair[2];
  char *frame;
  if (argc < 3) return 2;
  size_t count = strtoul(argv[0], NULL, 10), length = from_hex(argv[1], &frame);
  double *times = calloc(count, sizeof *times);
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) fail("socketpair");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pair[1], 3);
  setenv("NODE_CHANNEL_FD", "3", 1);
  pid_t pid;
  if (pair[1] == 3) fcntl(3, F_SETFD, 0);
  if (posix_spawn(&pid, argv[2], &actions, NULL, argv + 2, environ) != 0) fail("posix_spawn");
  close(pair[1]);
  for (size_t i = 0; i < count; i++) {
    double before = now_ms();
    write_all(pair[0], frame, length);
    for (size_t left = length; left > 0;) {
      ssize_t got = read(pair[0], block, left);
      if (got <= 0) fail("read");
      left -= got;
    }
    times[i] = now_ms() - before;
  }
  close(pair[0]);
  waitpid(pid, NULL, 0);
  printf("{\"roundtrip\":%.6f}\n", median(times + count / 10, count - count / 10));
  return 0;
}
