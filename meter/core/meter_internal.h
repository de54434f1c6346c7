/* What the files of meter/core share and nobody else needs. */
#ifndef METER_CORE_METER_INTERNAL_H
#define METER_CORE_METER_INTERNAL_H

#include "base/writer.h"
#include "codec/coap/coap_message.h"
#include "meter/core/meter.h"

#define METER_MS_PER_S 1000
#define METER_MS_PER_MIN 60000
#define METER_ML_PER_L 1000
#define METER_CLOCK_EARLIEST_S INT64_C(1577836800) /* 2020-01-01: an earlier clock is a lost one */
#define METER_CLOCK_LATEST_S INT64_C(4102444800)   /* 2100-01-01 */

/* meter_store.c: what is true, in flash. RAM is changed first, then stored; on failure the caller undoes it. */

/* Read everything back, or begin a journal in empty flash. 0; METER_ERR_CONFIG; METER_ERR_FLASH */
int meter_store_load(struct meter *meter);

/* Keep meter->state when it changed. 0; METER_ERR_FLASH */
int meter_store_state(struct meter *meter);

/* Keep meter->parameters. 0; METER_ERR_FLASH */
int meter_store_parameters(struct meter *meter);

/* Keep a midnight that was put into meter->freezes. 0; METER_ERR_FLASH */
int meter_store_freeze(struct meter *meter, int32_t day, uint32_t volume_l);

/* Keep an hour of quarters that were put into meter->intervals. 0; METER_ERR_FLASH */
int meter_store_interval_hour(struct meter *meter, int32_t day, unsigned hour);

/* Remember and keep what went wrong; a failing flash is not reported from here. */
void meter_incident_note(struct meter *meter, enum meter_incident_kind kind, uint8_t detail);

/* meter_clock.c: calendar, midnights, report times. */

/* s since 1970 UTC; 0 when the clock is lost. */
int64_t meter_clock_s(const struct meter *meter);

/* Local day since 1970; 0 when the clock is lost. */
int32_t meter_clock_day(const struct meter *meter);

/* Latch the midnight that has passed. Returns when the next one comes, in ms. */
int64_t meter_clock_step(struct meter *meter);

/* The next periodic report after now, in ms (S3-121). */
int64_t meter_clock_report_due_ms(const struct meter *meter);

/* Set the calendar clock. False when outside 2020 to 2100. */
bool meter_clock_set(struct meter *meter, int64_t clock_s);

/* meter_interval.c: quarters of an hour. */

/* Latch the quarter that has passed. Returns when the next one comes, in ms; INT64_MAX without a log or a clock. */
int64_t meter_interval_step(struct meter *meter);

/* Append the quarters of intervals.telling_day as SenML-CBOR. Negative CODEC_ERR_* */
int meter_interval_write(struct meter *meter, struct writer *out);

/* meter_flow.c: alarms from moving water. */

void meter_flow_count(struct meter *meter, int64_t volume_ml);
int64_t meter_flow_step(struct meter *meter);
void meter_flow_check(struct meter *meter);

/* meter_account.c: money in the meter, and who holds the valve closed. */

/* Charge water that was used. */
void meter_account_charge(struct meter *meter, int64_t volume_ml);

/* Compare balance and limits: alarm, hold. */
void meter_account_judge(struct meter *meter);

/* Bring the valve where the holds want it. */
void meter_hold_apply(struct meter *meter, bool anew);

/* Commands; each returns the CoAP code of the answer. */
uint8_t meter_account_recharge(struct meter *meter, uint32_t serial, int64_t amount_fen);
uint8_t meter_hold_command(struct meter *meter, uint32_t serial, bool closed);

/* meter_alarm.c */

void meter_alarm_set(struct meter *meter, enum alarm alarm, bool standing);
bool meter_alarm_stands(const struct meter *meter, enum alarm alarm);

/* Sensors and battery. */
void meter_alarm_check(struct meter *meter);

/* meter_report.c: what we say. */

/* The notice of this moment; a moving valve is not told, so known.valve_state stands for it. */
struct meter_notice meter_notice_now(const struct meter *meter);

/* Is there a change to tell, and since when may it be told? ms; INT64_MAX nothing */
int64_t meter_notice_due_ms(const struct meter *meter);

/* The message on its way arrived, or was given up: its notice is no news any more. */
void meter_notice_done(struct meter *meter);

/* Append the given fields (set of WATER_METER_BIT) as SenML-CBOR. Negative CODEC_ERR_* */
int meter_report_write(const struct meter *meter, uint32_t fields, struct writer *out);

/* meter_exchange.c: one confirmable request of ours at a time. */

enum meter_purpose {
    METER_PURPOSE_NONE,
    METER_PURPOSE_REGISTER,
    METER_PURPOSE_UPDATE,
    METER_PURPOSE_REPORT,
    METER_PURPOSE_EVENT,
    METER_PURPOSE_HEARTBEAT,
    METER_PURPOSE_INTERVALS,
    METER_PURPOSE_COUNT
};

enum meter_exchange_outcome { METER_EXCHANGE_WAITING, METER_EXCHANGE_ANSWERED, METER_EXCHANGE_FAILED };

/* Build the message and send it the first time. */
void meter_exchange_start(struct meter *meter, enum meter_purpose purpose);

/* Repeat it when due; METER_EXCHANGE_FAILED after the last try. */
enum meter_exchange_outcome meter_exchange_step(struct meter *meter);

/* A response, acknowledgement or reset came. */
enum meter_exchange_outcome meter_exchange_receive(struct meter *meter, const struct coap_message *message);

void meter_exchange_end(struct meter *meter);

/* An empty message: acknowledgement or reset. */
void meter_exchange_send_empty(struct meter *meter, enum coap_type type, uint16_t message_id);

/* meter_request.c: what the platform asks. */

void meter_request_receive(struct meter *meter, const struct coap_message *message);
void meter_request_forget(struct meter *meter);

/* meter_session.c: from waking to sleeping. */

void meter_session_open(struct meter *meter);
int64_t meter_session_step(struct meter *meter);
void meter_session_attached(struct meter *meter, bool attached);
void meter_session_received(struct meter *meter, struct span bytes);
void meter_session_reschedule(struct meter *meter);

#endif
