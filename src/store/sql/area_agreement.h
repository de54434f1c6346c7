/* What must hold between the figures that are kept of areas (schema 0055, 0056) and what they are figures of: each a query of a
 * tenant that gives what does not fit, at most ten. */
#ifndef STORE_SQL_AREA_AGREEMENT_H
#define STORE_SQL_AREA_AGREEMENT_H

/* Meters that the counts hold (d), with each area above (x, a) and their state (s). */
#define AREA_COUNTED_METERS(tenant) \
    " FROM area_count_progress z CROSS JOIN device d ON d.device_id <= z.device_id AND d.kind NOT IN ('collector', 'concentrator', 'line')" \
    " CROSS JOIN area_above x ON x.area_id = d.area_id CROSS JOIN area a ON a.area_id = x.above_id" \
    " LEFT JOIN device_state s ON s.device_id = d.device_id WHERE d.tenant_id = " tenant " "

/* what     the column beside area and kind
 * derived  rows of area, kind, what and minus the number of devices */
#define AREA_COUNTS_AGREE(tenant, table, what, derived) \
    "SELECT 'area ' || area_id || ' ' || kind || ' ' || " what " AS difference FROM (SELECT c.area_id AS area_id, c.kind AS kind, c." what " AS " what "," \
    " c.devices AS devices FROM " table " c JOIN area a ON a.area_id = c.area_id WHERE a.tenant_id = " tenant " UNION ALL " derived \
    ") c GROUP BY area_id, kind, " what " HAVING sum(devices) <> 0 LIMIT 10"

#define AREA_AGREEMENT_STATUS(tenant) \
    AREA_COUNTS_AGREE(tenant, "area_status", "status", "SELECT x.above_id, d.kind, coalesce(s.status, 0), -1" \
                      AREA_COUNTED_METERS(tenant) "AND d.removed_s IS NULL")

#define AREA_AGREEMENT_DUE(tenant) \
    AREA_COUNTS_AGREE(tenant, "area_due", "day", "SELECT x.above_id, e.kind, e.day, -e.devices FROM area_count_progress z" \
                      " CROSS JOIN device_due e ON e.device_id <= z.device_id AND e.kind NOT IN ('collector', 'concentrator', 'line')" \
                      " JOIN area_above x ON x.area_id = e.area_id JOIN area a ON a.area_id = e.area_id WHERE a.tenant_id = " tenant)

#define AREA_AGREEMENT_REPORT_TIME(tenant) \
    AREA_COUNTS_AGREE(tenant, "area_report_time", "quarter", "SELECT x.above_id, d.kind, d.report_time_s / 900 + 1, -1" \
                      AREA_COUNTED_METERS(tenant) "AND d.removed_s IS NULL AND a.kind <> 'building'")

/* Of meters whose states are all in their rows; those of a storm of reports come there within a minute. */
#define AREA_AGREEMENT_GAP(tenant) \
    "SELECT g.difference FROM (" \
    AREA_COUNTS_AGREE(tenant, "area_gap", "gap_day", "SELECT above_id, kind, gap, -1 FROM (SELECT x.above_id AS above_id, d.kind AS kind," \
                      " gap_day(s.complete_days, s.newest_day, (d.installed_s + (SELECT zone_offset_s FROM tenant" \
                      "  WHERE tenant_id = " tenant ")) / 86400) AS gap" AREA_COUNTED_METERS(tenant) \
                      "AND d.removed_s IS NULL AND a.kind <> 'building' AND z.gaps_counted = 1) g WHERE gap > 0") \
    ") g WHERE NOT EXISTS (SELECT 1 FROM state_log)"

/* Of the newest 64 days of area_day, as far as they are summed up: those that can change. */
#define AREA_SUMMED_DAYS(tenant, day) \
    " a.tenant_id = " tenant " AND a.kind <> 'building' AND " day " >= (SELECT from_day FROM area_count_progress)" \
    " AND " day " > (SELECT max(day) - 64 FROM area_day) "
#define AREA_DAYS_ABOVE " FROM area_day g CROSS JOIN area_above x ON x.area_id = g.area_id CROSS JOIN area a ON a.area_id = x.above_id WHERE"
#define AREA_AGREEMENT_MIDNIGHT(tenant) \
    "SELECT 'area ' || area_id || ' ' || kind || ' ' || date(day * 86400, 'unixepoch') FROM (" \
    "SELECT g.area_id AS area_id, g.kind AS kind, g.day AS day, g.received AS received, g.on_time AS on_time, g.usage_value AS usage_value" \
    " FROM area_midnight g JOIN area a ON a.area_id = g.area_id WHERE" AREA_SUMMED_DAYS(tenant, "g.day") \
    "UNION ALL SELECT x.above_id, g.kind, g.day, -g.received, -g.on_time, 0" AREA_DAYS_ABOVE AREA_SUMMED_DAYS(tenant, "g.day") \
    "UNION ALL SELECT x.above_id, g.kind, g.day + 1, 0, 0, -g.usage_value" AREA_DAYS_ABOVE AREA_SUMMED_DAYS(tenant, "g.day + 1") \
    ") c GROUP BY area_id, kind, day HAVING sum(received) <> 0 OR sum(on_time) <> 0 OR sum(usage_value) <> 0 LIMIT 10"

#endif
