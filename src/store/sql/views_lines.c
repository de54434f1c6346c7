#include "store/sql/archive_rows.h"
#include "store/sql/view_texts.h"

/* Views of concentrators and lines: how they are, what hangs on them, what they hold. */

#define LINE_KIND \
    " CASE l.kind WHEN 1 THEN 'concentrator' WHEN 2 THEN 'dtu' WHEN 3 THEN 'serial' WHEN 4 THEN 'tcp' END "

/* Meters in service on the line, whatever collectors lie between; of yesterday is known what today's midnight ended. */
#define METERS_OF_ONE(what) \
    "(SELECT " what " FROM device m LEFT JOIN device_state ms ON ms.device_id = m.device_id" \
    " WHERE m.line_device_id = d.device_id AND m.measurement_point > 0 AND m.removed_s IS NULL)"

/* One that was installed today has no yesterday. */
#define METER_IS_DUE " (m.installed_s + :zone_s) / 86400 < :today "

#define LINE_COLUMNS \
    " d.device_id, d.kind, d.meter_number AS name, d.address, d.area_id, a.name AS area_name," VIEW_PLACE "AS place," \
    " d.room, d.maker, d.profile," LINE_KIND "AS line_kind, l.meter_limit," METERS_OF_ONE("count(*)") " AS meters," \
    " coalesce(t.connected, 0) AS \"connected!bool\", t.since_s AS \"since_s!time\"," \
    " t.last_contact_s AS \"last_contact_s!time\", t.last_data_s AS \"last_data_s!time\"," \
    " coalesce(t.login_count, 0) AS login_count, CASE WHEN t.clock_known <> 0 THEN t.clock_error_s END AS clock_error_s," \
    " t.clock_at_s AS \"clock_at_s!time\", coalesce(s.status, 0) AS status, nullif(s.rsrp_dbm, 0) AS rsrp_dbm," \
    " coalesce(y.state, 'unknown') AS \"archive.state\", y.differences AS \"archive.differences\"," \
    " y.agreed_s AS \"archive.agreed_s!time\", y.finished_s AS \"archive.finished_s!time\"," \
    METERS_OF_ONE("coalesce(sum(days_known(ms.complete_days, ms.newest_day, :today, :today)) FILTER (WHERE" METER_IS_DUE "), 0)") \
    " AS \"yesterday.received\"," METERS_OF_ONE("count(*) FILTER (WHERE" METER_IS_DUE ")") " AS \"yesterday.due\", d.removed_s "

#define LINE_JOINS \
    " CROSS JOIN line l ON l.device_id = d.device_id LEFT JOIN line_state t ON t.device_id = d.device_id" \
    " LEFT JOIN device_state s ON s.device_id = d.device_id" \
    " LEFT JOIN line_archive_sync y ON y.device_id = d.device_id "

/* Lines are few among millions of meters. */
#define LINES_FIRST "FROM line o CROSS JOIN device d ON d.device_id = o.device_id" VIEW_JOIN_AREA

/* Twelve digits as they stand on a meter; NULL for none. */
#define DIGITS(number) "CASE WHEN " number " > 0 THEN printf('%012lld', " number ") END"

/* One row of a tree: what it is, how many hang on it, and of a meter how it is. */
#define TREE_COLUMNS \
    " d.device_id, d.kind, d.meter_number, d.address, d.measurement_point, d.port, d.profile, d.room," VIEW_PLACE \
    "AS place, d.parent_device_id, d.line_device_id, coalesce(s.status, 0) AS status," \
    " s.last_received_s AS \"last_received_s!time\", CASE WHEN s.last_received_s > 0 THEN s.register_value END" \
    " AS register_value, days_known(s.complete_days, s.newest_day, :today, :today) AS \"complete!bool\"," \
    " (SELECT count(*) FROM device c WHERE c.parent_device_id = d.device_id AND c.parent_device_id > 0" \
    "  AND c.removed_s IS NULL) AS children, t.connected AS \"connected!bool\", l.meter_limit "

#define STATED_CLOCK " s.clock_error_s <> 0 AND d.removed_s IS NULL AND" VIEW_METER

