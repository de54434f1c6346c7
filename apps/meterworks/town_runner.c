#include "apps/meterworks/town_runner.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define IDLE_WAIT_MS 100        /* at most, so that a stop or a change of speed is seen */
#define INTERVAL_EVERY 10        /* meters of which one keeps quarter-hours */
#define COUNTS_EVERY_US 100000
#define COAP_TYPE_MASK 0x30u    /* 0: confirmable (RFC 7252, 3) */

/* A home whose question is open; a later answer to an older question ends it too, which costs only patience. */
struct question {
    uint32_t home;
    uint32_t number;
    int64_t patience_us;
};

struct town_runner {
    struct town_runner_config config;
    struct town *town;
    struct town_link *link;
    pthread_t thread;
    bool running;
    atomic_bool stopping;
    uint32_t *open;             /* by home: number of its open question; 0 none */
    struct question *questions; /* ring, oldest first; as many as homes can have in a patience */
    uint32_t question_capacity;
    uint32_t question_first;
    uint32_t question_count;
    uint32_t question_number;
    uint32_t open_count;
    int64_t hold_ms;            /* virtual time of the oldest open question */
    int64_t real_us;
    pthread_mutex_t lock;       /* of what follows */
    uint32_t buttons[RUNNER_BUTTON_LIMIT];
    size_t button_count;
    struct town_runner_counts counts;
};

static int64_t world_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool secured(const struct town_runner *runner, uint32_t home)
{
    return runner->config.plan->homes[home].secured;
}

static void question_end(struct town_runner *runner, uint32_t home)
{
    if (runner->open[home] == 0)
        return;
    runner->open[home] = 0;
    runner->open_count--;
}

static void question_begin(struct town_runner *runner, uint32_t home, int64_t now_ms)
{
    struct question *question;

    if (runner->question_count == runner->question_capacity)
        return;
    if (runner->open_count == 0)
        runner->hold_ms = now_ms;
    if (runner->open[home] == 0)
        runner->open_count++;
    runner->open[home] = ++runner->question_number == 0 ? ++runner->question_number : runner->question_number;
    question = &runner->questions[(runner->question_first + runner->question_count++) % runner->question_capacity];
    *question = (struct question){ home, runner->open[home], runner->real_us + RUNNER_PATIENCE_US };
    runner->counts.holds++;
}

/* Drop what was answered or has waited for too long. */
static void questions_sweep(struct town_runner *runner)
{
    while (runner->question_count > 0) {
        const struct question *oldest = &runner->questions[runner->question_first];
        bool is_open = runner->open[oldest->home] == oldest->number;

        if (is_open && oldest->patience_us > runner->real_us)
            return;
        if (is_open) {
            question_end(runner, oldest->home);
            runner->counts.unanswered++;
        }
        runner->question_first = (runner->question_first + 1) % runner->question_capacity;
        runner->question_count--;
    }
}

static void meter_sent(void *context, uint32_t home, struct span bytes, int64_t now_ms)
{
    struct town_runner *runner = context;

    if (bytes.size > 0 && (bytes.bytes[0] & COAP_TYPE_MASK) == 0)
        question_begin(runner, home, now_ms);
    town_link_send(runner->link, home, secured(runner, home), bytes);
}

static void meter_awake(void *context, uint32_t home, bool awake, int64_t now_ms)
{
    struct town_runner *runner = context;

    (void)now_ms;
    town_link_awake(runner->link, home, secured(runner, home), awake);
}

static void server_sent(void *context, uint32_t home, struct span bytes)
{
    struct town_runner *runner = context;

    question_end(runner, home);
    town_receive(runner->town, home, bytes, virtual_clock_now_ms(runner->config.clock));
}

static bool key_find(void *context, uint32_t home, char identity[16], uint8_t key[TOWN_KEY_SIZE])
{
    const struct town_runner *runner = context;
    const struct town_home *plan = &runner->config.plan->homes[home];

    (void)snprintf(identity, 16, "%s", plan->imei_text);
    return runner->config.key_find != NULL && runner->config.key_find(runner->config.key_context, plan->imei, key);
}

static void buttons_press(struct town_runner *runner, int64_t now_ms)
{
    uint32_t buttons[RUNNER_BUTTON_LIMIT];
    size_t count;

    pthread_mutex_lock(&runner->lock);
    count = runner->button_count;
    memcpy(buttons, runner->buttons, count * sizeof buttons[0]);
    runner->button_count = 0;
    runner->counts.town = town_counts(runner->town);
    runner->counts.link = town_link_counts(runner->link);
    pthread_mutex_unlock(&runner->lock);
    for (size_t i = 0; i < count; i++)
        town_button(runner->town, buttons[i], now_ms);
}

