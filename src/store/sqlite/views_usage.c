#include "store/sqlite/view_texts.h"

/* Views of use and completeness. Per meter: differences of accepted midnights only, a gap stays null. Per area: the
 * figures that are kept as readings are believed, in which a gap is part of the day that ends it. */

/* A day's state from the device's map, its first day and today; what is not due yet is not missing. */
#define DAY_STATE \
    "CASE WHEN days.day <= (d.installed_s + :zone_s) / 86400 THEN 'not_installed'" \
    " WHEN days_known(s.complete_days & s.on_time_days, s.newest_day, days.day, days.day) > 0 THEN 'on_time'" \
    " WHEN days_known(s.complete_days, s.newest_day, days.day, days.day) > 0 THEN 'late'" \
    " WHEN days.day > :today OR (days.day = :today AND (:now_s + :zone_s) % 86400 < d.report_time_s) THEN 'not_due'" \
    " ELSE 'missing' END"

static const struct view_text rows[] = {
    { VIEW_DEVICE_USAGE_DAYS,
        VIEW_DAYS
        "SELECT d.kind AS device_kind, days.day AS \"day!day\", CASE WHEN q.day IS NOT NULL THEN q.total_value - r.total_value END"
        " AS usage_value, coalesce(max(r.quality, q.quality) = 3, false) AS \"estimated!bool\", r.register_value, r.quality,"
        " CASE WHEN days.day = (d.installed_s + :zone_s) / 86400 THEN"
        "  CASE WHEN d.replaces_device_id IS NOT NULL THEN 'exchange' ELSE 'install' END"
        "  WHEN q.register_value < r.register_value THEN 'rollover' WHEN r.quality = 2 THEN 'correction' END AS mark"
        " FROM device d" VIEW_JOIN_AREA "CROSS JOIN days"
        " LEFT JOIN midnights(d.device_id, days.day, days.day) r ON true"
        " LEFT JOIN midnights(d.device_id, days.day + 1, days.day + 1) q ON true"
        " WHERE d.device_id = :object AND" VIEW_IN_SCOPE "ORDER BY days.day" },

    /* Between neighbouring readings, however far apart: a month loses nothing to its gaps. */
    { VIEW_DEVICE_USAGE_MONTHS,
        VIEW_DAYS
        ", reads AS (SELECT r.day AS day, r.quality AS quality, r.register_value AS register_value,"
        "  r.total_value - lag(r.total_value) OVER (ORDER BY r.day) AS step_value"
        "  FROM days CROSS JOIN midnights(:object, days.day, days.day) r)"
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
        VIEW_DAYS ", figures AS" VIEW_AREA_FIGURES("g.kind =" VIEW_ONE_KIND)
        "SELECT" VIEW_ONE_KIND "AS device_kind, days.day AS \"day!day\", CASE WHEN e.received > 0 THEN coalesce(f.usage_value, 0) END AS usage_value,"
        " 0 AS \"estimated!bool\", NULL AS register_value, NULL AS quality, NULL AS mark,"
        " coalesce(e.received, 0) AS devices"
        " FROM days LEFT JOIN figures f ON f.day = days.day LEFT JOIN figures e ON e.day = days.day + 1"
        " ORDER BY days.day" },

    { VIEW_USAGE_MONTHS,
        "WITH figures AS" VIEW_AREA_FIGURES("g.kind =" VIEW_ONE_KIND)
        "SELECT" VIEW_ONE_KIND "AS device_kind, strftime('%Y-%m-01', e.day * 86400 - 86400, 'unixepoch') AS day,"
        " sum(coalesce(f.usage_value, 0)) AS usage_value,"
        " 0 AS \"estimated!bool\", NULL AS register_value, NULL AS quality,"
        " NULL AS mark, max(e.received) AS devices"
        " FROM figures e LEFT JOIN figures f ON f.day = e.day - 1 WHERE e.day > :from GROUP BY 2 ORDER BY 2" },

    { VIEW_COMPLETENESS_FIGURES,
        "SELECT count(*) AS devices, coalesce(sum(due), 0) AS due, coalesce(sum(received), 0) AS received,"
        " coalesce(sum(on_time), 0) AS on_time,"
        " CASE WHEN sum(due) > 0 THEN sum(on_time) * 10000 / sum(due) END AS on_time_rate_e4,"
        " CASE WHEN sum(due) > 0 THEN sum(received) * 10000 / sum(due) END AS eventual_rate_e4,"
        " count(*) FILTER (WHERE received >= due) AS ready_devices FROM ("
        "SELECT max(0, min(:days, :today - (d.installed_s + :zone_s) / 86400)) AS due,"
        " days_known(s.complete_days, s.newest_day, max(:today - :days + 1, (d.installed_s + :zone_s) / 86400 + 1), :today)"
        "  AS received,"
        " days_known(s.complete_days & s.on_time_days, s.newest_day,"
        "  max(:today - :days + 1, (d.installed_s + :zone_s) / 86400 + 1), :today) AS on_time"
        " FROM area a JOIN device d ON d.area_id = a.area_id AND d.removed_s IS NULL AND" VIEW_METER "AND"
        VIEW_ANY_KIND("d.kind") "LEFT JOIN device_state s ON s.device_id = d.device_id WHERE" VIEW_IN_SCOPE ")" },

    { VIEW_COMPLETENESS_DAYS,
        VIEW_DAYS ", figures AS" VIEW_AREA_FIGURES(VIEW_ANY_KIND("g.kind")) ", service AS"
        VIEW_SERVICE_DAYS(VIEW_ANY_KIND("d.kind"))
        ", owed AS (SELECT days.day AS day," VIEW_DUE_ON_DAY "AS due FROM days)"
        "SELECT owed.day AS \"day!day\", owed.due, min(coalesce(f.received, 0), owed.due) AS received,"
        " min(coalesce(f.on_time, 0), owed.due) AS on_time"
        " FROM owed LEFT JOIN figures f ON f.day = owed.day WHERE owed.due > 0 ORDER BY owed.day" },

    { VIEW_COMPLETENESS_BUILDINGS,
        "SELECT x.area_id, a.name, coalesce(p.name, '') AS parent_name, x.devices, x.due, x.received, x.on_time,"
        " x.due - x.received AS missing FROM ("
        "SELECT d.area_id AS area_id, count(*) AS devices,"
        " sum(max(0, min(:days, :today - (d.installed_s + :zone_s) / 86400))) AS due,"
        " sum(days_known(s.complete_days, s.newest_day,"
        "  max(:today - :days + 1, (d.installed_s + :zone_s) / 86400 + 1), :today)) AS received,"
        " sum(days_known(s.complete_days & s.on_time_days, s.newest_day,"
        "  max(:today - :days + 1, (d.installed_s + :zone_s) / 86400 + 1), :today)) AS on_time"
        " FROM area a JOIN device d ON d.area_id = a.area_id AND d.removed_s IS NULL AND" VIEW_METER "AND"
        VIEW_ANY_KIND("d.kind") "LEFT JOIN device_state s ON s.device_id = d.device_id WHERE" VIEW_IN_SCOPE
        "GROUP BY d.area_id) x"
        " JOIN area a ON a.area_id = x.area_id LEFT JOIN area p ON p.area_id = a.parent_area_id"
        " ORDER BY missing DESC, x.area_id LIMIT 500" },
};

const struct view_text_list view_texts_usage = { rows, sizeof rows / sizeof rows[0] };
