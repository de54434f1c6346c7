#include "apps/meterworks/town_lines_runner.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/concentrator_dialer.h"
#include "apps/meterworks/meter_key_read.h"
#include "apps/meterworks/town_lines.h"
#include "base/device_profile.h"
#include "sim/agenda.h"
#include "sim/concentrator_meters.h"

#define WAIT_LIMIT_MS 50
#define HEARTBEAT_S 900 /* of the town's time: a day lasts 20 s at full speed */
#define RESPONSE_S 3600 /* the same: how long a real quarter of a second may be */
#define LOGIN_SPREAD_MS 600000
#define SHOW_ADDRESS_FIRST UINT64_C(889900000001)
#define MWH_PER_STEP 100    /* 0.0001 kWh; ml in 0.0001 m3 */
#define JOULES_PER_STEP 360 /* 0.0001 kWh */

struct town_lines_runner {
    struct town_lines_runner_config config;
    struct concentrator_dialer *dialer;
    struct agenda agenda;
    struct concentrator_load_config load_config;
    struct concentrator_load_counts counts;
    struct concentrator_load *loads; /* one a concentrator of the plan */
    size_t load_count;               /* the show flat's number in dialer and agenda */
    struct concentrator_site site;
    struct concentrator_meters site_meters;
    pthread_t thread;
    bool running;
    bool site_is_open;
    atomic_bool stopping;
};

static int64_t now_ms(const struct town_lines_runner *runner)
{
    return virtual_clock_now_ms(runner->config.clock);
}

static int64_t register_read(void *context, uint64_t address, unsigned tariff, int64_t time_s)
{
    const struct town_lines_runner *runner = context;
    const struct estate_plan *plan = runner->config.plan;
    const struct estate_meter *meter = estate_plan_meter(plan, address);

    if (meter == NULL)
        return 0;
    if (meter->kind == DEVICE_KIND_HEAT)
        return estate_meter_register(plan, meter, time_s) / JOULES_PER_STEP;
    return (tariff == 0 ? estate_meter_register(plan, meter, time_s)
                        : estate_meter_tariff_register(plan, meter, tariff, time_s)) /
           MWH_PER_STEP;
}

static size_t load_number(const struct town_lines_runner *runner, const struct concentrator_load *load)
{
    return (size_t)(load - runner->loads);
}

static void load_dial(void *context, struct concentrator_load *load)
{
    struct town_lines_runner *runner = context;
    concentrator_dialer_dial(runner->dialer, load_number(runner, load));
}

static void load_send(void *context, struct concentrator_load *load, struct span bytes)
{
    struct town_lines_runner *runner = context;
    concentrator_dialer_send(runner->dialer, load_number(runner, load), bytes);
}

static void load_hang_up(void *context, struct concentrator_load *load)
{
    struct town_lines_runner *runner = context;
    concentrator_dialer_hang_up(runner->dialer, load_number(runner, load));
}

static void site_dial(void *context, struct concentrator_site *site)
{
    struct town_lines_runner *runner = context;
    (void)site;
    concentrator_dialer_dial(runner->dialer, runner->load_count);
}

static void site_send(void *context, struct concentrator_site *site, struct span bytes)
{
    struct town_lines_runner *runner = context;
    (void)site;
    concentrator_dialer_send(runner->dialer, runner->load_count, bytes);
}

static void site_hang_up(void *context, struct concentrator_site *site)
{
    struct town_lines_runner *runner = context;
    (void)site;
    concentrator_dialer_hang_up(runner->dialer, runner->load_count);
}

static bool is_site(const struct town_lines_runner *runner, size_t number)
{
    return number == runner->load_count;
}

static void step(struct town_lines_runner *runner, size_t number)
{
    int64_t due_ms = is_site(runner, number) ? concentrator_site_step(&runner->site, now_ms(runner))
                                             : concentrator_load_step(&runner->loads[number], now_ms(runner));
    agenda_set(&runner->agenda, (uint32_t)number, due_ms);
}

static void opened(void *context, size_t number, bool is_open)
{
    struct town_lines_runner *runner = context;

    if (is_site(runner, number))
        concentrator_site_opened(&runner->site, is_open);
    else
        concentrator_load_opened(&runner->loads[number], is_open, now_ms(runner));
    agenda_set(&runner->agenda, (uint32_t)number, now_ms(runner));
}

static void closed(void *context, size_t number)
{
    struct town_lines_runner *runner = context;

    if (is_site(runner, number))
        concentrator_site_closed(&runner->site);
    else
        concentrator_load_closed(&runner->loads[number], now_ms(runner));
    agenda_set(&runner->agenda, (uint32_t)number, now_ms(runner));
}

static size_t received(void *context, size_t number, struct span bytes)
{
    struct town_lines_runner *runner = context;
    size_t done = bytes.size;

    if (is_site(runner, number)) {
        (void)concentrator_site_step(&runner->site, now_ms(runner));
        concentrator_site_receive(&runner->site, bytes);
    } else {
        done = concentrator_load_receive(&runner->loads[number], bytes, now_ms(runner));
    }
    agenda_set(&runner->agenda, (uint32_t)number, now_ms(runner));
    return done;
}

static int wait_ms(const struct town_lines_runner *runner)
{
    int64_t first_ms = agenda_first_ms(&runner->agenda);
    int64_t wait =
        first_ms == AGENDA_NEVER ? WAIT_LIMIT_MS : virtual_clock_real_wait_ms(runner->config.clock, first_ms);

    return (int)(wait < 1 ? 1 : wait > WAIT_LIMIT_MS ? WAIT_LIMIT_MS : wait);
}

