#include "store/sql/view_texts.h"

/* Views of use and completeness. Per meter: differences of accepted midnights only, a gap stays null. Per area: the
 * figures that are kept as readings are believed, in which a gap is part of the day that ends it. */

/* A day's state from the device's map, its first day and today; what is not due yet is not missing. */
#define DAY_STATE \
    "CASE WHEN days.day <= (d.installed_s + :zone_s) / 86400 THEN 'not_installed'" \
    " WHEN days_known(s.complete_days & s.on_time_days, s.newest_day, days.day, days.day) > 0 THEN 'on_time'" \
    " WHEN days_known(s.complete_days, s.newest_day, days.day, days.day) > 0 THEN 'late'" \
    " WHEN days.day > :today OR (days.day = :today AND (:now_s + :zone_s) % 86400 < d.report_time_s) THEN 'not_due'" \
    " ELSE 'missing' END"

/* Meters of a building that gave every midnight they owed of the days :from to :today. */
#define READY_OF_BUILDING \
    " SELECT count(*) AS devices FROM (SELECT 1 FROM area WHERE area_id = :scope_area AND kind = 'building') CROSS JOIN area a" \
    " CROSS JOIN device d ON d.area_id = a.area_id LEFT JOIN device_state s ON s.device_id = d.device_id WHERE" VIEW_IN_SCOPE \
    "AND d.removed_s IS NULL AND" VIEW_METER "AND" VIEW_ANY_KIND("d.kind") \
    "AND coalesce(days_known(s.complete_days, s.newest_day, :from, :today), 0) >=" \
    " CASE WHEN" VIEW_OWES_FROM "> :from THEN :today + 1 -" VIEW_OWES_FROM "ELSE :today + 1 - :from END "

/* Of any other area: those that gave today's, without the few of them that lack one before it; and those that owe none yet. */
#define READY_OF_OTHERS \
    " SELECT (SELECT coalesce(sum(d.received), 0) FROM area_midnight d WHERE d.day = :today AND d.area_id = :scope_area" \
    "   AND" VIEW_ANY_KIND("d.kind") ") - (SELECT coalesce(sum(d.devices), 0) FROM area_gap d WHERE d.newest_day = :today" \
    "   AND d.area_id = :scope_area AND d.gap_day >= :from AND" VIEW_ANY_KIND("d.kind") ")" \
    "  + (SELECT coalesce(sum(d.devices), 0) FROM area_due d WHERE d.area_id = :scope_area AND d.day > :today AND" \
    VIEW_ANY_KIND("d.kind") ") AS devices FROM area WHERE area_id = :scope_area AND kind <> 'building' "

/* What was owed and what came of it on the days :from to :to, as owed and met. */
#define OWED_AND_MET \
    VIEW_DAYS "," VIEW_SPAN "," VIEW_FIGURES(VIEW_ANY_KIND("d.kind")) "," VIEW_OWING(VIEW_ANY_KIND("d.kind")) \
    ", owed AS (SELECT days.day AS day," VIEW_DUE_ON("days.day") "AS due FROM days)," \
    " met AS MATERIALIZED (SELECT o.day AS day, o.due AS due," VIEW_SMALLER("coalesce(f.received, 0)", "o.due") "AS received," \
    VIEW_SMALLER("coalesce(f.on_time, 0)", "o.due") "AS on_time FROM owed o LEFT JOIN figures f ON f.day = o.day) "

/* Of each area shown: what it owes by day. */
#define SHOWN_DUE \
    VIEW_SHOWN_COUNTS("d.day AS day", "area_due", "d.day <= :to AND" VIEW_ANY_KIND("d.kind"))
