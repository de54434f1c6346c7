/* The running platform: gates, core and api threads over one data folder.
 *
 * server_open starts everything that must not fail later (files, sockets, rooms); server_start lets the threads run. */
#ifndef APPS_METERWORKS_SERVER_H
#define APPS_METERWORKS_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "api/api_server.h"
#include "apps/meterworks/core.h"

#define SERVER_IN_USE (-2000) /* another process serves the data folder */

struct server;

/* The platform's time. All NULL: the world's clock. */
struct server_clock {
    void *context;
    int64_t (*now_ms)(void *context); /* since 1970 UTC; any thread */
    uint32_t (*speed)(void *context); /* how fast it runs: 1 the world's, 0 it stands */
};

struct server_config {
    const char *data_directory;   /* made when missing (mode 0700) */
    const char *store;            /* "postgresql://..."; NULL: what DATA/store says, else DATA/meterworks.db */
    uint64_t lease_epoch;         /* of the database on a server; 0: none. The core's from server_open on */
    const char *http_address;     /* "127.0.0.1"; NULL: all */
    const char *coap_address;     /* "0.0.0.0:5683"; NULL: no plain socket */
    const char *coaps_address;    /* "0.0.0.0:5684"; NULL: no secured socket */
    const char *lines_address;    /* concentrators and DTU, "0.0.0.0:7376"; NULL: nobody dials in */
    const char *links_address;    /* gates on other machines, "192.0.2.1:7377"; NULL: none */
    const char *apis_address;     /* apis on other machines, "192.0.2.1:7378"; NULL: none */
    struct district_list districts; /* all of the company; count 0: it is not divided */
    const char *console_folder;   /* NULL: the console packed into the program */
    const char *invoices_path;    /* file of the invoice provider; NULL: none */
    const char *channels_path;    /* file of payment channels; NULL: none */
    const char *profile_folder;   /* NULL: the device models packed into the program. DATA/profiles adds to either */
    const char *message_file;     /* providers of messages; NULL: DATA/messages.json when it is there */
    const char *synchronous;      /* NULL: FULL; OFF for data that need not survive a power cut, as a demonstration's */
    uint16_t http_port;           /* 0: any free one */
    bool is_demo;                 /* gives the demo routes their answers */
    uint64_t demo_seed;
    struct server_clock clock;
    struct api_demo demo;         /* used when is_demo */
};

/* problem  one sentence for the operator when it fails
 * returns  0 with *out owned by the caller; SERVER_IN_USE; another negative number when it cannot start */
int server_open(const struct server_config *config, struct server **out, char problem[256]);

/* The core, to be used by the caller's thread only before server_start (first archive of a demonstration). */
struct core *server_core(struct server *server);

/* Let gates, core and api run. returns 0; negative with `problem` */
int server_start(struct server *server, char problem[256]);

/* A call into the running core, like one from the api. Any thread. */
int server_call(struct server *server, enum core_operation operation, const void *request, struct core_reply *reply);

/* The DTLS key of a device, for a town that holds the other end. returns 0; negative */
int server_device_key(struct server *server, uint64_t imei, uint8_t key[16]);

/* Tell the threads that the clock's speed changed. Any thread. */
void server_speed_changed(struct server *server, uint32_t speed);

/* Read the device models anew; what is wrong is logged, and the old ones stay. Any thread. */
void server_profiles_reload(struct server *server);

uint16_t server_http_port(const struct server *server);
uint16_t server_coap_port(const struct server *server);
uint16_t server_coaps_port(const struct server *server);
uint16_t server_lines_port(const struct server *server);
uint16_t server_links_port(const struct server *server); /* 0: no gates elsewhere */
uint16_t server_apis_port(const struct server *server);  /* 0: no apis elsewhere */

/* Has the core ended by itself? The process was told to stop then, and should say by its exit status that it wants to be
 * started again. */
bool server_gave_up(const struct server *server);

/* Ends all threads: uplinks that are not committed stay unacknowledged. Accepts NULL. */
void server_close(struct server *server);

#endif
