#include "store/sql/view_texts.h"

/* Views of the first pages: today's figures, what needs a person, the status board. */

/* A meter counts once, by its worst state: fault, alarm, cut off, silent, normal. `d` is rows of area_status. */
#define STATUS_COUNTS \
    " coalesce(sum(d.devices) FILTER (WHERE d.status = 0), 0) AS normal," \
    " coalesce(sum(d.devices) FILTER (WHERE d.status & 7 = 1), 0) AS cut," \
    " coalesce(sum(d.devices) FILTER (WHERE d.status & 2 <> 0), 0) AS fault," \
    " coalesce(sum(d.devices) FILTER (WHERE d.status & 6 = 4), 0) AS alarm," \
    " coalesce(sum(d.devices) FILTER (WHERE d.status & 15 = 8), 0) AS silent," \
    " coalesce(sum(d.devices), 0) AS total "

/* Meters are expected by the end of the quarter of an hour in which they report. An area that is no building knows how many of its
 * meters that are at each quarter. */
#define QUARTERS_OVER " ((:now_s + :zone_s) % 86400 / 900) "
#define EXPECTED_BY_NOW \
    " (SELECT coalesce(sum(d.devices), 0) FROM (SELECT quarter, devices FROM area_report_time WHERE area_id = :scope_area" \
    " UNION ALL SELECT d.report_time_s / 900 + 1, 1 FROM" VIEW_UNCOUNTED \
    "  CROSS JOIN area a ON a.area_id = :scope_area AND a.kind <> 'building' WHERE d.removed_s IS NULL" \
    " UNION ALL SELECT d.report_time_s / 900 + 1, 1 FROM (SELECT 1 FROM area WHERE area_id = :scope_area AND kind = 'building')" \
    "  CROSS JOIN area a CROSS JOIN device d ON d.area_id = a.area_id AND" VIEW_METER "WHERE" VIEW_IN_SCOPE \
    "  AND d.removed_s IS NULL) d WHERE d.quarter <=" QUARTERS_OVER ") "

/* Events that stand and that nobody has seen, the worst and newest first. In most of a town some are soon found among all of them; of
 * an estate or a building, by its meters (the sign keeps to the index of their events). */
#define UNSEEN(from, of_event) \
    "SELECT e.kind AS kind, e.severity AS severity, 'device' AS object_kind, e.device_id AS object_id," VIEW_PLACE "|| ' ' ||" \
    " d.meter_number AS label, e.raised_s AS since_s, e.detail AS detail FROM" from " WHERE e.cleared_s IS NULL" \
    " AND e.acknowledged_s IS NULL AND " of_event " AND" VIEW_IN_SCOPE \
    "ORDER BY e.severity DESC, e.event_id DESC LIMIT 12"

