/* The floor: what the same work costs a C program that uses glibc and nothing else. */
#ifndef FLOOR_H
#define FLOOR_H

#include <stddef.h>
#include <sys/types.h>

extern char **environ;

#define BLOCK 65536

double now_ms(void);
void fail(const char *what);
double median(double *values, size_t count);
void hold_memory(size_t bytes);

struct child {
  pid_t pid;
  int in, out, err;
  double call_ms; /* how long posix_spawn itself took */
};

/* posix_spawn with three pipes; the parent's ends are CLOEXEC. */
struct child start_child(char *const argv[]);
/* Reads stdout and stderr to their end, then reaps. */
void finish_child(struct child *child);

int blocked(int argc, char **argv);
int rate(int argc, char **argv);
int capture(int argc, char **argv);
int stream_out(int argc, char **argv);
int stream_in(int argc, char **argv);
int emit(int argc, char **argv);
int sink(int argc, char **argv);
int ipc_sink(int argc, char **argv);
int ipc_source(int argc, char **argv);
int ipc_roundtrip(int argc, char **argv);

#endif
