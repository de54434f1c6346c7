#include "store/sql/money_flow.h"
#include "store/sql/view_texts.h"

/* Reports of money: from sums that are kept (tables money_day, money_month and bill_due), so that ten million accounts cost no more than
 * a thousand. What was posted since the sums were last brought up is added while reading. */

#define FROM_DAY "coalesce(:from, :today - 30)"
#define TO_DAY "coalesce(:to, :today)"

#define DAY_START(of) "CAST(strftime('%s', " of " * 86400, 'unixepoch', 'start of ' || :every) AS INTEGER) / 86400"
#define PERIOD(of) \
    " CASE WHEN coalesce(:every, 'day') = 'day' THEN " of " WHEN :every = 'whole' THEN " FROM_DAY " ELSE " DAY_START(of) " END "

/* Whose sums are read: those of the scope itself, and of each area right below it. */
#define MONEY_PLACES \
    "WITH RECURSIVE own(area_id, at) AS (SELECT area_id, iif(:whole, 0, area_id) FROM area WHERE tenant_id = :tenant" \
    "  AND path = :path_low)," \
    " place(area_id, at, area_name) AS (SELECT NULL, at, NULL FROM own" \
    "  UNION ALL SELECT a.area_id, a.area_id, a.name FROM own JOIN area a ON a.parent_area_id = own.area_id WHERE :by = 'area'),"

/* Whole months are read as such, from `low` up to the one that begins with `high`; what is left at both ends as days. Where
 * days are asked for, or there is no whole month, both lie behind the last day. */
#define MONEY_BOUNDS \
    " asked(f, t) AS (SELECT " FROM_DAY ", " TO_DAY ")," \
    " months(f, t, low, high) AS (SELECT f, t, " MONEY_MONTH_AFTER("f - 1") ", " MONEY_MONTH("(t + 1)") " FROM asked)," \
    " bounds(f, t, low, high) AS (SELECT f, t, iif(is_day, t + 1, low), iif(is_day, t + 1, high) FROM" \
    "  (SELECT *, coalesce(:every, 'day') = 'day' OR low >= high AS is_day FROM months))," \
    " ends(f, t) AS (SELECT f, low - 1 FROM bounds UNION ALL SELECT high, t FROM bounds),"

#define MONEY_MONTH_AFTER(day) \
    "CAST(strftime('%s', (" day ") * 86400, 'unixepoch', 'start of month', '+1 month') AS INTEGER) / 86400"

/* The sums of a flow from one of the tables, with its condition on the day. */
#define MONEY_KEPT(table, spans, flow_, condition) \
    "SELECT p.*, g.* FROM place p CROSS JOIN " spans " b CROSS JOIN " table " g ON g.tenant_id = :tenant AND g.area_id = p.at" \
    "  AND g.flow = '" flow_ "' AND g." condition

/* What the areas below do not explain is the scope's own sum less theirs. */
#define MONEY_REPORT(flow_) \
    MONEY_PLACES MONEY_BOUNDS \
    MONEY_FLOWS_ABOVE("+t.tenant_id = :tenant AND t.transfer_id > (SELECT transfer_id FROM money_fold)") "," \
    " kept(area_id, at, area_name, tenant_id, in_id, flow, day, name, amount_fen, transfers) AS (" \
    MONEY_KEPT("money_day", "ends", flow_, "day BETWEEN b.f AND b.t") \
    "  UNION ALL " MONEY_KEPT("money_month", "bounds", flow_, "month_day BETWEEN b.low AND b.high - 1") \
    "  UNION ALL SELECT p.*, flow.* FROM flow CROSS JOIN place p ON p.at = 0" \
    "   OR EXISTS (SELECT 1 FROM above WHERE above.area_id = flow.area_id AND above.at = p.at)" \
    "  JOIN bounds b ON flow.day BETWEEN b.f AND b.t WHERE flow.flow = '" flow_ "')," \
    " summed AS MATERIALIZED (SELECT" PERIOD("day") "AS period, area_id, area_name, iif(:by = 'area', NULL, name) AS name," \
    "  sum(amount_fen) AS amount_fen, sum(transfers) AS transfers FROM kept GROUP BY 2, 1, 4, 3)," \
    " told AS (SELECT * FROM summed WHERE area_id IS NOT NULL" \
    "  UNION ALL SELECT period, NULL, NULL, name, sum(iif(area_id IS NULL, amount_fen, -amount_fen))," \
    "  sum(iif(area_id IS NULL, transfers, -transfers)) FROM summed GROUP BY period, name)" \
    "SELECT period AS \"period!day\", area_id, area_name, name, amount_fen, transfers FROM told WHERE transfers <> 0" \
    " ORDER BY 1, 3 IS NULL, 2, 4 LIMIT 20000"