static void *thread_run(void *context)
{
    struct town_lines_runner *runner = context;
    uint32_t number;
    int64_t at_ms;

    while (!atomic_load(&runner->stopping)) {
        int64_t until_ms = now_ms(runner);
        while (agenda_take(&runner->agenda, until_ms, &number, &at_ms))
            step(runner, number);
        (void)concentrator_dialer_wait(runner->dialer, wait_ms(runner));
    }
    return NULL;
}

static void loads_make(struct town_lines_runner *runner)
{
    const struct estate_plan *plan = runner->config.plan;
    struct concentrator_load_config *config = &runner->load_config;

    *config = concentrator_load_config_default();
    config->meters = 0; /* the platform downloads its archive */
    config->heartbeat_s = HEARTBEAT_S;
    config->response_s = RESPONSE_S;
    config->login_spread_ms = LOGIN_SPREAD_MS;
    config->context = runner;
    config->register_read = register_read;
    config->open = load_dial;
    config->send = load_send;
    config->close = load_hang_up;
    config->counts = &runner->counts;
    for (size_t i = 0; i < runner->load_count; i++) {
        concentrator_load_open(&runner->loads[i], config, (uint16_t)plan->concentrators[i].terminal, plan->seed,
                               now_ms(runner));
        agenda_set(&runner->agenda, (uint32_t)i, now_ms(runner));
    }
}

static int site_make(struct town_lines_runner *runner)
{
    struct concentrator_site_config config;
    struct meter_key key;

    memset(&config, 0, sizeof config);
    config.core = concentrator_config_default();
    memcpy(config.core.address.region, runner->load_config.region, sizeof config.core.address.region);
    config.core.address.terminal = TOWN_LINES_SHOW_TERMINAL;
    config.core.response_s = RESPONSE_S;
    config.core.heartbeat_min = HEARTBEAT_S / 60;
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++)
        config.lines[i].parity = LINE_PARITY_EVEN;
    config.uplink.context = runner;
    config.uplink.open = site_dial;
    config.uplink.send = site_send;
    config.uplink.close = site_hang_up;
    config.seed = runner->config.plan->seed;
    config.now_ms = now_ms(runner);
    if (concentrator_site_open(&runner->site, &config) < 0)
        return -1;
    runner->site_is_open = true;
    agenda_set(&runner->agenda, (uint32_t)runner->load_count, now_ms(runner));
    if (meter_key_read("demo", METER_KEY_SIMULATED, &key) < 0)
        return -1;
    return concentrator_meters_open(&runner->site_meters, &runner->site, TOWN_LINES_SHOW_METERS, true,
                                    SHOW_ADDRESS_FIRST, &key, runner->config.plan->seed);
}

static int runner_make(struct town_lines_runner *runner, char problem[256])
{
    char port[8];
    struct concentrator_dialer_config dialer = { .host = "127.0.0.1",
                                                 .port = port,
                                                 .count = runner->load_count + 1,
                                                 .context = runner,
                                                 .opened = opened,
                                                 .received = received,
                                                 .closed = closed };

    (void)snprintf(port, sizeof port, "%u", (unsigned)runner->config.port);
    if (concentrator_dialer_open(&dialer, &runner->dialer, problem) < 0)
        return -1;
    runner->loads = calloc(runner->load_count + 1, sizeof *runner->loads);
    if (runner->loads == NULL || agenda_open(&runner->agenda, (uint32_t)runner->load_count + 1) < 0) {
        (void)snprintf(problem, 256, "out of memory");
        return -1;
    }
    loads_make(runner);
    if (site_make(runner) == 0)
        return 0;
    (void)snprintf(problem, 256, "the show flat's concentrator does not start");
    return -1;
}

int town_lines_runner_open(const struct town_lines_runner_config *config, struct town_lines_runner **out,
                           char problem[256])
{
    struct town_lines_runner *runner = calloc(1, sizeof *runner);

    if (runner == NULL) {
        (void)snprintf(problem, 256, "out of memory");
        return -1;
    }
    runner->config = *config;
    runner->load_count = config->plan->concentrator_count;
    if (runner_make(runner, problem) < 0) {
        town_lines_runner_close(runner);
        return -1;
    }
    *out = runner;
    return 0;
}

int town_lines_runner_start(struct town_lines_runner *runner)
{
    runner->running = pthread_create(&runner->thread, NULL, thread_run, runner) == 0;
    return runner->running ? 0 : -1;
}

void town_lines_runner_close(struct town_lines_runner *runner)
{
    if (runner == NULL)
        return;
    atomic_store(&runner->stopping, true);
    if (runner->running)
        pthread_join(runner->thread, NULL);
    for (size_t i = 0; runner->loads != NULL && i < runner->load_count; i++)
        concentrator_load_close(&runner->loads[i]);
    if (runner->site_is_open)
        concentrator_site_close(&runner->site);
    concentrator_meters_close(&runner->site_meters);
    concentrator_dialer_close(runner->dialer);
    agenda_close(&runner->agenda);
    free(runner->loads);
    free(runner);
}

struct concentrator_load_counts town_lines_runner_counts(const struct town_lines_runner *runner)
{
    return runner->counts;
}
