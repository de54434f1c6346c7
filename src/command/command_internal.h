/* Shared by the files of this room. */
#ifndef COMMAND_COMMAND_INTERNAL_H
#define COMMAND_COMMAND_INTERNAL_H

#include "base/compiler.h"
#include "base/dense_array.h"
#include "command/command.h"

/* What lies in memory of one device: enough to answer "nothing waits" without the store. */
struct command_device {
    uint64_t under_way_id;   /* handed to the gate, no answer yet; 0 none */
    uint32_t under_way_s;    /* instants of the platform's clock: from 1970 to 2106 */
    uint32_t awake_s;        /* when it last listened; 0 never */
    uint32_t serial;         /* highest ever given or seen */
    uint32_t recharge_seen;  /* recharge serial it last showed */
    uint32_t looked_s;       /* instant at which a device behind a line last showed what it has; 0 never */
    uint16_t open_count;
    bool has_lost;           /* a purchase left and expired, and the meter has not told whether it has it */
    bool is_counted;         /* it has shown its purchase count since the room was opened */
};

_Static_assert(sizeof(struct command_device) == 32, "ten million of them are 320 MB");

struct command_room {
    struct command_store store;
    const struct registry *registry;
    struct undo *undo;
    struct dense_array devices; /* struct command_device by device_id */
    void *listener;
    int (*changed)(void *listener, const struct command_change *change);
};

/* The device's record, made when new and remembered by the undo: 0; COMMAND_ERR_MEMORY, COMMAND_ERR_FULL. */
int command_device_touch(struct command_room *room, uint32_t device_id, struct command_device **out);

/* Whether the table of moves allows it. */
bool command_move_allowed(enum command_state from, enum command_state to);

/* Whether a command in this state has ended. */
bool command_state_final(enum command_state state);

/* Move a command: row, step, memory, listener. A move that the table does not allow changes nothing.
 * note     becomes the step's detail, and the outcome when the command ends
 * returns  1 moved, 0 not allowed; negative of the store or of `changed` */
int command_move(struct command_room *room, struct command_record *command, enum command_state to, int64_t now_s,
                 const char *note, ...) COMPILER_PRINTF(5, 6);

/* What a meter can hold: rows ascending from 0, tariffs 1 to 4, at most 14 changes a day or 7 prices. */
bool command_table_valid(uint16_t operation, const struct downlink_table *table);

/* Let a command go on waiting: nobody answered it well. For windows and lines alike. 1 moved; negative. */
int command_wait_again(struct command_room *room, struct command_record *command, int64_t now_s);

/* A purchase behind a line leaves with the number behind the meter's last one, for meters take no other (S1-025). It is
 * given as late as that: what was asked before may have been refused. A number under which it may have reached the meter
 * stays, so that the meter sees that it is the same. Before that the meter's count must be fresh: by an older one, a
 * purchase by card or hand-held unit would make the meter call ours a repetition, and money would be lost.
 * returns  0; COMMAND_COUNT_FIRST; negative of the store */
int command_purchase_number(struct command_room *room, struct command_device *device, struct command_record *command,
                            int64_t now_s);

/* Whether the operation moves money, or the valve. */
bool command_is_money(int operation);
bool command_is_valve(int operation);

#endif
