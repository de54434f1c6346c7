/* The way back: asked, queued, sent, delivered, executed, verified - or failed, expired, cancelled, always with a reason.
 *
 * A meter sleeps nearly always. Commands lie in the store until the device opens its window; then command_next hands
 * out one at a time, urgent ones first, in the order they were asked. Only the device's own later state verifies a
 * command. A device applies each serial once, so sending again is harmless. Single-threaded; everything belongs to the
 * core's transaction. */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include "base/downlink.h"
#include "base/line_order.h"
#include "base/undo.h"
#include "base/uplink.h"
#include "command/command_error.h"
#include "command/command_store.h"
#include "registry/registry.h"

#define COMMAND_OPEN_LIMIT 32            /* commands waiting for one device */
#define COMMAND_EXPIRY_DEFAULT_S 604800  /* seven days: a device out of coverage comes back */
#define COMMAND_TRY_LIMIT 10             /* windows without an answer; recharges are tried until they expire */
#define COMMAND_TRY_TIMEOUT_MS 20000     /* one try: within the 5 to 40 s that NB-IoT needs */
#define COMMAND_ANSWER_BOUND_S 180       /* a gate that said nothing for so long has forgotten the command */
#define COMMAND_WINDOW_S 20              /* a device is taken to listen so long after its last word */
#define COMMAND_VERIFY_S 259200          /* an executed command waits so long at least for the report that proves it */
#define COMMAND_SETTLE_S 300             /* a report so soon after execution may have been written before it */
#define COMMAND_COUNT_FRESH_S 300        /* a purchase leaves for a line so long at most after the meter showed its count */
#define COMMAND_COUNT_FIRST 2            /* of command_offer: read the meter's purchase count, then offer again */
#define COMMAND_CLOCK_BOUND_S 60         /* a clock that was set shows less error than this */

/* One move of one command: for billing, watch and the live page. */
struct command_change {
    const struct command_record *command; /* as it is now; good during the call */
    enum command_state before;            /* 0: just asked */
    int64_t at_s;
};

struct command_config {
    const struct command_store *store;  /* lives as long as the room */
    const struct registry *registry;
    struct undo *undo;                  /* may be NULL */
    uint32_t device_limit;              /* 0: REGISTRY_DEVICE_LIMIT_DEFAULT */
    void *listener;                     /* given to `changed` */
    /* Called inside the transaction at every move; may be NULL. It may ask for new commands. A negative answer is
     * returned by the call that caused the move. */
    int (*changed)(void *listener, const struct command_change *change);
};

struct command_request {
    int64_t value;          /* of write_parameter, in the parameter's unit; of set_mode enum supply_mode; of recharge of a
                             * meter that holds units, mWh or ml, amount_fen then being 0 */
    int64_t amount_fen;     /* of recharge */
    int64_t expires_s;      /* instant; 0: COMMAND_EXPIRY_DEFAULT_S from now */
    uint32_t device_id;
    uint32_t requested_by;  /* person; 0: the platform */
    uint16_t operation;     /* enum downlink_operation */
    uint16_t parameter;     /* enum device_parameter; 0 unless write_parameter */
    uint8_t priority;       /* enum command_priority */
    char reason[COMMAND_REASON_LIMIT];
    struct downlink_table table; /* of write_steps and write_day_table */
};

/* What the person who asked is told at once. */
struct command_ticket {
    uint64_t command_id;
    uint64_t superseded_id; /* the newest older valve command that this one replaced; 0 none */
    int64_t window_s;       /* when the device is expected to listen: now when awake, else its next report time */
    uint32_t serial;
    bool awake;             /* goes out now; else the device sleeps */
};

struct command_room;

/* Load what is open. Commands that were on their way when the program ended are sent again.
 * returns  0; COMMAND_ERR_MEMORY; negative of the store; *out untouched on failure */
int command_open(const struct command_config *config, struct command_room **out);

/* Accepts NULL. */
void command_close(struct command_room *room);

/* Ask. A newer valve command replaces an older one that has not left yet: that one is cancelled.
 * returns  0 and *ticket; COMMAND_ERR_*; negative of the store or of `changed` */
int command_request(struct command_room *room, const struct command_request *request, int64_t now_s,
                    struct command_ticket *ticket);

/* The device listens: the command to send now. Nothing while one is on its way (sent within COMMAND_ANSWER_BOUND_S).
 * returns  1 and *out; 0 nothing to send; negative of the store or of `changed` */
int command_next(struct command_room *room, uint32_t device_id, int64_t now_s, struct downlink *out);

