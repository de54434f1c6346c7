#include "store/sqlite/money_flow.h"
#include "store/sqlite/view_texts.h"

/* Reports of money: from sums that are kept (tables money_day and bill_due), so that ten million accounts cost no more than
 * a thousand. What was posted since the sums were last brought up is added while reading. */

#define FROM_DAY "coalesce(:from, :today - 30)"
#define TO_DAY "coalesce(:to, :today)"

#define DAY_START(of) "CAST(strftime('%s', " of " * 86400, 'unixepoch', 'start of ' || :every) AS INTEGER) / 86400"
#define PERIOD(of) \
    " CASE WHEN coalesce(:every, 'day') = 'day' THEN " of " WHEN :every = 'whole' THEN " FROM_DAY " ELSE " DAY_START(of) " END "

/* Which sums are read, and for which row: those of the scope itself, or of each area right below it; what the areas below do
 * not explain is the scope's sum less theirs. */
#define MONEY_PLACES \
    "WITH RECURSIVE own(area_id, at) AS (SELECT area_id, iif(:whole, 0, area_id) FROM area WHERE tenant_id = :tenant" \
    "  AND path = :path_low)," \
    " place(area_id, at, area_name, sign) AS (SELECT NULL, at, NULL, 1 FROM own" \
    "  UNION ALL SELECT a.area_id, a.area_id, a.name, 1 FROM own JOIN area a ON a.parent_area_id = own.area_id WHERE :by = 'area'" \
    "  UNION ALL SELECT NULL, a.area_id, NULL, -1 FROM own JOIN area a ON a.parent_area_id = own.area_id WHERE :by = 'area'),"

#define MONEY_REPORT(flow_) \
    MONEY_PLACES MONEY_FLOWS_ABOVE("+t.tenant_id = :tenant AND t.transfer_id > (SELECT transfer_id FROM money_fold)") "," \
    " summed AS (SELECT p.area_id, p.area_name, p.sign, g.day, g.name, g.amount_fen, g.transfers FROM place p" \
    "  CROSS JOIN money_day g ON g.tenant_id = :tenant AND g.area_id = p.at AND g.flow = '" flow_ "'" \
    "  AND g.day BETWEEN " FROM_DAY " AND " TO_DAY \
    "  UNION ALL SELECT p.area_id, p.area_name, p.sign, flow.day, flow.name, flow.amount_fen, flow.transfers FROM flow" \
    "  CROSS JOIN place p ON p.at = 0 OR EXISTS (SELECT 1 FROM above WHERE above.area_id = flow.area_id AND above.at = p.at)" \
    "  WHERE flow.flow = '" flow_ "' AND flow.day BETWEEN " FROM_DAY " AND " TO_DAY ")" \
    "SELECT" PERIOD("day") "AS \"period!day\", area_id, area_name, iif(:by = 'area', NULL, name) AS name," \
    " sum(sign * amount_fen) AS amount_fen, sum(sign * transfers) AS transfers FROM summed GROUP BY 1, 2, 4" \
    " HAVING sum(sign * transfers) <> 0 ORDER BY 1, 3 IS NULL, 2, 4 LIMIT 20000"

/* The area right below the scope's in which an area lies; the scope's own for what lies in none of them. */
#define JOIN_BRANCH \
    " LEFT JOIN area g ON :by = 'area' AND g.tenant_id = :tenant AND g.path = substr(a.path, 1, length(:path_low)" \
    "  + instr(substr(a.path, length(:path_low) + 1), '/')) "

#define OWED_BETWEEN(low, high) \
    " coalesce(sum(b.billed_fen - b.paid_fen) FILTER (WHERE :today - b.due_day BETWEEN " low " AND " high "), 0) "

static const struct view_text rows[] = {
    { VIEW_REPORT_REVENUE, MONEY_REPORT("revenue") },
    { VIEW_REPORT_RECEIPTS, MONEY_REPORT("receipt") },

    { VIEW_REPORT_AGEING,
        "SELECT g.area_id, g.name AS area_name, sum(b.open_bills) AS bills,"
        OWED_BETWEEN("-100000", "0") "AS not_due_fen," OWED_BETWEEN("1", "30") "AS days_30_fen,"
        OWED_BETWEEN("31", "60") "AS days_60_fen," OWED_BETWEEN("61", "90") "AS days_90_fen,"
        OWED_BETWEEN("91", "180") "AS days_180_fen," OWED_BETWEEN("181", "365") "AS days_365_fen,"
        OWED_BETWEEN("366", "100000") "AS older_fen, sum(b.billed_fen - b.paid_fen) AS owed_fen"
        " FROM bill_due b CROSS JOIN area a ON a.area_id = b.area_id" JOIN_BRANCH
        "WHERE b.tenant_id = :tenant AND b.billed_fen > b.paid_fen AND" VIEW_IN_SCOPE
        "GROUP BY g.area_id ORDER BY owed_fen DESC LIMIT 20000" },

    { VIEW_REPORT_COLLECTION,
        "SELECT" PERIOD("b.due_day") "AS \"period!day\", g.area_id, g.name AS area_name, sum(b.bills) AS bills,"
        " sum(b.open_bills) AS open_bills, sum(b.billed_fen) AS billed_fen, sum(b.paid_fen) AS paid_fen,"
        " CASE WHEN sum(b.billed_fen) > 0 THEN sum(b.paid_fen) * 10000 / sum(b.billed_fen) END AS rate_e4"
        " FROM bill_due b CROSS JOIN area a ON a.area_id = b.area_id" JOIN_BRANCH
        "WHERE b.tenant_id = :tenant AND b.due_day BETWEEN " FROM_DAY " AND " TO_DAY " AND" VIEW_IN_SCOPE
        "GROUP BY 1, g.area_id HAVING sum(b.bills) > 0 ORDER BY 1, g.area_id LIMIT 20000" },
};

const struct view_text_list view_texts_money_reports = { rows, sizeof rows / sizeof rows[0] };