/* Of lines, and of meters by what follows. */
#define CLOCKS(meters) \
    "SELECT d.device_id AS device_id, d.kind AS kind, d.meter_number AS name," VIEW_PLACE "AS place," \
    " q.clock_error_s AS clock_error_s, q.known_s AS known_s FROM (SELECT * FROM (" \
    "SELECT d.device_id AS device_id, t.clock_error_s AS clock_error_s, t.clock_at_s AS known_s FROM line_state t" \
    " CROSS JOIN device d ON d.device_id = t.device_id CROSS JOIN area a ON a.area_id = d.area_id" \
    " WHERE t.clock_known <> 0 AND d.removed_s IS NULL AND" VIEW_IN_SCOPE meters ") z" \
    " WHERE :worst IS NULL OR abs(clock_error_s) >= :worst ORDER BY abs(clock_error_s) DESC, device_id LIMIT :limit) q" \
    " CROSS JOIN device d ON d.device_id = q.device_id" VIEW_JOIN_AREA "ORDER BY abs(q.clock_error_s) DESC, q.device_id"

#define TREE_JOINS \
    "LEFT JOIN device_state s ON s.device_id = d.device_id LEFT JOIN line_state t ON t.device_id = d.device_id" \
    " LEFT JOIN line l ON l.device_id = d.device_id WHERE" VIEW_IN_SCOPE "AND d.removed_s IS NULL "

/* Side by side: what the platform says, what the concentrator last said, and whether they agree. */
#define ARCHIVE_SIDES \
    "WITH chosen AS (SELECT d.device_id AS line FROM device d JOIN area a USING (area_id)" \
    "  WHERE d.device_id = :object AND" VIEW_IN_SCOPE ")," \
    " ours AS (" ARCHIVE_OURS_SELECT("(SELECT line FROM chosen)") ")," \
    " theirs AS (" ARCHIVE_THEIRS_SELECT("(SELECT line FROM chosen)") ") "

#define ARCHIVE_COLUMNS \
    " coalesce(o.number, t.number) AS number," ARCHIVE_STATE "AS state, o.device_id," \
    " (SELECT m.meter_number FROM device m WHERE m.device_id = o.device_id) AS meter_number," \
    " " DIGITS("o.address") " AS \"ours.address\", " DIGITS("o.collector") " AS \"ours.collector\"," \
    " o.port AS \"ours.port\", o.protocol_code AS \"ours.protocol_code\", o.baud_code AS \"ours.baud_code\"," \
    " " DIGITS("t.address") " AS \"theirs.address\", t.measurement_point AS \"theirs.measurement_point\"," \
    " " DIGITS("t.collector") " AS \"theirs.collector\", t.port AS \"theirs.port\"," \
    " t.protocol_code AS \"theirs.protocol_code\", t.baud_code AS \"theirs.baud_code\""

