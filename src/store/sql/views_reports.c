#include "store/cut_text.h"
#include "store/sql/view_texts.h"

/* Views of reports over any set of meters (S1-030 to S1-035). */

/* The meters asked for: an area and all below it, a kind, or a list. */
#define REPORT_METERS "AND" VIEW_METER "AND" VIEW_ANY_KIND("d.kind")

/* The three ways to them: all, a list, and the meters of an area or a kind in the order of places, where an area without any of the
 * kind is passed over. Each finds a page without looking at the others. */
#define REPORT_OF_ALL(joins, filter) \
    " FROM device d" VIEW_JOIN_AREA joins "WHERE" VIEW_IN_SCOPE REPORT_METERS "AND d.device_id > coalesce(:cursor, 0)" filter \
    " ORDER BY d.device_id LIMIT :limit"
#define REPORT_OF_LIST(joins, filter) \
    " FROM (SELECT DISTINCT CAST(value AS INTEGER) AS device_id FROM json_each(:device_ids)) i" \
    " CROSS JOIN device d ON d.device_id = i.device_id" VIEW_JOIN_AREA joins "WHERE" VIEW_IN_SCOPE REPORT_METERS \
    "AND d.device_id > coalesce(:cursor, 0)" filter " ORDER BY d.device_id LIMIT :limit"
#define REPORT_OF_AREA(joins, filter) \
    " FROM area a CROSS JOIN device d ON d.area_id = a.area_id LEFT JOIN area p ON p.area_id = a.parent_area_id" \
    "  AND p.kind <> 'company' " joins "WHERE" VIEW_AFTER_CURSOR(VIEW_DEVICE_PATH(":cursor"), "d.device_id") \
    "AND (:kind IS NULL OR EXISTS (SELECT 1 FROM area_due t WHERE t.area_id = a.area_id AND t.kind = :kind)" \
    "  OR (SELECT device_id FROM area_count_progress) < 9223372036854775807) " REPORT_METERS filter \
    " ORDER BY a.path, d.device_id LIMIT :limit"

/* Also meters that were taken down: they were there in the time that the report is about. */
#define METER_COLUMNS \
    "SELECT d.device_id AS \"device_id!cursor\", d.device_id, d.meter_number," VIEW_PLACE "AS place, d.kind AS device_kind," \
    " d.multiplier_e3, d.register_modulus_value, d.flow_limit_value_per_h, d.installed_s, coalesce(d.removed_s, 0) AS removed_s"
#define METER_THERE " AND d.installed_s < :to_s AND (d.removed_s IS NULL OR d.removed_s > :from_s)"

#define CURRENT_COLUMNS \
    "SELECT d.device_id AS \"device_id!cursor\", d.device_id, d.meter_number," VIEW_PLACE "AS place, d.kind AS device_kind," \
    " c.name AS \"customer_name!name\", CASE WHEN s.register_s > 0 THEN s.register_value END AS register_value," \
    " CASE WHEN s.register_s > 0 THEN s.total_value END AS total_value, d.multiplier_e3, s.register_s AS \"register_s!time\"," \
    " CASE WHEN k.is_public <> 0 OR k.holds_units <> 0 THEN NULL WHEN k.payment_mode = 'prepaid_platform' THEN l.credits_fen - l.debits_fen" \
    "  WHEN k.payment_mode = 'prepaid_meter' THEN s.balance_fen END AS balance_fen," \
    " CASE WHEN k.is_public <> 0 THEN d.start_total_value - s.total_value WHEN k.holds_units <> 0" \
    "  THEN (SELECT shown_value FROM meter_units u WHERE u.account_id = k.account_id) END AS remaining_value," \
    " coalesce(k.is_public, 0) AS \"is_public!bool\", s.valve_state, coalesce(s.status, 0) AS status, s.last_received_s AS \"last_received_s!time\""
#define CURRENT_JOINS \
    "LEFT JOIN device_state s ON s.device_id = d.device_id LEFT JOIN account k ON k.device_id = d.device_id AND k.closed_s IS NULL" \
    " LEFT JOIN customer c ON c.customer_id = k.customer_id LEFT JOIN ledger_account l ON l.ledger_account_id = k.wallet_id "
#define CURRENT_THERE " AND d.removed_s IS NULL"

/* How many meters of kind k.kind on the area a itself owe the midnight that ends :day: those of the area without those of the
 * areas in it, and those that are not counted yet. */
#define DUE_OF(area) "d.area_id = " area " AND d.kind = k.kind AND d.day <= :day + 1"
#define OWN_DUE \
    "(SELECT coalesce(sum(d.devices), 0) FROM area_due d WHERE " DUE_OF("a.area_id") ")" \
    " - (SELECT coalesce(sum(d.devices), 0) FROM area c CROSS JOIN area_due d ON " DUE_OF("c.area_id") \
    "  WHERE c.tenant_id = :tenant AND c.parent_area_id = a.area_id)" \
    " + (SELECT count(*) FROM device d WHERE d.area_id = a.area_id AND d.device_id > (SELECT device_id FROM area_count_progress)" \
    "  AND d.kind = k.kind AND" VIEW_OWES(":day + 1") ")"

/* The midnights of a meter on the days of a list, as `m`. Those of a stretch are asked for together: they rest in one block. */
#define LISTED_MIDNIGHTS \
    "(SELECT min(l.day) AS first_day, max(l.day) AS last_day FROM (SELECT CAST(value AS INTEGER) AS day FROM json_each(:days)) l" \
    " GROUP BY l.day / 256) s CROSS JOIN midnights(:device_id, s.first_day, s.last_day) m" \
    " WHERE m.day IN (SELECT CAST(value AS INTEGER) FROM json_each(:days))"

