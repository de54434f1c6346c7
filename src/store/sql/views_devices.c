#include "store/sqlite/search_functions.h"
#include "store/cut_text.h"
#include "store/sql/view_texts.h"

/* Views of one meter and of lists of meters, their commands, events and frames. */

/* What has never been reported is null, never zero. */
#define REPORTED(column) "CASE WHEN s.last_received_s > 0 THEN s." column " END AS " column

/* "2.1.4"; null while the device has not said it. */
#define FIRMWARE_VERSION \
    "CASE WHEN s.firmware_version > 0 THEN (s.firmware_version >> 16) || '.' || (s.firmware_version >> 8 & 255) || '.' ||" \
    " (s.firmware_version & 255) END"

/* A device on a line has none; its column then holds minus its identifier. */
#define IMEI_TEXT "CASE WHEN d.imei > 0 THEN substr('000000000000000' || d.imei, -15) END"

#define NEXT_REPORT \
    "((:now_s + :zone_s) / 86400 * 86400 - :zone_s + d.report_time_s" \
    " + CASE WHEN (:now_s + :zone_s) % 86400 >= d.report_time_s THEN 86400 ELSE 0 END)"

#define DEVICE_COLUMNS \
    " d.device_id, d.meter_number, " IMEI_TEXT " AS imei, d.room, d.area_id, a.name AS area_name," \
    VIEW_PLACE "AS place, d.maker, d.profile, d.kind, d.multiplier_e3, d.size_dn_mm, coalesce(s.status, 0) AS status," \
    " s.last_received_s AS \"last_received_s!time\", s.last_report_s AS \"last_report_s!time\"," \
    REPORTED("register_value") ", " REPORTED("total_value") ", " REPORTED("balance_fen") ", " REPORTED("valve_state") "," \
    " coalesce(s.alarm_bits, 0) AS alarm_bits, nullif(s.battery_mv, 0) AS battery_mv," \
    " nullif(s.rsrp_dbm, 0) AS rsrp_dbm, CASE WHEN s.rsrp_dbm <> 0 THEN s.snr_db END AS snr_db," \
    " CASE WHEN s.rsrp_dbm <> 0 THEN s.coverage_level END AS coverage_level, c.customer_id," \
    " c.name AS \"customer_name!name\", k.account_id, d.removed_s "

#define DEVICE_JOINS \
    " LEFT JOIN device_state s ON s.device_id = d.device_id" \
    " LEFT JOIN account k ON k.device_id = d.device_id AND k.closed_s IS NULL" \
    " LEFT JOIN customer c ON c.customer_id = k.customer_id "

#define STATUS_IS(status) \
    " (:status IS NULL OR CASE :status WHEN 'normal' THEN " status " = 0" \
    "  ELSE (" status " & CASE :status WHEN 'cut' THEN 1 WHEN 'fault' THEN 2 WHEN 'alarm' THEN 4 ELSE 8 END) <> 0 END) "

#define DEVICE_FILTER \
    " AND" VIEW_METER "AND" VIEW_ANY_KIND("d.kind") "AND (d.removed_s IS NULL OR :removed)" \
    " AND" STATUS_IS("coalesce(s.status, 0)")

#define FOUND_BY SEARCH_NUMBER SEARCH_IMEI SEARCH_PLACE SEARCH_ROOM SEARCH_INITIALS

#define COMMAND_COLUMNS \
    " m.command_id, m.device_id, d.meter_number," VIEW_PLACE "AS place, m.kind, m.parameter, m.value, m.amount_fen," \
    " m.serial, m.state, m.reason, m.outcome, m.requested_by, n.display_name AS requested_by_name, m.requested_s," \
    " m.expires_s, m.priority, m.tries, m.document, m.finished_s AS \"finished_s!time\"," \
    " CASE WHEN m.finished_s IS NULL THEN " NEXT_REPORT " END AS expected_s "

#define COMMAND_JOINS \
    " CROSS JOIN device d ON d.device_id = m.device_id" VIEW_JOIN_AREA "LEFT JOIN person n ON n.person_id = m.requested_by "

#define EVENT_COLUMNS \
    " e.event_id, e.device_id, d.meter_number," VIEW_PLACE "AS place, e.kind, e.severity, e.raised_s, e.received_s," \
    " e.cleared_s AS \"cleared_s!time\", e.acknowledged_s AS \"acknowledged_s!time\"," \
    " n.display_name AS acknowledged_by_name, e.detail "

