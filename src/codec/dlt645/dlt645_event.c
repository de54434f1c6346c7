/* DL/T 645-2007 table A.4: events (03xxxxxx) and relay operations (1Dxxxxxx trips, 1Exxxxxx closings). DI0 00 is how
 * often, 01 to 0A the last n-th record. Of records that are longer than the fields known here the rest is shown as
 * bytes. */
#include "codec/dlt645/dlt645_table.h"

#define TIMES(english, chinese) DLT645_NAMED(COUNT, NONE, BCD, 3, 0, english, chinese)
#define MINUTES(english, chinese) DLT645_NAMED(DURATION, MINUTE, BCD, 3, 0, english, chinese)
#define START DLT645_PLAIN(START_TIME, SECOND, 6)
#define FINISH DLT645_PLAIN(END_TIME, SECOND, 6)
#define WHEN DLT645_NAMED(DATE_TIME, NONE, SECOND, 6, 0, "Time of the event", "发生时刻")
#define OPERATOR DLT645_NAMED(PARAMETER, NONE, DIGITS, 4, 0, "Operator code", "操作者代码")
#define ENERGY(quantity, unit, english, chinese) DLT645_NAMED(quantity, unit, BCD, 4, -2, english, chinese)
#define IDENTIFIER DLT645_NAMED(EVENT, NONE, FLAGS, 4, 0, "Data identifier", "数据标识")

static const struct dlt645_field phase_totals[] = {
    TIMES("Phase A count", "A相次数"), MINUTES("Phase A cumulated time", "A相累计时间"),
    TIMES("Phase B count", "B相次数"), MINUTES("Phase B cumulated time", "B相累计时间"),
    TIMES("Phase C count", "C相次数"), MINUTES("Phase C cumulated time", "C相累计时间"),
};
static const struct dlt645_field totals[] = { TIMES("Count", "总次数"), MINUTES("Cumulated time", "总累计时间") };
static const struct dlt645_field start_and_end[] = { START, FINISH };
static const struct dlt645_field all_phase_loss[] = {
    START,
    DLT645_NAMED(CURRENT, A, SIGNED, 3, -3, "Current when it began", "发生时刻电流"),
    FINISH,
};
static const struct dlt645_field when_and_who[] = { WHEN, OPERATOR };
static const struct dlt645_field when_who_and_what[] = { WHEN, OPERATOR, IDENTIFIER };
static const struct dlt645_field time_change[] = {
    OPERATOR,
    DLT645_NAMED(START_TIME, NONE, SECOND, 6, 0, "Time before the change", "校时前时间"),
    DLT645_NAMED(END_TIME, NONE, SECOND, 6, 0, "Time after the change", "校时后时间"),
};

/* The six totals that a record keeps at a moment. */
#define TOTALS_AT(english, chinese) \
    ENERGY(ENERGY_ACTIVE_IMPORT, KWH, "Forward active energy " english, chinese "正向有功总电能"), \
        ENERGY(ENERGY_ACTIVE_EXPORT, KWH, "Reverse active energy " english, chinese "反向有功总电能"), \
        ENERGY(ENERGY_REACTIVE_QUADRANT_1, KVARH, "Quadrant 1 reactive energy " english, \
               chinese "第一象限无功总电能"), \
        ENERGY(ENERGY_REACTIVE_QUADRANT_2, KVARH, "Quadrant 2 reactive energy " english, \
               chinese "第二象限无功总电能"), \
        ENERGY(ENERGY_REACTIVE_QUADRANT_3, KVARH, "Quadrant 3 reactive energy " english, \
               chinese "第三象限无功总电能"), \
        ENERGY(ENERGY_REACTIVE_QUADRANT_4, KVARH, "Quadrant 4 reactive energy " english, chinese "第四象限无功总电能")

static const struct dlt645_field cover_opening[] = {
    START,
    FINISH,
    TOTALS_AT("before opening", "开盖前"),
    TOTALS_AT("after closing", "开盖后"),
};
static const struct dlt645_field relay_operation[] = { WHEN, OPERATOR, TOTALS_AT("at the operation", "操作时") };

