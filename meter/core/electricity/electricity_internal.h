/* What the files of meter/core/electricity share and nobody else needs. */
#ifndef METER_CORE_ELECTRICITY_ELECTRICITY_INTERNAL_H
#define METER_CORE_ELECTRICITY_ELECTRICITY_INTERNAL_H

#include "base/calendar.h"
#include "base/writer.h"
#include "codec/dlt645/dlt645_answer.h"
#include "codec/dlt645/dlt645_field.h"
#include "meter/core/electricity/electricity_meter.h"

#define ELECTRICITY_MS_PER_S 1000
#define ELECTRICITY_S_PER_MINUTE 60
#define ELECTRICITY_QUARTER_S 900
#define ELECTRICITY_MWH_PER_CENT 10000 /* hundredths of a kWh */
#define ELECTRICITY_NEVER INT64_MAX
#define ELECTRICITY_CLOCK_EARLIEST_S INT64_C(1262304000) /* 2010-01-01: an earlier clock is a lost one */
#define ELECTRICITY_CLOCK_LATEST_S INT64_C(4070908800)   /* 2099-01-01 */
#define ELECTRICITY_STORED 0
#define ELECTRICITY_SILENT 0x100 /* instead of an ERR: no answer */

/* electricity_store.c: what is true, in flash. RAM is changed first, then stored; on failure the caller undoes it. */

/* Read everything back, or begin a journal in empty flash.
 * returns  1 read, 0 begun; ELECTRICITY_ERR_CONFIG; ELECTRICITY_ERR_FLASH */
int electricity_store_load(struct electricity_meter *meter);

/* Keep meter->state. 0; ELECTRICITY_ERR_FLASH */
int electricity_store_state(struct electricity_meter *meter);

/* Keep item `index` of a row of meter->parameters. 0; ELECTRICITY_ERR_FLASH */
int electricity_store_parameter(struct electricity_meter *meter, const struct electricity_parameter_row *row,
                                unsigned index);

/* Keep a freeze that was put into meter->freezes. 0; ELECTRICITY_ERR_FLASH */
int electricity_store_freeze(struct electricity_meter *meter, enum electricity_freeze_kind kind,
                             const struct electricity_freeze *freeze);

/* Keep an instant that was put into meter->instants. 0; ELECTRICITY_ERR_FLASH */
int electricity_store_instant(struct electricity_meter *meter, const struct electricity_instant *instant);

/* Keep event `number`. 0; ELECTRICITY_ERR_FLASH */
int electricity_store_event(struct electricity_meter *meter, enum electricity_event_kind kind, uint32_t number);

/* Keep when timed freezes happen. 0; ELECTRICITY_ERR_FLASH */
int electricity_store_schedule(struct electricity_meter *meter);

/* Keep everything at once, in a new sector: all or nothing of it is found again. 0; ELECTRICITY_ERR_FLASH */
int electricity_store_all(struct electricity_meter *meter);

/* What could not be cleared is as it was: freezes and events from the flash, the state from `before`. */
void electricity_store_recover(struct electricity_meter *meter, const struct electricity_state *before);

/* electricity_event.c */

/* Count, remember and keep; a failing flash is not reported from here. */
void electricity_event_note(struct electricity_meter *meter, enum electricity_event_kind kind,
                            const struct electricity_event *event);

/* Write the newest again, which is there. */
void electricity_event_amend(struct electricity_meter *meter, enum electricity_event_kind kind,
                             const struct electricity_event *event);

/* electricity_clock.c: calendar, and what happens at certain times of it. Times are local seconds since 1970. */

/* The clock now; 0 when lost. */
int64_t electricity_clock_read(const struct electricity_meter *meter);

/* The next moment after `local_s` at which something may be due. */
int64_t electricity_clock_boundary(const struct electricity_meter *meter, int64_t local_s);

/* meter->local_s has moved on: freeze, settle, change the day. */
void electricity_clock_pass(struct electricity_meter *meter);

/* Power is back: the midnights without power are frozen with what the register still says. */
void electricity_clock_resume(struct electricity_meter *meter);

/* Set the clock, and note it.
 * returns  false outside 2010 to 2098 (nothing happened) */
bool electricity_clock_set(struct electricity_meter *meter, int64_t local_s, uint32_t operator_code);

/* The local second of a time of the protocol, and back; 0 for a time that is none. */
int64_t electricity_clock_of_time(const struct item_time *time);
struct item_time electricity_time_of_clock(int64_t local_s);

/* electricity_tariff.c */

/* Make meter->day for local_s. */
void electricity_day_make(struct electricity_meter *meter);

/* Tariff in force, 0 to ELECTRICITY_TARIFF_COUNT - 1. */
unsigned electricity_tariff_now(const struct electricity_meter *meter);

/* What there are two sets of, in the order of their switching times (04000106 to 04000109). */
enum electricity_set {
    ELECTRICITY_SET_ZONES,
    ELECTRICITY_SET_PERIODS,
    ELECTRICITY_SET_PRICES,
    ELECTRICITY_SET_TIERS,
    ELECTRICITY_SET_COUNT
};

