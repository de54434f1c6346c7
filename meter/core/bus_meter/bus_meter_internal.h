/* What the files of the bus meter share. */
#ifndef METER_CORE_BUS_METER_INTERNAL_H
#define METER_CORE_BUS_METER_INTERNAL_H

#include "base/writer.h"
#include "codec/item/item.h"
#include "meter/core/bus_meter/bus_meter.h"

#define BUS_METER_NO_ERROR 0xff

/* CI of orders to a slave (EN 13757-3 table 1). */
enum { MBUS_CI_DATA_SEND = 0x51, MBUS_CI_SELECT = 0x52 };

/* What the kinds differ in. */
struct bus_meter_kind_row {
    uint8_t type;      /* T */
    uint8_t medium;    /* EN 13757-3 table 3 */
    bool is_energy;    /* bills by energy */
    uint16_t quantity; /* enum item_quantity of the register it bills by, in CJ/T 188 */
};

const struct bus_meter_kind_row *bus_meter_kind_find(uint8_t kind);

/* bus_meter_store.c. All return 0 or BUS_METER_ERR_FLASH; what could not be written is still as it is in RAM. */
int bus_meter_load(struct bus_meter *meter);
int bus_meter_state_store(struct bus_meter *meter); /* when it is dirty */
void bus_meter_register_store(
    struct bus_meter *meter); /* when the registers are not what flash holds: before telling */
/* Other settings, in RAM and flash or in neither. */
int bus_meter_settings_change(struct bus_meter *meter, const struct bus_meter_settings *changed);
int bus_meter_settlement_store(struct bus_meter *meter, struct bus_meter_settlement settlement);

/* Value of a settlement record that takes all entries from its day on out of the history. */
#define BUS_METER_SETTLEMENT_CUT INT64_C(0xffffffffffff)

/* bus_meter_history.c */
void bus_meter_history_put(struct bus_meter *meter, struct bus_meter_settlement settlement);
void bus_meter_history_step(struct bus_meter *meter);
/* From now on by another day of the month, which is no reason to settle now: before the settings are changed, so that a
 * power cut in between costs nothing. */
void bus_meter_history_restart(struct bus_meter *meter, uint8_t wanted);
/* Newest settlement day up to today, by the meter's clock. wanted: 1 to 31, BUS_METER_DAY_LAST */
int32_t bus_meter_settlement_day(const struct bus_meter *meter, uint8_t wanted);

/* bus_meter_account.c */
void bus_meter_account_charge(struct bus_meter *meter, int64_t volume_ml);
/* returns  0, also for a number that was credited before; BUS_METER_ERR_FLASH */
int bus_meter_account_purchase(struct bus_meter *meter, uint8_t number, uint32_t amount_fen);
/* Valve command. returns 0; BUS_METER_ERR_FLASH */
int bus_meter_valve_command(struct bus_meter *meter, bool closed);
/* The motor goes where the state wants the valve; it runs before this returns, so that no answer says it has arrived. */
void bus_meter_valve_follow(struct bus_meter *meter, bool anew);
void bus_meter_valve_step(struct bus_meter *meter);

/* Set the clock, s since 1970 UTC. returns 0; BUS_METER_ERR_CONFIG: before 1970 or after 2099; BUS_METER_ERR_FLASH */
int bus_meter_clock_set(struct bus_meter *meter, int64_t clock_s);

/* Local date and time of an instant, and back. returns 0; CODEC_ERR_RANGE */
struct item_time bus_meter_local_time(const struct bus_meter *meter, int64_t clock_s);
int bus_meter_local_instant(const struct bus_meter *meter, const struct item_time *time, int64_t *clock_s);

/* ST1 ST2 of CJ/T 188. map: enum cjt188_status_map */
uint16_t bus_meter_status(const struct bus_meter *meter, uint8_t map);

/* The protocols: one burst in, the answer into `out`; nothing written is silence. True when the burst held a frame of
 * the protocol, whoever it was for. */
bool bus_meter_cjt188_receive(struct bus_meter *meter, struct span burst, struct writer *out);
bool bus_meter_mbus_receive(struct bus_meter *meter, struct span burst, struct writer *out);

/* bus_meter_mbus_data.c: the records of telegram 0 (now) or 1 (history). */
void bus_meter_mbus_records(const struct bus_meter *meter, uint8_t telegram, bool more_follow, struct writer *out);

#define BUS_METER_ITEM_LIMIT 12

/* bus_meter_cjt188_data.c: what an identifier's answer says, as items; returns how many. */
size_t bus_meter_cjt188_items(const struct bus_meter *meter, const struct cjt188_data *row,
                              struct item items[BUS_METER_ITEM_LIMIT]);

/* bus_meter_cjt188_write.c: obey a write to an identifier of the table.
 * returns  0; negative: refused, nothing changed */
int bus_meter_cjt188_write(struct bus_meter *meter, const struct cjt188_frame *frame);

#endif
