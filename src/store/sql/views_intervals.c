#include "store/cut_text.h"
#include "store/sql/view_texts.h"

/* Views of quarter-hours: one row a day with its block, and what a day is compared with. */

/* The row of a day (i) and the folded block that may hold it (f): the row counts. A block of eight days may hold only some of them. */
#define INTERVAL_JOIN(i, f, day_, channel_) \
    CUT_OR_WHOLE( \
    " LEFT JOIN interval_day_at(" day_ ", d.device_id, " channel_ ") " i " ON true" \
    " LEFT JOIN interval_block_at((" day_ ") / 8, d.device_id, " channel_ ") " f " ON true", \
    " LEFT JOIN interval_day " i " ON " i ".day = " day_ " AND " i ".device_id = d.device_id AND " i ".channel = " channel_ \
    " LEFT JOIN interval_block " f " ON " f ".stretch = (" day_ ") / 8 AND " f ".device_id = d.device_id" \
    "  AND " f ".channel = " channel_)

#define MAIN_CHANNEL "kind_quantity(d.kind) << 16"

static const struct view_text rows[] = {
    /* Days :from to :to of one register, also those of which nothing came. `before` is the day before, where no midnight
     * says how the day began. Midnights are those of the main register. */
    { VIEW_DEVICE_INTERVALS,
        VIEW_DAYS VIEW_LATCHED
        "SELECT d.kind, d.register_modulus_value, d.flow_limit_value_per_h, days.day,"
        " coalesce(i.received_s, f.received_s) AS received_s, coalesce(i.scale_e3, f.scale_e3) AS scale_e3,"
        " coalesce(i.block, f.block) AS block, m.register_value AS begin_value, n.register_value AS end_value, n.multiplier_e3,"
        " CASE WHEN m.register_value IS NULL THEN coalesce(y.block, g.block) END AS before_block"
        " FROM device d" VIEW_JOIN_AREA "CROSS JOIN days"
        INTERVAL_JOIN("i", "f", "days.day", ":channel") INTERVAL_JOIN("y", "g", "days.day - 1", ":channel")
        " LEFT JOIN latched m ON m.day = days.day AND kind_quantity(d.kind) << 16 = :channel"
        " LEFT JOIN latched n ON n.day = days.day + 1 AND kind_quantity(d.kind) << 16 = :channel"
        " WHERE d.device_id = :object AND" VIEW_IN_SCOPE "AND" VIEW_METER "ORDER BY days.day" },

    /* The registers that a device reported by quarter-hours in the last 32 days, with the newest day of each. */
    { VIEW_DEVICE_INTERVAL_CHANNELS,
        "WITH RECURSIVE days(day) AS (SELECT CAST(:today AS INTEGER) UNION ALL SELECT day - 1 FROM days WHERE day > :today - 32)"
        "SELECT quantity_name(i.channel >> 16) AS quantity, quantity_unit(i.channel >> 16) AS unit,"
        " i.channel >> 8 & 255 AS register_index, max(i.day) AS \"day!day\", count(*) AS days"
        " FROM device d" VIEW_JOIN_AREA "CROSS JOIN days CROSS JOIN "
        CUT_OR_WHOLE("interval_day_at(days.day, d.device_id, NULL) i",
        "interval_day i ON i.day = days.day AND i.device_id = d.device_id")
        " WHERE d.device_id = :object AND" VIEW_IN_SCOPE "GROUP BY i.channel ORDER BY i.channel" },

    /* The main registers of one kind of meter on :day. */
    { VIEW_AREA_INTERVALS,
        "SELECT d.kind, d.register_modulus_value, d.flow_limit_value_per_h, :day AS day,"
        " coalesce(i.received_s, f.received_s) AS received_s, coalesce(i.scale_e3, f.scale_e3) AS scale_e3,"
        " coalesce(i.block, f.block) AS block, m.register_value AS begin_value, n.register_value AS end_value, n.multiplier_e3,"
        " NULL AS before_block"
        " FROM area a CROSS JOIN device d ON d.area_id = a.area_id AND d.kind =" VIEW_ONE_KIND
        INTERVAL_JOIN("i", "f", ":day", MAIN_CHANNEL)
        " LEFT JOIN midnights(d.device_id, :day, :day) m ON true"
        " LEFT JOIN midnights(d.device_id, :day + 1, :day + 1) n ON true"
        " WHERE" VIEW_SLICE(VIEW_DEVICE_PATH, "d.device_id") "AND d.installed_s < (:day + 1) * 86400 - :zone_s"
        " AND (d.removed_s IS NULL OR d.removed_s > :day * 86400 - :zone_s)" },
};

const struct view_text_list view_texts_intervals = { rows, sizeof rows / sizeof rows[0] };