/* The area right below the scope's in which an area lies; the scope's own for what lies in none of them. */
#define JOIN_BRANCH \
    " LEFT JOIN area g ON :by = 'area' AND g.tenant_id = :tenant AND g.path = substr(a.path, 1, length(:path_low)" \
    "  + instr(substr(a.path, length(:path_low) + 1), '/')) "

#define OWED_BETWEEN(low, high) \
    " coalesce(sum(b.owed_fen) FILTER (WHERE b.age BETWEEN " low " AND " high "), 0) "

static const struct view_text rows[] = {
    { VIEW_REPORT_REVENUE, MONEY_REPORT("revenue") },
    { VIEW_REPORT_RECEIPTS, MONEY_REPORT("receipt") },

    /* What is booked comes from the sums; late fees that run on are computed from each overdue bill. */
    { VIEW_REPORT_AGEING,
        "WITH late AS MATERIALIZED (SELECT b.area_id, sum(late_fee(o.facts, :today)) AS late_fen FROM bill b INDEXED BY bill_unpaid"
        "  CROSS JOIN bill_open o ON o.bill_id = b.bill_id WHERE b.state = 'issued' AND b.tenant_id = :tenant AND b.due_day < :today"
        "  AND EXISTS (SELECT 1 FROM tariff_version WHERE late_rate_e8 > 0) GROUP BY b.area_id),"
        " part AS (SELECT area_id, open_bills, :today - due_day AS age, billed_fen - paid_fen AS owed_fen, 0 AS late_fen"
        "  FROM bill_due WHERE tenant_id = :tenant AND billed_fen > paid_fen"
        "  UNION ALL SELECT area_id, 0, 1, 0, late_fen FROM late WHERE late_fen > 0)"
        "SELECT g.area_id, g.name AS area_name, sum(b.open_bills) AS bills,"
        OWED_BETWEEN("-100000", "0") "AS not_due_fen," OWED_BETWEEN("1", "30") "AS days_30_fen,"
        OWED_BETWEEN("31", "60") "AS days_60_fen," OWED_BETWEEN("61", "90") "AS days_90_fen,"
        OWED_BETWEEN("91", "180") "AS days_180_fen," OWED_BETWEEN("181", "365") "AS days_365_fen,"
        OWED_BETWEEN("366", "100000") "AS older_fen, sum(b.owed_fen) AS owed_fen,"
        " sum(b.late_fen) AS late_fee_fen, sum(b.owed_fen + b.late_fen) AS due_fen FROM part b CROSS JOIN area a ON a.area_id = b.area_id" JOIN_BRANCH
        "WHERE" VIEW_IN_SCOPE "GROUP BY g.area_id ORDER BY due_fen DESC LIMIT 20000" },

    /* Summed up by area first: which period a day is of is asked once a day, and where an area lies once an area. */
    { VIEW_REPORT_COLLECTION,
        "WITH days AS MATERIALIZED (SELECT due_day, " PERIOD("due_day") "AS period FROM (SELECT DISTINCT due_day FROM bill_due"
        "  WHERE tenant_id = :tenant AND due_day BETWEEN " FROM_DAY " AND " TO_DAY ")),"
        " due AS MATERIALIZED (SELECT d.period, b.area_id, sum(b.bills) AS bills, sum(b.open_bills) AS open_bills,"
        "  sum(b.billed_fen) AS billed_fen, sum(b.paid_fen) AS paid_fen FROM days d CROSS JOIN bill_due b"
        "  ON b.tenant_id = :tenant AND b.due_day = d.due_day GROUP BY 1, 2)"
        "SELECT b.period AS \"period!day\", g.area_id, g.name AS area_name, sum(b.bills) AS bills,"
        " sum(b.open_bills) AS open_bills, sum(b.billed_fen) AS billed_fen, sum(b.paid_fen) AS paid_fen,"
        " CASE WHEN sum(b.billed_fen) > 0 THEN sum(b.paid_fen) * 10000 / sum(b.billed_fen) END AS rate_e4"
        " FROM due b CROSS JOIN area a ON a.area_id = b.area_id" JOIN_BRANCH "WHERE" VIEW_IN_SCOPE
        "GROUP BY 1, g.area_id HAVING sum(b.bills) > 0 ORDER BY 1, g.area_id LIMIT 20000" },
};

const struct view_text_list view_texts_money_reports = { rows, sizeof rows / sizeof rows[0] };
