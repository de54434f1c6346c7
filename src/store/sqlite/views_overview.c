#include "store/sqlite/view_texts.h"

/* Views of the first pages: today's figures, what needs a person, the status board. */

/* A meter counts once, by its worst state: fault, alarm, cut off, silent, normal. `d` is rows of area_status. */
#define STATUS_COUNTS \
    " coalesce(sum(d.devices) FILTER (WHERE d.status = 0), 0) AS normal," \
    " coalesce(sum(d.devices) FILTER (WHERE d.status & 7 = 1), 0) AS cut," \
    " coalesce(sum(d.devices) FILTER (WHERE d.status & 2 <> 0), 0) AS fault," \
    " coalesce(sum(d.devices) FILTER (WHERE d.status & 6 = 4), 0) AS alarm," \
    " coalesce(sum(d.devices) FILTER (WHERE d.status & 15 = 8), 0) AS silent," \
    " coalesce(sum(d.devices), 0) AS total "

/* The sums of the caller's area hold all below it. */
#define COUNTED_DEVICES " area_status d WHERE d.area_id = :scope_area AND" VIEW_METER

/* How far an area is from the company. */
#define AREA_RANK(kind) " CASE " kind " WHEN 'company' THEN 0 WHEN 'district' THEN 1 WHEN 'estate' THEN 2 ELSE 3 END "

/* The tiles of a board are buildings; of very many, estates, until one is chosen. :total is the meters on the board. */
#define TILE_RANK \
    " (SELECT iif(:total <= 200000 OR kind IN ('estate', 'building'), 3, 2) FROM area WHERE area_id = :scope_area) "

