#include "store/cut_text.h"
#include "store/sql/view_texts.h"

/* Views of reading plans and tasks, and of what is missing and why. */

#define WHAT(column) \
    " CASE " column " WHEN 1 THEN 'current' WHEN 2 THEN 'daily' WHEN 3 THEN 'monthly' WHEN 4 THEN 'curve'" \
    " WHEN 5 THEN 'interval' END AS what "
#define KIND(column) \
    " CASE " column " WHEN 1 THEN 'cold_water' WHEN 2 THEN 'hot_water' WHEN 3 THEN 'electricity' WHEN 4 THEN 'gas'" \
    " WHEN 5 THEN 'heat' END AS kind "

/* What is left takes as long as what is done took. */
#define ENDED "(t.done + t.failed)"
#define TASK_COLUMNS \
    " t.task_id, CASE t.state WHEN 1 THEN 'open' WHEN 2 THEN 'done' ELSE 'cancelled' END AS state," WHAT("t.what") \
    ", t.day AS \"date!day\"," KIND("t.kind") ", t.freeze AS \"freeze!bool\", t.area_id, a.name AS area_name," \
    " CASE t.priority WHEN 1 THEN 'high' WHEN 2 THEN 'normal' ELSE 'low' END AS priority," \
    " t.requested_by, n.display_name AS requested_by_name, t.requested_s, t.started_s AS \"started_s!time\"," \
    " t.finished_s AS \"finished_s!time\", t.expires_s, t.total, t.done, t.failed, t.cancelled," \
    " t.total - t.done - t.failed - t.cancelled AS left," \
    " CASE WHEN t.started_s > 0 AND " ENDED " > 0 THEN " ENDED " * 60 / max(1," \
    "  CASE t.finished_s WHEN 0 THEN :now_s ELSE t.finished_s END - t.started_s) END AS rate_per_min," \
    " CASE WHEN t.state = 1 AND t.started_s > 0 AND " ENDED " > 0 THEN :now_s + (t.total - " ENDED " - t.cancelled)" \
    "  * max(1, :now_s - t.started_s) / " ENDED " END AS expected_s "
#define TASK_JOINS " CROSS JOIN area a ON a.area_id = t.area_id LEFT JOIN person n ON n.person_id = t.requested_by "

#define ITEM_STATE \
    " CASE i.state WHEN 1 THEN 'waiting' WHEN 2 THEN 'asked' WHEN 3 THEN 'done' WHEN 4 THEN 'failed' ELSE 'cancelled' END "

/* A plan of chosen meters is seen by those who see the whole tenant. */
#define PLAN_COLUMNS \
    " y.plan_id, y.name, y.area_id, a.name AS area_name," KIND("y.kind") "," WHAT("y.what") ", y.every," \
    " CASE y.unit WHEN 1 THEN 'minute' WHEN 2 THEN 'hour' WHEN 3 THEN 'day' WHEN 4 THEN 'week' ELSE 'month' END AS unit," \
    " y.offset_s, y.enabled AS \"enabled!bool\"," \
    " (SELECT count(*) FROM reading_plan_device x WHERE x.plan_id = y.plan_id) AS device_count," \
    " y.created_by, n.display_name AS created_by_name, y.created_s, y.last_run_s AS \"last_run_s!time\"," \
    " y.asked AS \"last_run.asked\", y.done AS \"last_run.done\", y.failed AS \"last_run.failed\" "
#define PLAN_JOINS \
    " LEFT JOIN area a ON a.area_id = y.area_id LEFT JOIN person n ON n.person_id = y.created_by" \
    " WHERE y.tenant_id = :tenant AND ((y.area_id IS NULL AND :whole)" \
    " OR (a.path >= :path_low AND a.path < :path_high)) "

#define MIDNIGHT_S "(:day * 86400 - :zone_s)"

