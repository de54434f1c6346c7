#include "store/cut_text.h"
#include "store/sql/view_texts.h"

/* Views of reports over any set of meters (S1-030 to S1-035). */

/* The meters asked for: an area and all below it, a kind, or a list. */
#define REPORT_METERS \
    "WHERE" VIEW_IN_SCOPE "AND" VIEW_METER "AND" VIEW_ANY_KIND("d.kind") \
    "AND (:device_ids IS NULL OR d.device_id IN (SELECT CAST(value AS INTEGER) FROM json_each(:device_ids)))" \
    " AND d.device_id > coalesce(:cursor, 0) "

static const struct view_text rows[] = {
    /* Also meters that were taken down: they were there in the time that the report is about. */
    { VIEW_REPORT_METERS,
        "SELECT d.device_id AS \"device_id!cursor\", d.device_id, d.meter_number," VIEW_PLACE "AS place, d.kind AS device_kind,"
        " d.multiplier_e3, d.register_modulus_value, d.flow_limit_value_per_h, d.installed_s, coalesce(d.removed_s, 0) AS removed_s"
        " FROM device d" VIEW_JOIN_AREA REPORT_METERS
        "AND d.installed_s < :to_s AND (d.removed_s IS NULL OR d.removed_s > :from_s) ORDER BY d.device_id LIMIT :limit" },

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
        " UNION ALL SELECT CAST(j.value AS INTEGER) * 86400 - :zone_s, m.register_value, m.multiplier_e3, m.quality & 2"
        " FROM json_each(:days) j CROSS JOIN midnights(:device_id, CAST(j.value AS INTEGER), CAST(j.value AS INTEGER)) m) ORDER BY time_s" },

    { VIEW_REPORT_MIDNIGHTS,
        "SELECT m.day, m.register_value, m.total_value, m.multiplier_e3, m.quality"
        " FROM json_each(:days) j CROSS JOIN midnights(:device_id, CAST(j.value AS INTEGER), CAST(j.value AS INTEGER)) m ORDER BY j.key" },

    { VIEW_REPORT_CURRENT,
        "SELECT d.device_id AS \"device_id!cursor\", d.device_id, d.meter_number," VIEW_PLACE "AS place, d.kind AS device_kind,"
        " c.name AS \"customer_name!name\", CASE WHEN s.register_s > 0 THEN s.register_value END AS register_value,"
        " CASE WHEN s.register_s > 0 THEN s.total_value END AS total_value, d.multiplier_e3, s.register_s AS \"register_s!time\","
        " CASE WHEN k.is_public <> 0 OR k.holds_units <> 0 THEN NULL WHEN k.payment_mode = 'prepaid_platform' THEN l.credits_fen - l.debits_fen"
        "  WHEN k.payment_mode = 'prepaid_meter' THEN s.balance_fen END AS balance_fen,"
        " CASE WHEN k.is_public <> 0 THEN d.start_total_value - s.total_value WHEN k.holds_units <> 0"
        "  THEN (SELECT shown_value FROM meter_units u WHERE u.account_id = k.account_id) END AS remaining_value,"
        " coalesce(k.is_public, 0) AS \"is_public!bool\", s.valve_state, coalesce(s.status, 0) AS status, s.last_received_s AS \"last_received_s!time\""
        " FROM device d" VIEW_JOIN_AREA "LEFT JOIN device_state s ON s.device_id = d.device_id"
        " LEFT JOIN account k ON k.device_id = d.device_id AND k.closed_s IS NULL"
        " LEFT JOIN customer c ON c.customer_id = k.customer_id"
        " LEFT JOIN ledger_account l ON l.ledger_account_id = k.wallet_id " REPORT_METERS
        "AND d.removed_s IS NULL ORDER BY d.device_id LIMIT :limit" },

    /* One row an area and kind of meter: what was used on a day, and of how many meters that is known. */
    { VIEW_REPORT_DAILY,
        "SELECT a.area_id * 16 + m.place AS \"row!cursor\", a.area_id, a.name AS area_name, coalesce(p.name, '') AS parent_name,"
        " m.kind AS device_kind, :day AS \"day!day\", m.meters,"
        " coalesce(e.received, 0) AS received_meters, CASE WHEN e.received > 0 THEN coalesce(g.usage_value, 0) END AS usage_value"
        " FROM (SELECT d.area_id AS area_id, d.kind AS kind, instr('cwhwelgahe', substr(d.kind, 1, 2)) AS place, count(*) AS meters"
        "  FROM area a CROSS JOIN device d ON d.area_id = a.area_id WHERE" VIEW_IN_SCOPE "AND" VIEW_METER
        "  AND" VIEW_ANY_KIND("d.kind") "AND d.installed_s < (:day + 1) * 86400 - :zone_s"
        "  AND (d.removed_s IS NULL OR d.removed_s > (:day + 1) * 86400 - :zone_s) GROUP BY d.area_id, d.kind) m"
        " JOIN area a ON a.area_id = m.area_id LEFT JOIN area p ON p.area_id = a.parent_area_id"
        " LEFT JOIN area_day g ON g.day = :day AND g.area_id = m.area_id AND g.kind = m.kind"
        " LEFT JOIN area_day e ON e.day = :day + 1 AND e.area_id = m.area_id AND e.kind = m.kind"
        " WHERE (:cursor IS NULL OR a.area_id * 16 + m.place > :cursor) ORDER BY 1 LIMIT :limit" },
};

const struct view_text_list view_texts_reports = { rows, sizeof rows / sizeof rows[0] };