static const struct view_text rows[] = {
    { VIEW_OVERVIEW_REPORTING,
        "WITH RECURSIVE span(day) AS (SELECT :today - 7 UNION ALL SELECT day + 1 FROM span WHERE day < :today),"
        VIEW_FIGURES("true ") "," VIEW_OWING("true ") ", owed AS (SELECT span.day AS day," VIEW_DUE_ON("span.day")
        "AS due FROM span), met AS (SELECT o.day AS day, o.due AS due," VIEW_SMALLER("coalesce(f.received, 0)", "o.due") "AS received,"
        " coalesce(f.on_time, 0) AS on_time FROM owed o LEFT JOIN figures f ON f.day = o.day),"
        " now AS (SELECT" VIEW_SMALLER("m.due", "expected") "AS due, m.on_time AS on_time"
        "  FROM met m CROSS JOIN (SELECT" EXPECTED_BY_NOW "AS expected) WHERE m.day = :today),"
        " week AS (SELECT sum(received) AS received, sum(due) AS due FROM met WHERE day < :today)"
        "SELECT now.due AS due," VIEW_SMALLER("now.on_time", "now.due") "AS on_time, week.received AS eventual, week.due AS eventual_due,"
        " CASE WHEN now.due > 0 THEN" VIEW_SMALLER("now.on_time", "now.due") "* 1000 / now.due END AS on_time_rate_permille,"
        " CASE WHEN week.due > 0 THEN week.received * 1000 / week.due END AS eventual_rate_permille,"
        " 980 AS target_permille FROM now CROSS JOIN week" },

    { VIEW_OVERVIEW_SUPPLY, "SELECT" STATUS_COUNTS "FROM" VIEW_COUNTED_DEVICES },

    { VIEW_OVERVIEW_KINDS, "SELECT d.kind AS kind," STATUS_COUNTS "FROM" VIEW_COUNTED_DEVICES "GROUP BY d.kind HAVING sum(d.devices) > 0 ORDER BY total DESC, d.kind" },

    { VIEW_OVERVIEW_REVENUE,
        "SELECT coalesce(sum(y.amount_fen), 0) AS today_fen,"
        " coalesce(sum(CASE WHEN y.method = 'cash' THEN y.amount_fen END), 0) AS cash_fen FROM payment y"
        " WHERE y.tenant_id = :tenant AND y.at_s >= :today * 86400 - :zone_s" },

    /* Every balance of the books is looked at: asked once in a while, not with the figures of the moment. */
    { VIEW_OVERVIEW_BALANCE,
        "SELECT coalesce(sum(l.debits_fen), 0) AS debits_fen, coalesce(sum(l.credits_fen), 0) AS credits_fen,"
        " coalesce(sum(l.debits_fen), 0) = coalesce(sum(l.credits_fen), 0) AS \"balanced!bool\", :now_s AS checked_s"
        " FROM ledger_account l WHERE +l.tenant_id = :tenant" },

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
        "SELECT * FROM (" UNSEEN(VIEW_WIDE_SCOPE "CROSS JOIN event e CROSS JOIN device d ON d.device_id = e.device_id" VIEW_JOIN_AREA,
            "e.tenant_id = :tenant AND e.severity >= 1") ")"
        " UNION ALL SELECT * FROM (" UNSEEN(VIEW_NARROW_SCOPE "CROSS JOIN area a LEFT JOIN area p ON p.area_id = a.parent_area_id AND"
            " p.kind <> 'company' CROSS JOIN device d ON d.area_id = a.area_id CROSS JOIN event e ON e.device_id = d.device_id ",
            "+e.severity >= 1") ")"
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
        VIEW_DAYS "," VIEW_SPAN "," VIEW_FIGURES("d.kind =" VIEW_ONE_KIND) "," VIEW_OWING("d.kind =" VIEW_ONE_KIND)
        "SELECT" VIEW_ONE_KIND "AS device_kind, days.day AS \"day!day\", CASE WHEN e.received > 0 THEN e.usage_value END AS usage_value,"
        " coalesce(e.received, 0) AS received," VIEW_DUE_ON("days.day") "AS due"
        " FROM days LEFT JOIN figures e ON e.day = days.day + 1 ORDER BY days.day" },

    { VIEW_BOARD_COUNTS, "SELECT" STATUS_COUNTS "FROM" VIEW_COUNTED_DEVICES },

    { VIEW_BOARD_BUILDINGS,
        "WITH" VIEW_TILES
        "SELECT b.area_id, b.name, b.parent_name, g.normal AS \"counts.normal\","
        " g.cut AS \"counts.cut\", g.fault AS \"counts.fault\", g.alarm AS \"counts.alarm\","
        " g.silent AS \"counts.silent\", g.total AS \"counts.total\" FROM (SELECT d.area_id AS area_id," STATUS_COUNTS "FROM ("
        VIEW_SHOWN_COUNTS("d.status AS status", "area_status", "true") ") d"
        " GROUP BY d.area_id HAVING sum(d.devices) > 0) g JOIN shown b ON b.area_id = g.area_id ORDER BY b.path LIMIT 20000" },

    { VIEW_BOARD_CELLS,
        "SELECT d.area_id, d.device_id, coalesce(s.status, 0) AS status, d.room, d.meter_number"
        " FROM area a CROSS JOIN device d ON d.area_id = a.area_id AND d.removed_s IS NULL AND" VIEW_METER
        "LEFT JOIN device_state s ON s.device_id = d.device_id WHERE" VIEW_IN_SCOPE
        "ORDER BY a.path, d.device_id LIMIT 12000" },
};

const struct view_text_list view_texts_overview = { rows, sizeof rows / sizeof rows[0] };