#define EVENT_JOINS \
    " CROSS JOIN device d ON d.device_id = e.device_id" VIEW_JOIN_AREA "LEFT JOIN person n ON n.person_id = e.acknowledged_by "

#define EVENT_FILTER \
    " AND (:severity IS NULL OR e.severity = :severity) AND (:kind IS NULL OR e.kind = :kind)" \
    " AND (:acknowledged IS NULL OR :acknowledged = (e.acknowledged_s IS NOT NULL))" \
    " AND e.event_id < coalesce(:cursor, 9223372036854775807) AND e.event_id >= coalesce(:scan_to, 0)"

/* Where :part_rows events below the cursor end, where the list looks at that many at a time; what is of an estate or a building is found by
 * its meters, all at once.
 * open  condition on e */
#define EVENTS_STEP(open) \
    "SELECT e.event_id FROM" VIEW_WIDE_SCOPE "CROSS JOIN event e WHERE e.tenant_id = :tenant AND " open \
    " AND e.event_id < coalesce(:cursor, 9223372036854775807) ORDER BY e.event_id DESC LIMIT 1 OFFSET coalesce(:part_rows, 1) - 1"

/* The newest of the scope, from either side.
 * columns  of e, d, a and p
 * open     condition on e */
#define EVENTS_NEWEST(columns, open) \
    "SELECT * FROM (SELECT" columns "FROM" VIEW_WIDE_SCOPE "CROSS JOIN event e" EVENT_JOINS "WHERE e.tenant_id = :tenant AND" VIEW_IN_SCOPE \
    "AND " open EVENT_FILTER " ORDER BY e.event_id DESC LIMIT :limit) UNION ALL SELECT * FROM (SELECT" columns "FROM" VIEW_NARROW_SCOPE \
    "CROSS JOIN area a LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company' CROSS JOIN device d ON d.area_id = a.area_id" \
    " CROSS JOIN event e ON e.device_id = d.device_id LEFT JOIN person n ON n.person_id = e.acknowledged_by WHERE" VIEW_IN_SCOPE \
    "AND " open EVENT_FILTER " ORDER BY e.event_id DESC LIMIT :limit)"
/* Their numbers alone, in no order, of a scope that is not all. */
#define EVENTS_OF_PART(open) \
    " UNION ALL SELECT e.event_id FROM" VIEW_WIDE_SCOPE "CROSS JOIN event e CROSS JOIN device d ON d.device_id = e.device_id" \
    " CROSS JOIN area a ON a.area_id = d.area_id WHERE NOT :whole AND e.tenant_id = :tenant AND" VIEW_IN_SCOPE "AND " open EVENT_FILTER \
    " UNION ALL SELECT e.event_id FROM" VIEW_NARROW_SCOPE "CROSS JOIN area a CROSS JOIN device d ON d.area_id = a.area_id" \
    " CROSS JOIN event e ON e.device_id = d.device_id WHERE NOT :whole AND" VIEW_IN_SCOPE "AND " open EVENT_FILTER
#define OF_OPEN "(:open IS NULL OR :open = (e.cleared_s IS NULL))"

#define SET_ASIDE_COLUMNS \
    " r.set_aside_id, r.device_id, d.meter_number, d.kind AS device_kind," VIEW_PLACE "AS place, r.day AS \"day!day\"," \
    " r.register_value, r.expected_value, r.reason, r.received_s, r.decided_s, r.decision, n.display_name AS decided_by_name "

/* One device that the caller may see, as the first table of a join. */
#define THE_DEVICE " FROM device d" VIEW_JOIN_AREA " WHERE d.device_id = :object AND" VIEW_IN_SCOPE