static const struct dlt645_record phase_totals_record = DLT645_RECORD(phase_totals);
static const struct dlt645_record totals_record = DLT645_RECORD(totals);
static const struct dlt645_record start_and_end_record = DLT645_RECORD(start_and_end);
static const struct dlt645_record all_phase_loss_record = DLT645_RECORD(all_phase_loss);
static const struct dlt645_record when_and_who_record = DLT645_RECORD(when_and_who);
static const struct dlt645_record programming_record = DLT645_LIST(when_who_and_what, 2, NUMBER);
static const struct dlt645_record event_clear_record = DLT645_RECORD(when_who_and_what);
static const struct dlt645_record time_change_record = DLT645_RECORD(time_change);
static const struct dlt645_record cover_opening_record = DLT645_RECORD(cover_opening);
static const struct dlt645_record relay_operation_record = DLT645_RECORD(relay_operation);

#define COUNT_FIELD DLT645_BCD(COUNT, NONE, 3, 0)
#define EACH_PHASE \
    { \
        DLT645_AXIS_PHASE, 1, 3, false \
    }

/* A count alone, with the record of each occurrence. */
#define COUNTED_ROWS(identifier, record, english, chinese) \
    { identifier, DLT645_FIXED, DLT645_FIXED, COUNT_FIELD, NULL, english " count", chinese "总次数" }, \
    { \
        identifier + 1, DLT645_FIXED, DLT645_LAST_TEN, DLT645_NO_FIELD, &record, english " record", chinese "记录" \
    }
/* Count and time of each phase, and the records of each phase. */
#define PHASE_ROWS(identifier, english, chinese) \
    { identifier, \
      DLT645_FIXED, \
      DLT645_FIXED, \
      DLT645_NO_FIELD, \
      &phase_totals_record, \
      english " counts and times", \
      chinese "总次数、总累计时间" }, \
    { \
        identifier + 0x101, EACH_PHASE, DLT645_LAST_TEN, DLT645_NO_FIELD, &start_and_end_record, english " record", \
            chinese "记录" \
    }
/* Count and time of the whole meter, and its records. */
#define TIMED_ROWS(identifier, record, english, chinese) \
    { identifier, \
      DLT645_FIXED, \
      DLT645_FIXED, \
      DLT645_NO_FIELD, \
      &totals_record, \
      english " count and time", \
      chinese "总次数、总累计时间" }, \
    { \
        identifier + 1, DLT645_FIXED, DLT645_LAST_TEN, DLT645_NO_FIELD, &record, english " record", chinese "记录" \
    }
/* Purchases of the last ten times; `unit` kWh or yuan. */
#define PURCHASE_ROWS(identifier, unit, kind, chinese) \
    { identifier + 0x101,    DLT645_FIXED,      DLT645_LAST_TEN, DLT645_PLAIN(DATE_TIME, MINUTE, 5), NULL, \
      kind " purchase date", chinese "购电日期" }, \
        { identifier + 0x201, \
          DLT645_FIXED, \
          DLT645_LAST_TEN, \
          DLT645_BCD(PURCHASE_COUNT, NONE, 2, 0), \
          NULL, \
          kind " purchase count", \
          chinese "购电后总购电次数" }, \
        { identifier + 0x301,      DLT645_FIXED,    DLT645_LAST_TEN, DLT645_BCD(PURCHASE_AMOUNT, unit, 4, -2), NULL, \
          kind " purchase amount", chinese "购电量" }, \
        { identifier + 0x401, \
          DLT645_FIXED, \
          DLT645_LAST_TEN, \
          DLT645_BCD(BALANCE, unit, 4, -2), \
          NULL, \
          kind " balance before the purchase", \
          chinese "购电前剩余" }, \
        { identifier + 0x501, \
          DLT645_FIXED, \
          DLT645_LAST_TEN, \
          DLT645_BCD(BALANCE, unit, 4, -2), \
          NULL, \
          kind " balance after the purchase", \
          chinese "购电后剩余" }, \
    { \
        identifier + 0x601, DLT645_FIXED, DLT645_LAST_TEN, DLT645_BCD(PURCHASE_TOTAL, unit, 4, -2), NULL, \
            kind " accumulated purchases", chinese "购电后累计购电" \
    }