static const struct view_text rows[] = {
    { VIEW_CONCENTRATORS,
        "SELECT d.device_id AS \"device_id!cursor\"," LINE_COLUMNS LINES_FIRST LINE_JOINS
        "WHERE" VIEW_IN_SCOPE "AND d.line_device_id = d.device_id AND (d.removed_s IS NULL OR :removed)"
        " AND (:connected IS NULL OR :connected = coalesce(t.connected, 0))"
        " AND (:archive IS NULL OR :archive = coalesce(y.state, 'unknown'))"
        " AND (:query IS NULL OR" VIEW_HOLDS("d.meter_number", ":query") "OR" VIEW_HOLDS("d.address", ":query")
        "  OR" VIEW_HOLDS("replace(coalesce(p.name, '') || a.name || d.room, ' ', '')", "replace(:query, ' ', '')") ")"
        " AND o.device_id > coalesce(:cursor, 0) ORDER BY o.device_id LIMIT :limit" },

    { VIEW_CONCENTRATOR,
        "SELECT" LINE_COLUMNS ", l.baud, l.parity, l.stop_bits, l.heartbeat_s AS heartbeat_interval_s, l.heartbeat,"
        " l.gap_ms, l.answer_timeout_ms, l.code_dlt645, l.code_dlt645_1997, l.code_cjt188, d.installed_s,"
        " EXISTS (SELECT 1 FROM device_secret x WHERE x.device_id = d.device_id AND x.purpose = 'line') AS \"has_secret!bool\""
        " FROM device d" VIEW_JOIN_AREA LINE_JOINS "WHERE d.device_id = :object AND" VIEW_IN_SCOPE },

    { VIEW_CONCENTRATOR_SYNC,
        "SELECT d.device_id, d.meter_number AS name, coalesce(y.state, 'unknown') AS state, y.write AS \"write!bool\","
        " problem_name(y.problem) AS problem, line_problem_text(y.problem, 1) AS problem_zh,"
        " line_problem_text(y.problem, 0) AS problem_en, y.written, y.denied, y.differences, y.position, y.tries,"
        " n.display_name AS requested_by_name, y.requested_s AS \"requested_s!time\","
        " y.finished_s AS \"finished_s!time\", y.agreed_s AS \"agreed_s!time\""
        " FROM device d" VIEW_JOIN_AREA LINE_JOINS "LEFT JOIN person n ON n.person_id = y.requested_by"
        " WHERE d.device_id = :object AND" VIEW_IN_SCOPE },

    { VIEW_CONCENTRATOR_ARCHIVE, ARCHIVE_SIDES "SELECT" ARCHIVE_COLUMNS ARCHIVE_JOIN "ORDER BY 1 LIMIT 2048" },

    { VIEW_ARCHIVE_ROWS,
        ARCHIVE_SIDES "SELECT coalesce(o.number, t.number) AS \"number!cursor\"," ARCHIVE_COLUMNS ARCHIVE_JOIN
        "WHERE (:state IS NULL OR" ARCHIVE_STATE "= :state)"
        " AND (:cursor IS NULL OR coalesce(o.number, t.number) > :cursor) ORDER BY 1 LIMIT :limit" },

    { VIEW_TOPOLOGY,
        "SELECT d.device_id AS \"device_id!cursor\"," TREE_COLUMNS LINES_FIRST TREE_JOINS
        "AND d.line_device_id = d.device_id AND o.device_id > coalesce(:cursor, 0) ORDER BY o.device_id LIMIT :limit" },

    /* What hangs on :parent. */
    { VIEW_TOPOLOGY_BELOW,
        "SELECT d.device_id AS \"device_id!cursor\"," TREE_COLUMNS "FROM device d" VIEW_JOIN_AREA TREE_JOINS
        "AND d.parent_device_id = :parent AND d.parent_device_id > 0"
        " AND d.device_id > coalesce(:cursor, 0) ORDER BY d.device_id LIMIT :limit" },

    /* Last known errors of clocks, the worst first: of concentrators and lines, and of meters that stated a time. */
    { VIEW_CLOCKS,
        CLOCKS(" UNION ALL SELECT d.device_id, s.clock_error_s, s.last_received_s FROM device_state s"
        " CROSS JOIN device d ON d.device_id = s.device_id WHERE :whole AND d.tenant_id = :tenant AND" STATED_CLOCK
        " UNION ALL SELECT d.device_id, s.clock_error_s, s.last_received_s FROM area a CROSS JOIN device d ON d.area_id = a.area_id"
        " CROSS JOIN device_state s ON s.device_id = d.device_id WHERE NOT :whole AND" VIEW_IN_SCOPE "AND" STATED_CLOCK) },
    /* The same where :worst is a minute or more: those are noted, and the worst of them come first. */
    { VIEW_CLOCKS_APART,
        CLOCKS(" UNION ALL SELECT * FROM (SELECT d.device_id, s.clock_error_s, s.last_received_s FROM clock_apart c"
        " CROSS JOIN device d ON d.device_id = c.device_id CROSS JOIN area a ON a.area_id = d.area_id"
        " CROSS JOIN device_state s ON s.device_id = d.device_id WHERE c.apart_s >= :worst AND" VIEW_IN_SCOPE "AND" STATED_CLOCK
        " ORDER BY c.apart_s DESC LIMIT :limit) m") },
};

const struct view_text_list view_texts_lines = { rows, sizeof rows / sizeof rows[0] };