static const struct view_text rows[] = {
    { VIEW_DEVICES,
        "SELECT d.device_id AS \"device_id!cursor\"," DEVICE_COLUMNS "FROM device d" VIEW_JOIN_AREA DEVICE_JOINS
        "WHERE" VIEW_IN_SCOPE DEVICE_FILTER
        " AND d.device_id > coalesce(:cursor, 0) ORDER BY d.device_id LIMIT :limit" },

    /* The same in the order of places: an area of a million-meter town is found by its path, and what has none of the kind or status
     * asked for is passed over. */
    { VIEW_DEVICES_IN_AREA,
        "SELECT d.device_id AS \"device_id!cursor\"," DEVICE_COLUMNS "FROM area a CROSS JOIN device d ON d.area_id = a.area_id"
        " LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'" DEVICE_JOINS
        "WHERE" VIEW_AFTER_CURSOR(VIEW_DEVICE_PATH(":cursor"), "d.device_id")
        "AND (:removed OR EXISTS (SELECT 1 FROM area_status t WHERE t.area_id = a.area_id AND t.devices > 0"
        "  AND" VIEW_ANY_KIND("t.kind") "AND" STATUS_IS("t.status") ") OR (SELECT device_id FROM area_count_progress) < 9223372036854775807)"
        DEVICE_FILTER "ORDER BY a.path, d.device_id LIMIT :limit" },

    /* Of the few that are not well, in every area. */
    { VIEW_DEVICES_NOT_WELL,
        "SELECT d.device_id AS \"device_id!cursor\"," DEVICE_COLUMNS
        "FROM device_state w INDEXED BY device_state_not_well CROSS JOIN device d ON d.device_id = w.device_id" VIEW_JOIN_AREA DEVICE_JOINS
        "WHERE w.status <> 0 AND w.device_id > coalesce(:cursor, 0) AND" STATUS_IS("w.status") "AND" VIEW_IN_SCOPE DEVICE_FILTER
        "ORDER BY w.device_id LIMIT :limit" },

    /* How many such lists have in all, from what is kept. */
    { VIEW_DEVICES_COUNT,
        "SELECT coalesce(sum(d.devices), 0) AS count FROM" VIEW_COUNTED_DEVICES "WHERE"
        VIEW_ANY_KIND("d.kind") "AND" STATUS_IS("d.status") },

    /* Where :part_rows devices after the cursor end; no row when there are fewer. */
    { VIEW_DEVICES_STEP,
        "SELECT d.device_id FROM area a CROSS JOIN device d ON d.area_id = a.area_id WHERE" VIEW_AFTER_CURSOR(VIEW_DEVICE_PATH(":cursor"), "d.device_id")
        "ORDER BY a.path, d.device_id LIMIT 1 OFFSET coalesce(:part_rows, 1) - 1" },

    /* What :query finds, by the search index; a customer's name only for those who may see it. */
    { VIEW_DEVICES_FOUND,
        "SELECT d.device_id AS \"device_id!cursor\"," DEVICE_COLUMNS "FROM search_device x CROSS JOIN device d ON d.device_id = x.rowid"
        VIEW_JOIN_AREA DEVICE_JOINS
        "WHERE x.search_device MATCH search_match(" VIEW_SEARCH_PATH ", :query, 15, iif(:reveal, '" FOUND_BY SEARCH_NAME "', '" FOUND_BY "'))"
        " AND x.rowid > coalesce(:cursor, 0) AND search_holds(:query, 1, d.meter_number, coalesce(" IMEI_TEXT ", ''),"
        " coalesce(p.name, '') || a.name || d.room, coalesce(c.name_initials, ''), iif(:reveal, coalesce(c.name, ''), '')) AND"
        VIEW_IN_SCOPE DEVICE_FILTER "ORDER BY x.rowid LIMIT :limit" },

    { VIEW_DEVICE,
        "SELECT" DEVICE_COLUMNS ", d.parent_device_id, (SELECT x.meter_number FROM device x"
        "  WHERE x.device_id = d.parent_device_id) AS parent_name, d.line_device_id, d.address, d.port, d.measurement_point,"
        " d.ct_primary_a, d.ct_secondary_a, d.pt_primary_v, d.pt_secondary_v,"
        " EXISTS (SELECT 1 FROM device_secret x WHERE x.device_id = d.device_id AND x.purpose = 'password')"
        "  AS \"has_password!bool\","
        " EXISTS (SELECT 1 FROM device_secret x WHERE x.device_id = d.device_id AND x.purpose = 'key') AS \"has_key!bool\","
        " (SELECT t.connected FROM line_state t WHERE t.device_id = d.line_device_id) AS \"line_connected!bool\","
        " s.register_s AS \"register_s!time\", d.security, d.register_modulus_value, d.flow_limit_value_per_h,"
        " nullif(d.start_register_value, -1) AS start_register_value,"
        " d.start_total_value, d.installed_s, d.report_time_s, d.replaces_device_id,"
        " (SELECT x.device_id FROM device x WHERE x.replaces_device_id = d.device_id) AS replaced_by_device_id,"
        " nullif(s.physical_cell, 0) AS physical_cell, nullif(s.cell_id, 0) AS cell_id, nullif(s.earfcn, 0) AS earfcn,"
        " " REPORTED("clock_error_s") ", " REPORTED("recharge_serial") ", " FIRMWARE_VERSION " AS firmware_version,"
        " s.newest_day AS \"newest_day!day\","
        " CASE WHEN d.removed_s IS NULL THEN " NEXT_REPORT " END AS next_report_s,"
        " 30 AS \"completeness.days\","
        " days_known(s.complete_days, s.newest_day, :today - 29, :today) AS \"completeness.received\","
        " days_known(s.complete_days & s.on_time_days, s.newest_day, :today - 29, :today) AS \"completeness.on_time\","
        " max(0, min(30, :today - (d.installed_s + :zone_s) / 86400)) AS \"completeness.due\""
        " FROM device d" VIEW_JOIN_AREA DEVICE_JOINS "WHERE d.device_id = :object AND" VIEW_IN_SCOPE },

    { VIEW_DEVICE_READINGS,
        VIEW_DAYS VIEW_LATCHED
        "SELECT r.day AS \"day!cursor\", r.day AS \"day!day\", r.register_value, r.total_value, r.quality, r.received_s,"
        " r.multiplier_e3, (SELECT kind FROM device WHERE device_id = :object) AS device_kind"
        " FROM latched r"
        " WHERE r.day <= (SELECT max(day) FROM days) AND EXISTS (SELECT 1" THE_DEVICE ") ORDER BY r.day DESC" },

    { VIEW_DEVICE_EVENTS,
        "SELECT e.event_id AS \"event_id!cursor\"," EVENT_COLUMNS "FROM event e" EVENT_JOINS
        "WHERE e.device_id = :object AND" VIEW_IN_SCOPE
        "AND e.event_id < coalesce(:cursor, 9223372036854775807) ORDER BY e.event_id DESC LIMIT :limit" },

    { VIEW_DEVICE_COMMANDS,
        "SELECT m.command_id AS \"command_id!cursor\"," COMMAND_COLUMNS "FROM command m" COMMAND_JOINS
        "WHERE m.device_id = :object AND" VIEW_IN_SCOPE
        "AND m.command_id < coalesce(:cursor, 9223372036854775807) ORDER BY m.command_id DESC LIMIT :limit" },

    /* Frames of one device are linked newest to oldest; no index is needed to walk them. A number whose frame is gone may have
     * been given again. */
    { VIEW_DEVICE_FRAMES,
        CUT_OR_WHOLE("WITH chain AS (SELECT * FROM frame_chain(:object, :cursor, (SELECT s.last_frame FROM device_state s"
        " WHERE s.device_id = :object), :limit))",
        "WITH RECURSIVE chain(frame_id, previous_frame, at_s, direction, bytes, place) AS ("
        " SELECT f.frame_id, f.previous_frame, f.at_s, f.direction, f.bytes, 1 FROM frame f"
        "  WHERE f.frame_id = coalesce((SELECT g.previous_frame FROM frame g WHERE g.frame_id = :cursor"
        "   AND g.device_id = :object), (SELECT s.last_frame FROM device_state s WHERE s.device_id = :object"
        "   AND :cursor IS NULL)) AND f.device_id = :object"
        " UNION ALL SELECT f.frame_id, f.previous_frame, f.at_s, f.direction, f.bytes, chain.place + 1 FROM chain"
        "  JOIN frame f ON f.frame_id = chain.previous_frame AND f.device_id = :object WHERE chain.place < :limit)")
        "SELECT frame_id AS \"frame_id!cursor\", frame_id, at_s, direction, bytes AS \"hex!hex\", length(bytes) AS size"
        " FROM chain WHERE EXISTS (SELECT 1" THE_DEVICE ")" },

    { VIEW_DEVICE_SET_ASIDE,
        "SELECT r.set_aside_id AS \"set_aside_id!cursor\"," SET_ASIDE_COLUMNS
        "FROM reading_set_aside r CROSS JOIN device d ON d.device_id = r.device_id" VIEW_JOIN_AREA
        "LEFT JOIN person n ON n.person_id = r.decided_by"
        " WHERE r.device_id = :object AND" VIEW_IN_SCOPE
        "AND r.set_aside_id < coalesce(:cursor, 9223372036854775807) ORDER BY r.set_aside_id DESC LIMIT :limit" },

    { VIEW_SET_ASIDE,
        "SELECT r.set_aside_id AS \"set_aside_id!cursor\"," SET_ASIDE_COLUMNS
        "FROM reading_set_aside r CROSS JOIN device d ON d.device_id = r.device_id" VIEW_JOIN_AREA
        "LEFT JOIN person n ON n.person_id = r.decided_by"
        " WHERE" VIEW_IN_SCOPE "AND (:open IS NULL OR :open = (r.decided_s IS NULL))"
        " AND (:reason IS NULL OR r.reason = :reason)"
        " AND r.set_aside_id < coalesce(:cursor, 9223372036854775807) ORDER BY r.set_aside_id DESC LIMIT :limit" },

    { VIEW_COMMANDS,
        "SELECT m.command_id AS \"command_id!cursor\"," COMMAND_COLUMNS "FROM command m" COMMAND_JOINS
        "WHERE m.tenant_id = :tenant AND" VIEW_IN_SCOPE
        "AND (:state IS NULL OR m.state = :state) AND (:open IS NULL OR :open = (m.finished_s IS NULL))"
        " AND (:kind IS NULL OR m.kind = :kind)"
        " AND m.command_id < coalesce(:cursor, 9223372036854775807) ORDER BY m.command_id DESC LIMIT :limit" },

    { VIEW_COMMAND,
        "SELECT" COMMAND_COLUMNS "FROM command m" COMMAND_JOINS
        "WHERE m.command_id = :object AND m.tenant_id = :tenant AND" VIEW_IN_SCOPE },

    { VIEW_COMMAND_STEPS,
        "SELECT x.step, x.state, x.at_s, x.detail FROM command_step x WHERE x.command_id = :object"
        " AND EXISTS (SELECT 1 FROM command m JOIN device d ON d.device_id = m.device_id JOIN area a USING (area_id)"
        "  WHERE m.command_id = :object AND" VIEW_IN_SCOPE ") ORDER BY x.step" },

    { VIEW_COMMAND_COUNTS,
        "SELECT m.state, count(*) AS count FROM command m JOIN device d ON d.device_id = m.device_id"
        " JOIN area a ON a.area_id = d.area_id WHERE m.tenant_id = :tenant AND" VIEW_IN_SCOPE
        "AND m.requested_s >= :now_s - 604800 GROUP BY m.state" },

    { VIEW_EVENTS, EVENTS_NEWEST(" e.event_id AS \"event_id!cursor\"," EVENT_COLUMNS, OF_OPEN) },

    /* Those that still stand are few, and have an index of their own. */
    { VIEW_EVENTS_OPEN, EVENTS_NEWEST(" e.event_id AS \"event_id!cursor\"," EVENT_COLUMNS, "e.cleared_s IS NULL") },

    { VIEW_EVENTS_STEP, EVENTS_STEP("true") },
    { VIEW_EVENTS_OPEN_STEP, EVENTS_STEP("e.cleared_s IS NULL") },
    { VIEW_EVENTS_TOTAL, "SELECT (SELECT max(event_id) FROM event) - (SELECT min(event_id) FROM event) + 1 AS count" },

    /* Counted without a look at places where all of them count. */
    { VIEW_EVENTS_COUNT,
        "SELECT e.event_id FROM event e WHERE :whole AND e.tenant_id = :tenant AND " OF_OPEN EVENT_FILTER
        EVENTS_OF_PART(OF_OPEN) " LIMIT :limit" },
    { VIEW_EVENTS_OPEN_COUNT,
        "SELECT e.event_id FROM event e WHERE :whole AND e.cleared_s IS NULL AND e.tenant_id = :tenant" EVENT_FILTER
        EVENTS_OF_PART("e.cleared_s IS NULL") " LIMIT :limit" },

    { VIEW_EVENT,
        "SELECT" EVENT_COLUMNS "FROM event e" EVENT_JOINS
        "WHERE e.event_id = :object AND e.tenant_id = :tenant AND" VIEW_IN_SCOPE },
};

const struct view_text_list view_texts_devices = { rows, sizeof rows / sizeof rows[0] };