static const struct view_text rows[] = {
    { VIEW_REPORT_METERS, METER_COLUMNS REPORT_OF_ALL("", METER_THERE) },
    { VIEW_REPORT_METERS_OF_LIST, METER_COLUMNS REPORT_OF_LIST("", METER_THERE) },
    { VIEW_REPORT_METERS_OF_AREA, METER_COLUMNS REPORT_OF_AREA("", METER_THERE) },

    /* The dial of one meter at instants, its midnights and quarter-hours among them. :step_s 3600: only whole hours. */
    { VIEW_REPORT_INSTANTS,
        "WITH RECURSIVE span(day) AS (SELECT (:from_s + :zone_s) / 86400 - 1 UNION ALL SELECT day + 1 FROM span"
        "  WHERE day < min((:to_s + :zone_s) / 86400, (:from_s + :zone_s) / 86400 + 400))"
        "SELECT time_s, register_value, scale_e3, quality FROM ("
        "SELECT r.time_s AS time_s, r.value AS register_value, r.scale_e3 AS scale_e3, r.quality AS quality"
        " FROM "
        CUT_OR_WHOLE("register_instants(:device_id, kind_quantity(:device_kind) << 16, :from_s, :to_s) r WHERE",
        "register_reading r WHERE r.device_id = :device_id AND r.channel = kind_quantity(:device_kind) << 16"
        "  AND r.period = 0 AND r.time_s >= :from_s AND r.time_s <= :to_s AND")
        " (r.time_s + :zone_s) % :step_s = 0"
        " UNION ALL SELECT q.time_s, q.value, q.scale_e3, q.quality FROM (SELECT json_extract(e.value, '$[0]') AS time_s,"
        "  json_extract(e.value, '$[1]') AS value, coalesce(i.scale_e3, f.scale_e3) AS scale_e3, json_extract(e.value, '$[2]') AS quality"
        "  FROM span LEFT JOIN "
        CUT_OR_WHOLE("interval_day_at(span.day, :device_id, kind_quantity(:device_kind) << 16) i ON true"
        "  LEFT JOIN interval_block_at(span.day / 8, :device_id, kind_quantity(:device_kind) << 16) f ON true",
        "interval_day i ON i.day = span.day AND i.device_id = :device_id"
        "   AND i.channel = kind_quantity(:device_kind) << 16"
        "  LEFT JOIN interval_block f ON f.stretch = span.day / 8 AND f.device_id = :device_id"
        "   AND f.channel = kind_quantity(:device_kind) << 16")
        "  CROSS JOIN json_each(interval_points(coalesce(i.block, f.block), span.day, :zone_s)) e) q"
        "  WHERE q.time_s >= :from_s AND q.time_s <= :to_s AND (q.time_s + :zone_s) % :step_s = 0"
        " UNION ALL SELECT m.day * 86400 - :zone_s, m.register_value, m.multiplier_e3, m.quality & 2 FROM " LISTED_MIDNIGHTS
        ") ORDER BY time_s" },

    { VIEW_REPORT_MIDNIGHTS,
        "SELECT m.day, m.register_value, m.total_value, m.multiplier_e3, m.quality"
        " FROM " LISTED_MIDNIGHTS " ORDER BY m.day" },

    { VIEW_REPORT_CURRENT, CURRENT_COLUMNS REPORT_OF_ALL(CURRENT_JOINS, CURRENT_THERE) },
    { VIEW_REPORT_CURRENT_OF_LIST, CURRENT_COLUMNS REPORT_OF_LIST(CURRENT_JOINS, CURRENT_THERE) },
    { VIEW_REPORT_CURRENT_OF_AREA, CURRENT_COLUMNS REPORT_OF_AREA(CURRENT_JOINS, CURRENT_THERE) },

    /* One row an area and kind of meter that hang on it itself, in the order of areas (so no path is the way to them): what was used on a day, and of how many meters that is known. */
    { VIEW_REPORT_DAILY,
        "WITH kinds(place, kind) AS (VALUES (1, 'cold_water'), (2, 'hot_water'), (3, 'electricity'), (4, 'gas'), (5, 'heat'))"
        "SELECT m.area_id * 16 + m.place AS \"row!cursor\", m.area_id, m.name AS area_name, coalesce(p.name, '') AS parent_name,"
        " m.kind AS device_kind, :day AS \"day!day\", m.meters,"
        " coalesce(e.received, 0) AS received_meters, CASE WHEN e.received > 0 THEN coalesce(g.usage_value, 0) END AS usage_value"
        " FROM (SELECT a.area_id, a.parent_area_id, a.name, k.place, k.kind, " OWN_DUE " AS meters FROM area a CROSS JOIN kinds k"
        "  WHERE +a.tenant_id = :tenant AND a.path || '' >= :path_low AND a.path || '' < :path_high AND a.area_id >= coalesce(:cursor, 0) / 16"
        "  AND" VIEW_ANY_KIND("k.kind") "AND (EXISTS (SELECT 1 FROM area_due x WHERE x.area_id = a.area_id AND x.kind = k.kind)"
        "   OR (SELECT device_id FROM area_count_progress) < 9223372036854775807)) m LEFT JOIN area p ON p.area_id = m.parent_area_id"
        " LEFT JOIN area_day g ON g.day = :day AND g.area_id = m.area_id AND g.kind = m.kind"
        " LEFT JOIN area_day e ON e.day = :day + 1 AND e.area_id = m.area_id AND e.kind = m.kind"
        " WHERE m.meters > 0 AND m.area_id * 16 + m.place > coalesce(:cursor, 0) ORDER BY m.area_id, m.place LIMIT :limit" },
};

const struct view_text_list view_texts_reports = { rows, sizeof rows / sizeof rows[0] };