static const struct view_text rows[] = {
    { VIEW_DEVICE_USAGE_DAYS,
        VIEW_DAYS VIEW_LATCHED
        "SELECT d.kind AS device_kind, days.day AS \"day!day\", CASE WHEN q.day IS NOT NULL THEN q.total_value - r.total_value END"
        " AS usage_value, coalesce(max(r.quality, q.quality) = 3, false) AS \"estimated!bool\", r.register_value, r.quality,"
        " CASE WHEN days.day = (d.installed_s + :zone_s) / 86400 THEN"
        "  CASE WHEN d.replaces_device_id IS NOT NULL THEN 'exchange' ELSE 'install' END"
        "  WHEN q.register_value < r.register_value THEN 'rollover' WHEN r.quality = 2 THEN 'correction' END AS mark"
        " FROM device d" VIEW_JOIN_AREA "CROSS JOIN days"
        " LEFT JOIN latched r ON r.day = days.day LEFT JOIN latched q ON q.day = days.day + 1"
        " WHERE d.device_id = :object AND" VIEW_IN_SCOPE "ORDER BY days.day" },

    /* Between neighbouring readings, however far apart: a month loses nothing to its gaps. */
    { VIEW_DEVICE_USAGE_MONTHS,
        VIEW_DAYS VIEW_LATCHED
        ", reads AS (SELECT r.day AS day, r.quality AS quality, r.register_value AS register_value,"
        "  r.total_value - lag(r.total_value) OVER (ORDER BY r.day) AS step_value"
        "  FROM latched r WHERE r.day <= (SELECT max(day) FROM days))"
        "SELECT (SELECT kind FROM device WHERE device_id = :object) AS device_kind,"
        " strftime('%Y-%m-01', (reads.day - 1) * 86400, 'unixepoch') AS day, sum(reads.step_value) AS usage_value,"
        " max(reads.quality) = 3 AS \"estimated!bool\", max(reads.register_value) AS register_value,"
        " max(reads.quality) AS quality, NULL AS mark"
        " FROM reads WHERE reads.step_value IS NOT NULL AND EXISTS (SELECT 1 FROM device d JOIN area a USING (area_id)"
        "  WHERE d.device_id = :object AND" VIEW_IN_SCOPE ") GROUP BY 2 ORDER BY 2" },

    { VIEW_DEVICE_COMPLETENESS,
        VIEW_DAYS
        "SELECT days.day AS \"day!day\", " DAY_STATE " AS state"
        " FROM device d" VIEW_JOIN_AREA "LEFT JOIN device_state s ON s.device_id = d.device_id CROSS JOIN days"
        " WHERE d.device_id = :object AND" VIEW_IN_SCOPE "ORDER BY days.day" },

    { VIEW_USAGE_DAYS,
        VIEW_DAYS "," VIEW_SPAN "," VIEW_FIGURES("d.kind =" VIEW_ONE_KIND)
        "SELECT" VIEW_ONE_KIND "AS device_kind, days.day AS \"day!day\", CASE WHEN e.received > 0 THEN e.usage_value END AS usage_value,"
        " 0 AS \"estimated!bool\", NULL AS register_value, NULL AS quality, NULL AS mark,"
        " coalesce(e.received, 0) AS devices"
        " FROM days LEFT JOIN figures e ON e.day = days.day + 1 ORDER BY days.day" },

    { VIEW_USAGE_MONTHS,
        VIEW_DAYS "," VIEW_SPAN "," VIEW_FIGURES("d.kind =" VIEW_ONE_KIND)
        "SELECT" VIEW_ONE_KIND "AS device_kind, strftime('%Y-%m-01', e.day * 86400 - 86400, 'unixepoch') AS day,"
        " sum(e.usage_value) AS usage_value,"
        " 0 AS \"estimated!bool\", NULL AS register_value, NULL AS quality,"
        " NULL AS mark, max(e.received) AS devices"
        " FROM figures e WHERE e.day > :from GROUP BY 2 ORDER BY 2" },

    { VIEW_COMPLETENESS_FIGURES,
        OWED_AND_MET
        "SELECT coalesce(sum(m.due), 0) AS due, coalesce(sum(m.received), 0) AS received, coalesce(sum(m.on_time), 0) AS on_time,"
        " CASE WHEN sum(m.due) > 0 THEN sum(m.on_time) * 10000 / sum(m.due) END AS on_time_rate_e4,"
        " CASE WHEN sum(m.due) > 0 THEN sum(m.received) * 10000 / sum(m.due) END AS eventual_rate_e4 FROM met m" },

    { VIEW_COMPLETENESS_READY,
        "SELECT g.devices AS devices," VIEW_SMALLER("g.devices", "r.devices") "AS ready_devices"
        " FROM (SELECT coalesce(sum(d.devices), 0) AS devices FROM" VIEW_COUNTED_DEVICES "WHERE" VIEW_ANY_KIND("d.kind") ") g"
        " CROSS JOIN (SELECT sum(devices) AS devices FROM (" READY_OF_BUILDING " UNION ALL" READY_OF_OTHERS ") x) r" },

    { VIEW_COMPLETENESS_DAYS,
        OWED_AND_MET "SELECT m.day AS \"day!day\", m.due, m.received, m.on_time FROM met m WHERE m.due > 0 ORDER BY m.day" },

    { VIEW_COMPLETENESS_BUILDINGS,
        VIEW_DAYS "," VIEW_TILES
        ", counted AS (SELECT area_id, sum(devices) AS devices FROM (" VIEW_SHOWN_COUNTS("0", "area_status", VIEW_ANY_KIND("d.kind")) ") c GROUP BY area_id),"
        " due AS (SELECT area_id, sum(devices * (:to + 1 - CASE WHEN day > :from THEN day ELSE :from END)) AS due FROM (" SHOWN_DUE ") c"
        "  GROUP BY area_id),"
        " came AS (SELECT area_id, sum(received) AS received, sum(on_time) AS on_time FROM (" VIEW_SHOWN_MET ") c GROUP BY area_id),"
        " met AS (SELECT c.area_id AS area_id, c.devices AS devices, coalesce(e.due, 0) AS due,"
        VIEW_SMALLER("coalesce(x.received, 0)", "coalesce(e.due, 0)") "AS received,"
        VIEW_SMALLER("coalesce(x.on_time, 0)", "coalesce(e.due, 0)") "AS on_time"
        "  FROM counted c LEFT JOIN due e ON e.area_id = c.area_id LEFT JOIN came x ON x.area_id = c.area_id WHERE c.devices > 0)"
        "SELECT m.area_id, b.name, b.parent_name, m.devices, m.due, m.received, m.on_time, m.due - m.received AS missing"
        " FROM met m JOIN shown b ON b.area_id = m.area_id ORDER BY missing DESC, m.area_id LIMIT 500" },
};

const struct view_text_list view_texts_usage = { rows, sizeof rows / sizeof rows[0] };