/* How far time may go now. */
static int64_t limit_ms(const struct town_runner *runner)
{
    int64_t now_ms = virtual_clock_now_ms(runner->config.clock);
    int64_t due_ms = town_due_ms(runner->town);

    if (runner->open_count > 0)
        return runner->hold_ms + RUNNER_SLICE_MS;
    if (due_ms > INT64_MAX - RUNNER_SLICE_MS)
        return INT64_MAX;
    return (due_ms > now_ms ? due_ms : now_ms) + RUNNER_SLICE_MS;
}

/* Use up the time that has been earned, slice by slice, until something must be waited for. */
static void time_pass(struct town_runner *runner)
{
    struct virtual_clock *clock = runner->config.clock;
    int64_t before_ms;
    int64_t now_ms = virtual_clock_now_ms(clock);

    virtual_clock_earn(clock, runner->real_us);
    do {
        before_ms = now_ms;
        now_ms = virtual_clock_advance(clock, limit_ms(runner));
        town_run(runner->town, now_ms);
    } while (runner->open_count == 0 && now_ms > before_ms);
}

static int wait_ms(const struct town_runner *runner)
{
    int64_t wait;

    if (runner->open_count > 0)
        return 1;
    wait = virtual_clock_real_wait_ms(runner->config.clock, town_due_ms(runner->town));
    if (wait < 1)
        return 1;
    return wait > IDLE_WAIT_MS ? IDLE_WAIT_MS : (int)wait;
}

static void *thread_run(void *context)
{
    struct town_runner *runner = context;
    int64_t counted_us = 0;

    while (!atomic_load(&runner->stopping)) {
        (void)town_link_poll(runner->link, wait_ms(runner));
        runner->real_us = world_us();
        questions_sweep(runner);
        time_pass(runner);
        if (runner->real_us - counted_us < COUNTS_EVERY_US)
            continue;
        counted_us = runner->real_us;
        buttons_press(runner, virtual_clock_now_ms(runner->config.clock));
    }
    return NULL;
}

static int runner_make(struct town_runner *runner, char problem[256])
{
    const struct town_runner_config *config = &runner->config;
    uint32_t homes = (uint32_t)config->plan->home_count;
    struct town_config town = {
        .plan = config->plan, .ports = { runner, meter_sent, meter_awake },
        .start_ms = virtual_clock_now_ms(config->clock), .history_day = config->history_day,
        .power_up_spread_ms = config->power_up_spread_ms, .coverage = -1, .interval_every = INTERVAL_EVERY,
    };
    struct town_link_config link = {
        .host = config->host, .coap_port = config->coap_port, .coaps_port = config->coaps_port, .homes = homes,
        .context = runner, .received = server_sent, .key_find = key_find,
    };

    runner->question_capacity = homes * 4;
    runner->open = calloc(homes, sizeof *runner->open);
    runner->questions = calloc(runner->question_capacity, sizeof *runner->questions);
    if (runner->open == NULL || runner->questions == NULL || town_open(&town, &runner->town) < 0) {
        (void)snprintf(problem, 256, "out of memory");
        return -1;
    }
    return town_link_open(&link, &runner->link, problem);
}

int town_runner_open(const struct town_runner_config *config, struct town_runner **out, char problem[256])
{
    struct town_runner *runner = calloc(1, sizeof *runner);

    if (runner == NULL) {
        (void)snprintf(problem, 256, "out of memory");
        return -1;
    }
    runner->config = *config;
    pthread_mutex_init(&runner->lock, NULL);
    if (runner_make(runner, problem) < 0) {
        town_runner_close(runner);
        return -1;
    }
    *out = runner;
    return 0;
}

int town_runner_start(struct town_runner *runner)
{
    runner->running = pthread_create(&runner->thread, NULL, thread_run, runner) == 0;
    return runner->running ? 0 : -1;
}

void town_runner_close(struct town_runner *runner)
{
    if (runner == NULL)
        return;
    atomic_store(&runner->stopping, true);
    if (runner->running)
        pthread_join(runner->thread, NULL);
    town_link_close(runner->link);
    town_close(runner->town);
    pthread_mutex_destroy(&runner->lock);
    free(runner->open);
    free(runner->questions);
    free(runner);
}

void town_runner_button(struct town_runner *runner, uint32_t home)
{
    pthread_mutex_lock(&runner->lock);
    if (runner->button_count < RUNNER_BUTTON_LIMIT)
        runner->buttons[runner->button_count++] = home;
    pthread_mutex_unlock(&runner->lock);
}

struct town_runner_counts town_runner_counts(struct town_runner *runner)
{
    struct town_runner_counts counts;

    pthread_mutex_lock(&runner->lock);
    counts = runner->counts;
    pthread_mutex_unlock(&runner->lock);
    return counts;
}