static const struct view_text rows[] = {
    { VIEW_OVERVIEW_REPORTING,
        "SELECT count(*) FILTER (WHERE due) AS due, count(*) FILTER (WHERE due AND on_time > 0) AS on_time,"
        " coalesce(sum(received_7), 0) AS eventual, coalesce(sum(due_7), 0) AS eventual_due,"
        " CASE WHEN count(*) FILTER (WHERE due) > 0 THEN"
        "  count(*) FILTER (WHERE due AND on_time > 0) * 1000 / count(*) FILTER (WHERE due) END AS on_time_rate_permille,"
        " CASE WHEN sum(due_7) > 0 THEN sum(received_7) * 1000 / sum(due_7) END AS eventual_rate_permille,"
        " 980 AS target_permille FROM ("
        " SELECT (:now_s + :zone_s) % 86400 >= d.report_time_s AND d.installed_s < :today * 86400 - :zone_s AS due,"
        "  days_known(s.on_time_days, s.newest_day, :today, :today) AS on_time,"
        "  days_known(s.complete_days, s.newest_day, max(:today - 7, (d.installed_s + :zone_s) / 86400 + 1), :today - 1)"
        "   AS received_7,"
        "  max(0, min(7, :today - 1 - (d.installed_s + :zone_s) / 86400)) AS due_7"
        " FROM area a JOIN device d ON d.area_id = a.area_id AND d.removed_s IS NULL AND" VIEW_METER
        "LEFT JOIN device_state s ON s.device_id = d.device_id WHERE" VIEW_IN_SCOPE ")" },

    { VIEW_OVERVIEW_SUPPLY, "SELECT" STATUS_COUNTS "FROM" COUNTED_DEVICES },

    { VIEW_OVERVIEW_KINDS, "SELECT d.kind AS kind," STATUS_COUNTS "FROM" COUNTED_DEVICES "GROUP BY d.kind HAVING sum(d.devices) > 0 ORDER BY total DESC, d.kind" },

    { VIEW_OVERVIEW_REVENUE,
        "SELECT (SELECT coalesce(sum(y.amount_fen), 0) FROM payment y WHERE y.tenant_id = :tenant"
        "  AND y.at_s >= :today * 86400 - :zone_s) AS today_fen,"
        " (SELECT coalesce(sum(y.amount_fen), 0) FROM payment y WHERE y.tenant_id = :tenant AND y.method = 'cash'"
        "  AND y.at_s >= :today * 86400 - :zone_s) AS cash_fen,"
        " coalesce(sum(l.debits_fen), 0) AS debits_fen, coalesce(sum(l.credits_fen), 0) AS credits_fen,"
        " coalesce(sum(l.debits_fen), 0) = coalesce(sum(l.credits_fen), 0) AS \"balanced!bool\", :now_s AS checked_s"
        " FROM ledger_account l WHERE l.tenant_id = :tenant" },

    /* The newest report of the last hundred frames: a page that opens need not wait for the next one. */
    { VIEW_OVERVIEW_LATEST,
        "SELECT d.device_id AS device_id," VIEW_PLACE "|| ' ' || d.meter_number AS label, d.kind AS device_kind,"
        " s.register_value AS register_value, s.last_received_s AS at_s"
        " FROM (SELECT DISTINCT device_id FROM (SELECT device_id FROM frame ORDER BY frame_id DESC LIMIT 100)) f"
        " JOIN device d ON d.device_id = f.device_id JOIN device_state s ON s.device_id = d.device_id" VIEW_JOIN_AREA
        " WHERE d.tenant_id = :tenant AND s.last_report_s > 0 AND" VIEW_IN_SCOPE
        " ORDER BY s.last_received_s DESC LIMIT 1" },

    { VIEW_OVERVIEW_ATTENTION,
        "SELECT kind, severity, object_kind AS \"object.kind\", object_id AS \"object.id\", label AS \"object.label\","
        " since_s, detail FROM ("
        "SELECT * FROM (SELECT e.kind AS kind, e.severity AS severity, 'device' AS object_kind,"
        "  e.device_id AS object_id," VIEW_PLACE "|| ' ' || d.meter_number AS label, e.raised_s AS since_s,"
        "  e.detail AS detail FROM event e JOIN device d ON d.device_id = e.device_id" VIEW_JOIN_AREA
        "  WHERE e.cleared_s IS NULL AND e.acknowledged_s IS NULL AND e.severity >= 1 AND e.tenant_id = :tenant AND"
        VIEW_IN_SCOPE "ORDER BY e.severity DESC, e.event_id DESC LIMIT 12)"
        " UNION ALL SELECT * FROM (SELECT 'command_failed', 2, 'command', m.command_id,"
        VIEW_PLACE "|| ' ' || d.meter_number, m.finished_s, m.outcome FROM command m"
        "  JOIN device d ON d.device_id = m.device_id" VIEW_JOIN_AREA
        "  WHERE m.tenant_id = :tenant AND m.state = 'failed' AND m.finished_s > :now_s - 86400 AND" VIEW_IN_SCOPE
        "ORDER BY m.command_id DESC LIMIT 5)"
        " UNION ALL SELECT * FROM (SELECT 'set_aside', 1, 'device', r.device_id," VIEW_PLACE "|| ' ' || d.meter_number,"
        "  r.received_s, r.reason FROM reading_set_aside r JOIN device d ON d.device_id = r.device_id" VIEW_JOIN_AREA
        "  WHERE r.decided_s IS NULL AND" VIEW_IN_SCOPE "ORDER BY r.set_aside_id DESC LIMIT 5))"
        " ORDER BY severity DESC, since_s DESC LIMIT 15" },

    /* The use of a day is known with the midnight that ends it. */
    { VIEW_OVERVIEW_TREND,
        VIEW_DAYS ", figures AS" VIEW_AREA_FIGURES("g.kind =" VIEW_ONE_KIND) ", service AS"
        VIEW_SERVICE_DAYS("d.kind =" VIEW_ONE_KIND)
        "SELECT" VIEW_ONE_KIND "AS device_kind, days.day AS \"day!day\", CASE WHEN e.received > 0 THEN coalesce(f.usage_value, 0) END AS usage_value,"
        " coalesce(e.received, 0) AS received," VIEW_DUE_ON_DAY "AS due"
        " FROM days LEFT JOIN figures f ON f.day = days.day LEFT JOIN figures e ON e.day = days.day + 1"
        " ORDER BY days.day" },

    { VIEW_BOARD_COUNTS, "SELECT" STATUS_COUNTS "FROM" COUNTED_DEVICES },

    /* An area of a tile's rank with all below it, one above with what hangs on it itself: each meter is in one tile. */
    { VIEW_BOARD_BUILDINGS,
        "WITH tile(rank) AS MATERIALIZED (SELECT" TILE_RANK "), shown AS MATERIALIZED (SELECT a.area_id, a.path, a.name,"
        " coalesce(p.name, '') AS parent_name," AREA_RANK("a.kind") "< tile.rank AS above"
        " FROM tile CROSS JOIN area a LEFT JOIN area p ON p.area_id = a.parent_area_id WHERE" VIEW_IN_SCOPE
        "AND (" AREA_RANK("a.kind") "<= tile.rank OR" AREA_RANK("p.kind") "< tile.rank))"
        "SELECT b.area_id, b.name, b.parent_name, g.normal AS \"counts.normal\","
        " g.cut AS \"counts.cut\", g.fault AS \"counts.fault\", g.alarm AS \"counts.alarm\","
        " g.silent AS \"counts.silent\", g.total AS \"counts.total\" FROM (SELECT d.area_id AS area_id," STATUS_COUNTS "FROM ("
        " SELECT d.area_id, d.status, d.devices FROM shown b CROSS JOIN area_status d ON d.area_id = b.area_id AND" VIEW_METER
        " UNION ALL SELECT b.area_id, d.status, -d.devices FROM shown b CROSS JOIN area c ON c.tenant_id = :tenant"
        "  AND c.parent_area_id = b.area_id CROSS JOIN area_status d ON d.area_id = c.area_id AND" VIEW_METER "WHERE b.above) d"
        " GROUP BY d.area_id HAVING sum(d.devices) > 0) g JOIN shown b ON b.area_id = g.area_id ORDER BY b.path LIMIT 20000" },

    { VIEW_BOARD_CELLS,
        "SELECT d.area_id, d.device_id, coalesce(s.status, 0) AS status, d.room, d.meter_number"
        " FROM area a CROSS JOIN device d ON d.area_id = a.area_id AND d.removed_s IS NULL AND" VIEW_METER
        "LEFT JOIN device_state s ON s.device_id = d.device_id WHERE" VIEW_IN_SCOPE
        "ORDER BY a.path, d.device_id LIMIT 12000" },
};

const struct view_text_list view_texts_overview = { rows, sizeof rows / sizeof rows[0] };
