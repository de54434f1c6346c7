#include "bench/city_server.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/bench_clock.h"
#include "bench/city_progress.h"

#define PATH_SIZE 600
#define LINES 4          /* that the server prints when it serves: http, coap, coaps, lines */
#define LOOK_MS 100
#define STOP_WAIT_S 120.0
#define STOP_LOOK_MS 20

/* In the child: become the server. */
static void child_run(const struct city_server *server, const char *folder, int output)
{
    char http[32], coap[32], coaps[32], delay[24], log[PATH_SIZE];
    char *arguments[16] = { "meterworks", "serve", "--data", (char *)(uintptr_t)folder, "--http", http, "--coap", coap,
                            "--coaps", coaps, "--lines", "off" };

    (void)snprintf(http, sizeof http, "127.0.0.1:%u", server->http_port);
    (void)snprintf(coap, sizeof coap, "127.0.0.1:%u", server->coap_port);
    (void)snprintf(coaps, sizeof coaps, "127.0.0.1:%u", server->coaps_port);
    (void)snprintf(delay, sizeof delay, "%lld", (long long)server->sync_delay_ms);
    (void)snprintf(log, sizeof log, "%s/server.log", folder);
    if (server->sync_delay_ms > 0) {
        arguments[12] = "--sync-delay";
        arguments[13] = delay;
    }
    int errors = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    /* Ctrl-C is for the parent, which ends this process; should the parent die, this process does. */
    if (errors < 0 || dup2(output, STDOUT_FILENO) < 0 || dup2(errors, STDERR_FILENO) < 0 || setpgid(0, 0) != 0 ||
        prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        _exit(1);
    execv("/proc/self/exe", arguments);
    _exit(1);
}

static void line_take(struct city_server *server, const char *line)
{
    char name[16];
    unsigned port;

    if (sscanf(line, "%15s %u", name, &port) != 2 || port > 65535)
        return;
    if (strcmp(name, "http") == 0)
        server->http_port = (uint16_t)port;
    else if (strcmp(name, "coap") == 0)
        server->coap_port = (uint16_t)port;
    else if (strcmp(name, "coaps") == 0)
        server->coaps_port = (uint16_t)port;
}

/* What the server prints, until it has said all its ports: 0; -1 it ended, or somebody asked to end */
static int lines_wait(struct city_server *server, int output)
{
    char text[256];
    size_t size = 0;
    int lines = 0;

    while (lines < LINES) {
        struct pollfd wait = { output, POLLIN, 0 };
        if (!city_progress("the server loads", 0, 0))
            return -1;
        if (poll(&wait, 1, LOOK_MS) <= 0)
            continue;
        ssize_t count = read(output, text + size, sizeof text - 1 - size);
        if (count <= 0)
            return -1;
        size += (size_t)count;
        text[size] = '\0';
        char *end;
        while ((end = strchr(text, '\n')) != NULL) {
            *end = '\0';
            line_take(server, text);
            lines++;
            size -= (size_t)(end + 1 - text);
            memmove(text, end + 1, size + 1);
        }
    }
    return 0;
}

int city_server_start(struct city_server *server, const char *folder, char problem[256])
{
    double begin_s = bench_clock_seconds(CLOCK_MONOTONIC);
    int output[2];

    problem[0] = '\0';
    if (pipe2(output, O_CLOEXEC) != 0 || (server->process = fork()) < 0) {
        server->process = 0;
        (void)snprintf(problem, 256, "the server cannot be started: %s", strerror(errno));
        return -1;
    }
    if (server->process == 0)
        child_run(server, folder, output[1]);
    close(output[1]);
    int result = lines_wait(server, output[0]);
    close(output[0]);
    city_progress_end();
    server->start_s = bench_clock_seconds(CLOCK_MONOTONIC) - begin_s;
    server->start_processor_s = city_server_processor_s(server);
    if (result < 0 && !city_is_stopped())
        (void)snprintf(problem, 256, "the server did not start; %.200s/server.log says why", folder);
    if (result < 0)
        city_server_kill(server);
    return result;
}

void city_server_kill(struct city_server *server)
{
    if (server->process == 0)
        return;
    (void)kill(server->process, SIGKILL);
    (void)waitpid(server->process, NULL, 0);
    server->process = 0;
}

int city_server_stop(struct city_server *server)
{
    double begin_s = bench_clock_seconds(CLOCK_MONOTONIC);
    int status = 0;

    if (server->process == 0)
        return 0;
    (void)kill(server->process, SIGTERM);
    while (bench_clock_seconds(CLOCK_MONOTONIC) - begin_s < STOP_WAIT_S) {
        if (waitpid(server->process, &status, WNOHANG) == server->process) {
            server->process = 0;
            return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        }
        poll(NULL, 0, STOP_LOOK_MS);
    }
    city_server_kill(server);
    return -1;
}

double city_server_processor_s(const struct city_server *server)
{
    clockid_t clock;

    return server->process != 0 && clock_getcpuclockid(server->process, &clock) == 0 ? bench_clock_seconds(clock) : 0;
}

/* A small file of /proc, as text: "" when it cannot be read. */
static void proc_read(const char *path, char *text, size_t text_size)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? 0 : read(file, text, text_size - 1);

    if (file >= 0)
        close(file);
    text[size > 0 ? size : 0] = '\0';
}

struct city_server_thread city_server_thread(const struct city_server *server, const char *name)
{
    struct city_server_thread out = { 0, 0 };
    char path[320], text[128];
    struct dirent *entry;

    (void)snprintf(path, sizeof path, "/proc/%d/task", (int)server->process);
    DIR *threads = server->process != 0 ? opendir(path) : NULL;
    while (threads != NULL && (entry = readdir(threads)) != NULL) {
        long long ran_ns, waited_ns;
        (void)snprintf(path, sizeof path, "/proc/%d/task/%.100s/comm", (int)server->process, entry->d_name);
        proc_read(path, text, sizeof text);
        text[strcspn(text, "\n")] = '\0';
        if (strcmp(text, name) != 0)
            continue;
        (void)snprintf(path, sizeof path, "/proc/%d/task/%.100s/schedstat", (int)server->process, entry->d_name);
        proc_read(path, text, sizeof text);
        if (sscanf(text, "%lld %lld", &ran_ns, &waited_ns) == 2)
            out = (struct city_server_thread){ (double)ran_ns / 1e9, (double)waited_ns / 1e9 };
    }
    if (threads != NULL)
        closedir(threads);
    return out;
}

static int64_t kibibytes_of(const char *text, const char *name)
{
    const char *line = strstr(text, name);
    long long value = 0;

    return line != NULL && sscanf(line + strlen(name), " %lld", &value) == 1 ? value * 1024 : 0;
}

struct city_server_memory city_server_memory(const struct city_server *server)
{
    char path[64], text[4096];

    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)server->process);
    text[0] = '\0';
    if (server->process != 0)
        proc_read(path, text, sizeof text);
    return (struct city_server_memory){ kibibytes_of(text, "VmRSS:"), kibibytes_of(text, "VmHWM:") };
}