/* From when on the second set is in force; ELECTRICITY_NEVER. */
int64_t electricity_set_switch(const struct electricity_meter *meter, enum electricity_set set);

/* Set 0 or 1 by that time. */
unsigned electricity_set_in_force(const struct electricity_meter *meter, enum electricity_set set);

/* Price now, 0.0001 yuan a kWh. */
uint32_t electricity_price_now(const struct electricity_meter *meter);

/* The price of `energy_mwh` used from now on, in grains, and the cycle moved on by it. */
int64_t electricity_charge(struct electricity_meter *meter, int64_t energy_mwh);

/* electricity_energy.c */

/* The sample held for so long; at most a day. */
void electricity_energy_add(struct electricity_meter *meter, int64_t duration_ms);

/* Hundredths of a kWh as registers and freezes state them, modulo 1,000,000 kWh. */
uint32_t electricity_cents_of(int64_t energy_mwh);

/* Combined active energy (04000601), mWh. */
int64_t electricity_combined_mwh(const struct electricity_meter *meter, unsigned tariff);

/* The demand period that has ended, if one has. */
void electricity_demand_pass(struct electricity_meter *meter);

/* electricity_freeze.c */

/* Freeze the registers as of a local minute, unless that minute is frozen already. 0; ELECTRICITY_ERR_FLASH */
int electricity_freeze_take(struct electricity_meter *meter, enum electricity_freeze_kind kind, uint32_t minute);

/* The same for the totals at a full hour, or another instant of the load record. */
int electricity_instant_take(struct electricity_meter *meter, uint32_t minute);

/* The clock went back to a local minute: in RAM, what was frozen for a later one is void, as that time comes again.
 * Commanded freezes stay: they were taken when they were asked for, whatever the clock said.
 * returns  whether there was such a one */
bool electricity_freezes_void(struct electricity_meter *meter, uint32_t minute);

/* electricity_relay.c */

/* Bring the relay where holds and keep-on want it; note trips and closings. */
void electricity_relay_apply(struct electricity_meter *meter, uint32_t operator_code);

/* Drive the relay at power-up, without a note. */
void electricity_relay_restore(struct electricity_meter *meter);

/* Compare balance and limits. */
void electricity_relay_judge(struct electricity_meter *meter);

/* 1CH. Returns ERR; 0 done. */
uint8_t electricity_relay_command(struct electricity_meter *meter, const struct dlt645_content *content);

/* electricity_limit.c */

void electricity_limit_open(struct electricity_meter *meter);

/* The relay has closed, or time begins: the load comes back as a whole, which is no step. */
void electricity_limit_closed(struct electricity_meter *meter);

/* A new sample is about to replace the old one, which held until now. */
void electricity_limit_sample(struct electricity_meter *meter, const struct electricity_sample *sample);

/* Trip and close again when due. Returns when the next is due, ms; ELECTRICITY_NEVER */
int64_t electricity_limit_step(struct electricity_meter *meter);

/* An administrator restores: forget the excesses of the day. */
void electricity_limit_restore(struct electricity_meter *meter);

/* electricity_access.c: passwords */

/* Check a password for something that level `lowest` or a higher one (smaller number) may do. Counts failures and keeps
 * the count. 0; ELECTRICITY_REFUSE_PASSWORD */
uint8_t electricity_access_check(struct electricity_meter *meter, const struct dlt645_password *password,
                                 unsigned lowest);

/* electricity_read.c, electricity_1997.c: values of identifiers */

/* The value of an identifier of DL/T 645-2007, at most ELECTRICITY_VALUE_LIMIT bytes. False: the meter has none. */
bool electricity_value_write(const struct electricity_meter *meter, uint32_t identifier, struct writer *out);
bool electricity_value_write_1997(const struct electricity_meter *meter, uint32_t identifier, struct writer *out);

/* electricity_load.c: blocks of the load record (11H with a number of blocks), as many whole ones as `out` takes.
 * returns  false: no such record, or nothing was recorded then */
bool electricity_load_write(const struct electricity_meter *meter, const struct dlt645_content *content, struct writer *out);

/* Records of the event log, electricity_log.c. */
bool electricity_log_write(const struct electricity_meter *meter, uint32_t identifier, struct writer *out);

/* The kind of event whose class (DI3 DI2 DI1 FF) this is; ELECTRICITY_EVENT_KIND_COUNT: none. */
enum electricity_event_kind electricity_log_class(uint32_t event_class);

/* Status word 1 to 7. */
uint16_t electricity_status_word(const struct electricity_meter *meter, unsigned number);

/* Helpers of these: low byte first. */
void electricity_put_bcd(struct writer *out, int64_t value, size_t size);
void electricity_put_signed(struct writer *out, int64_t value, size_t size);
void electricity_put_missing(struct writer *out, size_t size);
/* 5 bytes from the minute, 6 from the second; zeros for 0. */
void electricity_put_time(struct writer *out, int64_t local_s, size_t size);

/* electricity_recharge.c: 03H */

/* Returns SERR, 0 and the answer's values written. */
uint16_t electricity_recharge_request(struct electricity_meter *meter, uint32_t identifier, struct span values,
                                      struct writer *out);

#endif