static const struct dlt645_row event_rows[] = {
    PHASE_ROWS(0x03010000, "Voltage loss", "失压"),
    PHASE_ROWS(0x03020000, "Undervoltage", "欠压"),
    PHASE_ROWS(0x03030000, "Overvoltage", "过压"),
    PHASE_ROWS(0x03040000, "Phase failure", "断相"),
    TIMED_ROWS(0x03050000, all_phase_loss_record, "All-phase voltage loss", "全失压"),
    TIMED_ROWS(0x03060000, start_and_end_record, "Auxiliary supply loss", "辅助电源失电"),
    TIMED_ROWS(0x03070000, start_and_end_record, "Voltage reverse sequence", "电压逆相序"),
    TIMED_ROWS(0x03080000, start_and_end_record, "Current reverse sequence", "电流逆相序"),
    TIMED_ROWS(0x03090000, start_and_end_record, "Voltage unbalance", "电压不平衡"),
    TIMED_ROWS(0x030a0000, start_and_end_record, "Current unbalance", "电流不平衡"),
    PHASE_ROWS(0x030b0000, "Current loss", "失流"),
    PHASE_ROWS(0x030c0000, "Overcurrent", "过流"),
    PHASE_ROWS(0x030d0000, "Current break", "断流"),
    PHASE_ROWS(0x030e0000, "Power flow reversal", "潮流反向"),
    PHASE_ROWS(0x030f0000, "Overload", "过载"),
    COUNTED_ROWS(0x03110000, start_and_end_record, "Power failure", "掉电"),
    COUNTED_ROWS(0x03300000, programming_record, "Programming", "编程"),
    COUNTED_ROWS(0x03300100, when_and_who_record, "Meter clear", "电表清零"),
    COUNTED_ROWS(0x03300200, when_and_who_record, "Demand clear", "需量清零"),
    COUNTED_ROWS(0x03300300, event_clear_record, "Event clear", "事件清零"),
    COUNTED_ROWS(0x03300400, time_change_record, "Time change", "校时"),
    COUNTED_ROWS(0x03300d00, cover_opening_record, "Cover opening", "开表盖"),
    COUNTED_ROWS(0x03300e00, cover_opening_record, "Terminal cover opening", "开端钮盖"),
    PURCHASE_ROWS(0x03320000, KWH, "Energy", "电量型"),
    PURCHASE_ROWS(0x03330000, YUAN, "Money", "金额型"),
};

/* 1D000001 and 1E000001 count, 1D0001nn and 1E0001nn are the records. */
static const struct dlt645_row trip_rows[] = {
    { 0x1d000001, DLT645_FIXED, DLT645_FIXED, COUNT_FIELD, NULL, "Trip count", "跳闸次数" },
    { 0x1d000101, DLT645_FIXED, DLT645_LAST_TEN, DLT645_NO_FIELD, &relay_operation_record, "Trip record", "跳闸记录" },
};
static const struct dlt645_row close_rows[] = {
    { 0x1e000001, DLT645_FIXED, DLT645_FIXED, COUNT_FIELD, NULL, "Closing count", "合闸次数" },
    { 0x1e000101, DLT645_FIXED, DLT645_LAST_TEN, DLT645_NO_FIELD, &relay_operation_record, "Closing record",
      "合闸记录" },
};

const struct dlt645_table dlt645_event_table = DLT645_TABLE(event_rows, "DL/T 645-2007 table A.4");
const struct dlt645_table dlt645_trip_table = DLT645_TABLE(trip_rows, "DL/T 645-2007 extension 1D");
const struct dlt645_table dlt645_close_table = DLT645_TABLE(close_rows, "DL/T 645-2007 extension 1E");