/* Why the midnight :day of a meter is missing; the first that is true. */
#define REASON \
    " CASE WHEN :now_s < " MIDNIGHT_S " + 3600 THEN 'not_due'" \
    " WHEN d.removed_s IS NOT NULL THEN 'replaced'" \
    " WHEN EXISTS (SELECT 1 FROM reading_set_aside r WHERE r.device_id = d.device_id AND r.day = :day" \
    "  AND r.decision IS DISTINCT FROM 'accepted') THEN 'bad_value'" \
    " WHEN t.given_up_day - :day BETWEEN 0 AND 31 AND (t.given_up >> (t.given_up_day - :day)) & 1 = 1 THEN 'given_up'" \
    " WHEN d.line_device_id > 0 AND coalesce(l.online, 0) = 0 THEN 'line_offline'" \
    " WHEN t.problem > 0 THEN 'failed'" \
    " WHEN d.line_device_id > 0 THEN 'waiting'" \
    " WHEN s.status & 8 <> 0 THEN 'silent' ELSE 'late' END "

#define MISSING_COLUMNS \
    "SELECT d.device_id AS \"device_id!cursor\", d.device_id, d.meter_number, d.kind, d.maker," \
    VIEW_PLACE "AS place, nullif(d.line_device_id, 0) AS line_id, w.meter_number AS line_number," REASON "AS reason," \
    " problem_name(nullif(t.problem, 0)) AS problem, t.tries, t.last_s AS last_try_s, t.next_s AS \"next_try_s!time\"," \
    " CASE WHEN d.line_device_id > 0 AND coalesce(l.online, 0) = 0 THEN l.since_s END AS line_offline_since_s," \
    " s.last_received_s AS \"last_received_s!time\" "
#define MISSING_JOINS \
    "LEFT JOIN device_state s ON s.device_id = d.device_id LEFT JOIN collect_trouble t ON t.device_id = d.device_id" \
    " LEFT JOIN collect_line l ON l.line_id = d.line_device_id LEFT JOIN device w ON w.device_id = d.line_device_id "
#define MISSING \
    "AND" VIEW_METER "AND" VIEW_ANY_KIND("d.kind") "AND" VIEW_OWES(":day") \
    "AND coalesce(days_known(s.complete_days, s.newest_day, :day, :day), 0) = 0 AND (:day > coalesce(s.newest_day, 0) - 64" \
    "  OR NOT EXISTS (SELECT 1 FROM midnights(d.device_id, :day, :day))) AND (:reason IS NULL OR" REASON "= :reason) "

/* Why the quarter-hours of :day of a meter that records them are incomplete. A meter with a radio tells a day on the next one, and
 * is asked for it from the day after that on. */
#define INTERVAL_REASON \
    " CASE WHEN :now_s < " MIDNIGHT_S " + 86400 + CASE WHEN d.line_device_id > 0 THEN 3600 ELSE 86400 END THEN 'not_due'" \
    " WHEN days_known(t.interval_given_up, t.interval_given_up_day, :day, :day) > 0 THEN 'given_up'" \
    " WHEN d.line_device_id > 0 AND coalesce(l.online, 0) = 0 THEN 'line_offline'" \
    " WHEN d.line_device_id = 0 AND (s.status & 8) <> 0 THEN 'silent' WHEN t.interval_problem > 0 THEN 'failed' ELSE 'waiting' END "