/* The same when only the gate knows whether the device still listens: it answers a timeout at once when it does not, and
 * nobody is told that the device was awake.
 * returns  besides: COMMAND_COUNT_FIRST, of devices behind lines: a purchase waits until command_observe or
 *          command_line_looked hears what the meter itself shows; *out untouched */
int command_offer(struct command_room *room, uint32_t device_id, int64_t now_s, struct downlink *out);

/* Whether the device has listened since the room was opened. One that has not has no window at the gate, and is offered
 * nothing: its commands can be cancelled and replaced until it comes. */
bool command_has_listened(const struct command_room *room, uint32_t device_id);

/* Whether anything waits for the device: for the gate's hint and the device page. */
bool command_waiting(const struct command_room *room, uint32_t device_id);

/* The gate could not take the downlink (ring full): it waits for the next window, no try is counted. */
int command_returned(struct command_room *room, uint64_t command_id, int64_t now_s);

/* An uplink of kind UPLINK_ANSWER. Answers to commands that have ended, or of another device, change nothing.
 * returns  0; negative of the store or of `changed` */
int command_answer(struct command_room *room, const struct uplink *uplink, int64_t now_s);

/* Devices on lines listen as long as their line is connected: their commands leave by command_offer too, and these say
 * what became of them. */

/* The order with it is on its way to the line: sent. 0; negative of the store or of `changed`. */
int command_line_left(struct command_room *room, uint64_t command_id, int64_t now_s);

/* A look at the device's state has ended with its word, be it that some of it does not exist there: a purchase need not
 * wait longer for a count that a model may not have. 0; COMMAND_ERR_MEMORY. */
int command_line_looked(struct command_room *room, uint32_t device_id, int64_t now_s);

/* Whether a command of the device has been executed and waits for its proof: 1, 0; negative of the store. */
int command_proof_awaited(struct command_room *room, uint32_t device_id);

/* How the order with it ended.
 * problem  as the uplink said it: what the meter or concentrator refused ends the command with that reason; what was not
 *          answered waits again, and fails after COMMAND_TRY_LIMIT tries
 * answer_code  the meter's error word; of a purchase it may say that the meter has it already
 * items    readings that came with it: a read_now that is done is verified
 * returns  0; negative of the store or of `changed` */
int command_line_ended(struct command_room *room, uint32_t device_id, uint64_t command_id, enum line_problem problem,
                       uint16_t answer_code, unsigned items, int64_t now_s);

/* What the failure was about, of a command that was written and read back: the next step of its story, and its outcome.
 * identifier  data identifier of the meter's protocol
 * returns     0, also for a command that has not failed; negative of the store */
int command_difference_note(struct command_room *room, uint64_t command_id, uint32_t identifier, int64_t now_s);

/* What a device's own words show, after reading has believed them. */
struct command_observation {
    uint32_t device_id;
    uint32_t recharge_serial;
    int32_t clock_error_s;
    uint8_t valve_state;         /* enum valve_state */
    uint8_t valve_known;         /* the uplink carried it */
    uint8_t recharge_known;
    uint8_t clock_known;
    uint8_t full_report;         /* a whole report, not an alarm */
    uint8_t series;              /* a day of quarter-hours */
};

/* Verify or refute executed commands by what the device shows. Cheap when the device has none open.
 * returns  commands that ended; negative of the store or of `changed` */
int command_observe(struct command_room *room, const struct command_observation *observation, int64_t now_s);

/* The device is gone: every command of it that is open is cancelled, also what may have reached it (command_record.tries says).
 * returns  0; negative of the store or of `changed` */
int command_device_gone(struct command_room *room, uint32_t device_id, int64_t now_s);

/* Cancel what has not left yet. The caller checks jurisdiction with command_read.
 * returns  0; COMMAND_ERR_UNKNOWN, _FINISHED, _UNDER_WAY; negative of the store or of `changed` */
int command_cancel(struct command_room *room, uint64_t command_id, uint32_t person_id, const char *reason,
                   int64_t now_s);

/* 1 and *out; 0 when there is none; negative of the store. */
int command_read(struct command_room *room, uint64_t command_id, struct command_record *out);

/* Let at most `limit` commands expire; returns how many, or negative of the store or of `changed`. */
int command_tick(struct command_room *room, int64_t now_s, int limit);

/* When the device is expected to listen next: `now_s` while it is awake, else its next report time. */
int64_t command_window_s(const struct command_room *room, uint32_t device_id, int64_t now_s);

#endif