static const struct view_text rows[] = {
    { VIEW_READING_TASKS,
        "SELECT t.task_id AS \"task_id!cursor\"," TASK_COLUMNS "FROM reading_task t" TASK_JOINS
        "WHERE t.tenant_id = :tenant AND" VIEW_IN_SCOPE
        "AND (:state IS NULL OR t.state = CASE :state WHEN 'open' THEN 1 WHEN 'done' THEN 2 ELSE 3 END)"
        " AND t.task_id < coalesce(:cursor, 9223372036854775807) ORDER BY t.task_id DESC LIMIT :limit" },

    { VIEW_READING_TASK,
        "SELECT" TASK_COLUMNS "FROM reading_task t" TASK_JOINS
        "WHERE t.task_id = :object AND t.tenant_id = :tenant AND" VIEW_IN_SCOPE },

    { VIEW_READING_TASK_ITEMS,
        "SELECT i.device_id AS \"device_id!cursor\", i.device_id, d.meter_number, d.kind," VIEW_PLACE "AS place,"
        " nullif(i.line_id, 0) AS line_id, w.meter_number AS line_number," ITEM_STATE "AS state,"
        " problem_name(nullif(i.problem, 0)) AS reason, i.tries, i.at_s,"
        " CASE WHEN i.line_id > 0 THEN CASE i.route WHEN 0 THEN 'concentrator' ELSE 'meter' END END AS route,"
        " CASE WHEN i.state = 3 AND t.what <> 5 THEN CASE t.day WHEN 0 THEN s.register_value ELSE r.register_value END END"
        "  AS register_value"
        " FROM reading_task t JOIN reading_task_item i ON i.task_id = t.task_id"
        " CROSS JOIN device d ON d.device_id = i.device_id" VIEW_JOIN_AREA
        "LEFT JOIN device w ON w.device_id = i.line_id"
        " LEFT JOIN device_state s ON s.device_id = i.device_id"
        " LEFT JOIN midnights(i.device_id, t.day, t.day) r ON true"
        " WHERE t.task_id = :object AND t.tenant_id = :tenant AND" VIEW_IN_SCOPE
        "AND (:state IS NULL OR" ITEM_STATE "= :state)"
        " AND i.device_id > coalesce(:cursor, 0) ORDER BY i.device_id LIMIT :limit" },

    { VIEW_READING_PLANS,
        "SELECT y.plan_id AS \"plan_id!cursor\"," PLAN_COLUMNS "FROM reading_plan y" PLAN_JOINS
        "AND y.plan_id > coalesce(:cursor, 0) ORDER BY y.plan_id LIMIT :limit" },

    { VIEW_READING_PLAN, "SELECT" PLAN_COLUMNS "FROM reading_plan y" PLAN_JOINS "AND y.plan_id = :object" },

    { VIEW_READING_LOAD,
        "SELECT count(*) AS lines, coalesce(sum(l.online), 0) AS lines_online,"
        " count(*) FILTER (WHERE l.orders > 0) AS lines_busy, coalesce(sum(l.orders), 0) AS orders,"
        " (SELECT coalesce(sum(t.total - t.done - t.failed - t.cancelled), 0) FROM reading_task t"
        "  CROSS JOIN area a ON a.area_id = t.area_id WHERE t.state = 1 AND t.tenant_id = :tenant AND" VIEW_IN_SCOPE
        " ) AS meters_waiting,"
        " (SELECT count(*) FROM reading_task t CROSS JOIN area a ON a.area_id = t.area_id WHERE t.state = 1"
        "  AND t.tenant_id = :tenant AND" VIEW_IN_SCOPE ") AS tasks_open"
        " FROM device d CROSS JOIN area a ON a.area_id = d.area_id LEFT JOIN collect_line l ON l.line_id = d.device_id"
        " WHERE d.line_device_id = d.device_id AND d.line_device_id > 0 AND d.removed_s IS NULL AND" VIEW_IN_SCOPE },

    /* One row a concentrator or maker, the worst first; its days as JSON, each once per meter that owed it. Meters that gave the
     * same days are counted before the days are looked at: most of a town are alike. */
    { VIEW_COMPLETENESS_MATRIX,
        VIEW_DAYS ", alike AS MATERIALIZED (SELECT"
        " CASE :group WHEN 'concentrator' THEN d.line_device_id ELSE 0 END AS group_id,"
        " CASE :group WHEN 'maker' THEN d.maker ELSE '' END AS maker, s.newest_day AS newest_day, s.complete_days AS complete_days,"
        " s.complete_days & s.on_time_days AS on_time_days, CASE WHEN" VIEW_OWES_FROM "> :from THEN" VIEW_OWES_FROM "ELSE :from END AS owes_from,"
        " CASE WHEN (d.removed_s + :zone_s) / 86400 <= :to THEN (d.removed_s + :zone_s) / 86400 END AS removed_day, count(*) AS devices"
        " FROM area a CROSS JOIN device d ON d.area_id = a.area_id LEFT JOIN device_state s ON s.device_id = d.device_id"
        " WHERE" VIEW_SLICE(VIEW_DEVICE_PATH, "d.device_id") "AND" VIEW_METER "AND (:kind IS NULL OR d.kind = :kind)"
        " GROUP BY 1, 2, 3, 4, 5, 6, 7), cells AS (SELECT c.group_id AS group_id, c.maker AS maker, days.day AS day, sum(c.devices) AS due,"
        " sum(c.devices * coalesce(days_known(c.on_time_days, c.newest_day, days.day, days.day), 0)) AS on_time,"
        " sum(c.devices * coalesce(days_known(c.complete_days, c.newest_day, days.day, days.day), 0)) AS received"
        " FROM alike c CROSS JOIN days WHERE days.day >= c.owes_from AND (c.removed_day IS NULL OR days.day < c.removed_day) GROUP BY 1, 2, 3)"
        " SELECT x.group_id, CASE :group WHEN 'concentrator' THEN"
        "  CASE x.group_id WHEN 0 THEN '' ELSE coalesce(nullif(w.address, ''), w.meter_number) END ELSE x.maker END AS name,"
        " x.due, x.on_time, x.received, x.on_time * 10000 / x.due AS on_time_rate_e4,"
        " x.received * 10000 / x.due AS eventual_rate_e4, x.days AS \"days!json\" FROM ("
        "SELECT group_id, maker, sum(due) AS due, sum(on_time) AS on_time, sum(received) AS received,"
        " json_group_array(json_object('day', date(day * 86400, 'unixepoch'), 'due', due, 'on_time', on_time,"
        "  'received', received)) AS days FROM (SELECT * FROM cells ORDER BY group_id, maker, day)"
        " GROUP BY group_id, maker) x"
        " LEFT JOIN device w ON w.device_id = x.group_id"
        " ORDER BY x.received * 1.0 / x.due, x.due DESC, x.group_id, x.maker" },

    /* The same by places, from what is kept of them: of a large area its estates. */
    { VIEW_COMPLETENESS_PLACES,
        VIEW_DAYS "," VIEW_TILES ", came AS MATERIALIZED (SELECT area_id, day, sum(received) AS received, sum(on_time) AS on_time FROM ("
        VIEW_SHOWN_MET ") c GROUP BY area_id, day), cells AS (SELECT b.area_id AS area_id, days.day AS day,"
        " coalesce((SELECT sum(d.devices) FROM area_due d WHERE d.area_id = b.area_id AND d.day <= days.day AND"
        VIEW_ANY_KIND("d.kind") "), 0) - CASE WHEN b.above THEN coalesce((SELECT sum(d.devices) FROM area c"
        "  CROSS JOIN area_due d ON d.area_id = c.area_id WHERE c.tenant_id = :tenant AND c.parent_area_id = b.area_id"
        "  AND d.day <= days.day AND" VIEW_ANY_KIND("d.kind") "), 0) ELSE 0 END AS due FROM shown b CROSS JOIN days),"
        " met AS (SELECT c.area_id AS area_id, c.day AS day, c.due AS due," VIEW_SMALLER("coalesce(x.on_time, 0)", "c.due") "AS on_time,"
        VIEW_SMALLER("coalesce(x.received, 0)", "c.due") "AS received FROM cells c"
        "  LEFT JOIN came x ON x.area_id = c.area_id AND x.day = c.day WHERE c.due > 0)"
        "SELECT x.area_id AS group_id, b.name AS name, b.parent_name AS parent_name, b.kind AS area_kind, x.due, x.on_time, x.received, x.on_time * 10000 / x.due AS on_time_rate_e4,"
        " x.received * 10000 / x.due AS eventual_rate_e4, x.days AS \"days!json\" FROM ("
        "SELECT area_id, sum(due) AS due, sum(on_time) AS on_time, sum(received) AS received,"
        " json_group_array(json_object('day', date(day * 86400, 'unixepoch'), 'due', due, 'on_time', on_time,"
        "  'received', received)) AS days FROM (SELECT * FROM met ORDER BY area_id, day) m GROUP BY area_id) x"
        " JOIN shown b ON b.area_id = x.area_id ORDER BY x.received * 1.0 / x.due, x.due DESC, x.area_id LIMIT 1000" },

    /* Few are missing among many. */
    { VIEW_COMPLETENESS_MISSING,
        MISSING_COLUMNS "FROM area a CROSS JOIN device d ON d.area_id = a.area_id LEFT JOIN area p ON p.area_id = a.parent_area_id"
        " AND p.kind <> 'company' " MISSING_JOINS "WHERE" VIEW_SLICE(VIEW_DEVICE_PATH, "d.device_id") MISSING
        "ORDER BY a.path, d.device_id LIMIT :limit" },

    /* Only meters that record: one row of interval_standing each, so many of them at a time. */
    { VIEW_INTERVALS_STEP,
        "SELECT device_id FROM interval_standing WHERE device_id > coalesce(:cursor, 0) ORDER BY device_id LIMIT 1 OFFSET coalesce(:part_rows, 1) - 1" },
    { VIEW_COMPLETENESS_INTERVALS,
        "SELECT * FROM (SELECT d.device_id AS \"device_id!cursor\", d.device_id, d.meter_number, d.kind, d.maker,"
        VIEW_PLACE "AS place, nullif(d.line_device_id, 0) AS line_id, w.meter_number AS line_number,"
        " 96 / max(1, q.period_slots) AS expected, coalesce(i.missing, 96 / max(1, q.period_slots)) AS missing,"
        INTERVAL_REASON "AS reason, problem_name(nullif(t.interval_problem, 0)) AS problem, t.tries,"
        " t.last_s AS last_try_s, t.next_s AS \"next_try_s!time\","
        " CASE WHEN d.line_device_id > 0 AND coalesce(l.online, 0) = 0 THEN l.since_s END AS line_offline_since_s,"
        " s.last_received_s AS \"last_received_s!time\""
        " FROM interval_standing q CROSS JOIN device d ON d.device_id = q.device_id" VIEW_JOIN_AREA
        "LEFT JOIN "
        CUT_OR_WHOLE("interval_day_at(:day, d.device_id, kind_quantity(d.kind) << 16) i ON true",
        "interval_day i ON i.day = :day AND i.device_id = d.device_id AND i.channel = kind_quantity(d.kind) << 16")
        " LEFT JOIN device_state s ON s.device_id = d.device_id"
        " LEFT JOIN collect_trouble t ON t.device_id = d.device_id"
        " LEFT JOIN collect_line l ON l.line_id = d.line_device_id LEFT JOIN device w ON w.device_id = d.line_device_id"
        " WHERE" VIEW_IN_SCOPE "AND" VIEW_METER "AND (:kind IS NULL OR d.kind = :kind) AND d.removed_s IS NULL"
        " AND (d.installed_s + :zone_s) / 86400 < :day AND q.first_day < :day"
        " AND :day BETWEEN q.newest_day - 31 AND q.newest_day + 31"
        " AND days_known(q.complete_days, q.newest_day, :day, :day) = 0 AND q.device_id > coalesce(:cursor, 0)"
        " AND q.device_id <= coalesce(:scan_to, 9223372036854775807))"
        " WHERE :reason IS NULL OR reason = :reason ORDER BY device_id LIMIT :limit" },
};

const struct view_text_list view_texts_collect = { rows, sizeof rows / sizeof rows[0] };
