#include "store/sqlite/midnight_table.h"
#include "store/sql/view_texts.h"

/* Views of bills, payments, notices and the ledger. */

#define BILL_COLUMNS \
    " b.bill_id, b.number, b.account_id, k.customer_id, c.name AS \"customer_name!name\"," \
    " trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) AS place, k.device_id, d.meter_number," \
    " d.kind AS device_kind, b.from_day AS \"from_day!day\", b.to_day AS \"to_day!day\", b.from_total_value, b.to_total_value, b.usage_value," \
    " b.amount_fen, b.late_fee_fen +" VIEW_LATE_FEE_OPEN "AS late_fee_fen, b.late_waived_fen, b.paid_fen," VIEW_BILL_OWED \
    "AS due_fen, b.state, b.estimated AS \"estimated!bool\", b.due_day AS \"due_day!day\", b.issued_s, b.tariff_version_id "

#define OF_ACCOUNT \
    " CROSS JOIN customer c ON c.customer_id = k.customer_id CROSS JOIN area a ON a.area_id = k.area_id" \
    " LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'" \
    " LEFT JOIN device d ON d.device_id = k.device_id "

#define BILL_JOINS " CROSS JOIN account k ON k.account_id = b.account_id" OF_ACCOUNT

#define PAYMENT_COLUMNS \
    " y.payment_id, y.receipt, y.account_id, k.customer_id, c.name AS \"customer_name!name\", c.number AS customer_number," \
    " trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) AS place, d.meter_number, y.method," \
    " y.amount_fen, n.display_name AS cashier_name, y.at_s, y.shift_id, y.undone_s AS \"undone_s!time\"," \
    " (SELECT u.state FROM payment_undo u WHERE u.payment_id = y.payment_id AND u.state <> 'refused') AS undo_state," \
    " y.before_fen, y.balance_fen, y.late_fee_fen, nullif(y.paid_s, 0) AS \"paid_s!time\", y.command_id," \
    " (SELECT m.state FROM command m WHERE m.command_id = y.command_id) AS command_state, d.kind AS device_kind," \
    " u.value AS units_value, u.cost_fen AS units_cost_fen, u.wallet_fen AS units_wallet_fen "

#define PAYMENT_JOINS \
    " CROSS JOIN account k ON k.account_id = y.account_id" OF_ACCOUNT "LEFT JOIN person n ON n.person_id = y.cashier" \
    " LEFT JOIN unit_purchase u ON u.command_id = y.command_id AND u.command_id > 0 "

#define NOTICE_COLUMNS \
    " o.notice_id, o.account_id, c.name AS \"customer_name!name\"," \
    " trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) AS place, o.kind, o.channel," \
    " o.recipient AS \"recipient!phone\", o.text_zh, o.text_en, o.created_s "

#define NOTICE_JOINS " CROSS JOIN account k ON k.account_id = o.account_id" OF_ACCOUNT

#define RUN_COLUMNS \
    " r.run_id, r.to_day AS \"to_day!day\", r.state, r.accounts, r.estimate, r.total, r.done, r.drafts, r.draft_fen, r.issued," \
    " r.amount_fen, r.held, r.estimated, r.reversed, r.started_by, s.display_name AS started_by_name, r.started_s," \
    " e.display_name AS decided_by_name, r.decided_s AS \"decided_s!time\", r.finished_s, nullif(r.months, 0) AS months," \
    " r.exceptions, r.unreviewed, (SELECT a.name FROM area a WHERE a.tenant_id = :tenant AND a.path = r.area_path" \
    "  AND a.parent_area_id IS NOT NULL) AS area_name FROM settlement_run r" \
    " LEFT JOIN person s ON s.person_id = r.started_by LEFT JOIN person e ON e.person_id = r.decided_by" \
    " WHERE r.tenant_id = :tenant AND r.area_path >= :path_low AND r.area_path < :path_high "

#define DRAFT_COLUMNS \
    "SELECT f.account_id AS \"account_id!cursor\", f.account_id, c.name AS \"customer_name!name\"," \
    " trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) AS place, k.device_id, d.meter_number," \
    " f.to_day AS \"to_day!day\", f.usage_value, nullif(f.usual_value, 0) AS usual_value, f.amount_fen," \
    " f.estimated AS \"estimated!bool\", held_name(f.held_error) AS held, d.kind AS device_kind," \
    " CASE f.exception WHEN 1 THEN 'jump' WHEN 2 THEN 'zero' END AS exception," \
    " CASE f.review WHEN 1 THEN 'accepted' WHEN 2 THEN 'held' ELSE 'open' END AS review FROM settlement_draft f "

#define DRAFT_JOINS \
    " CROSS JOIN settlement_run r ON r.run_id = f.run_id AND r.tenant_id = :tenant" \
    " CROSS JOIN account k ON k.account_id = f.account_id" OF_ACCOUNT "WHERE f.run_id = :object AND" VIEW_IN_SCOPE \
    "AND f.account_id > coalesce(:cursor, 0) "

/* The newest payments of the scope after the cursor, numbers alone.
 * from   y, its account k and area a
 * which  condition */
#define PAYMENT_IDS(from, which) \
    " SELECT * FROM (SELECT y.payment_id AS payment_id FROM " from " WHERE " which " AND" VIEW_IN_SCOPE \
    "AND (:day IS NULL OR y.at_s BETWEEN :day * 86400 - :zone_s AND :day * 86400 - :zone_s + 86399)" \
    " AND (:account_id IS NULL OR +y.account_id = :account_id) AND (:customer_id IS NULL OR k.customer_id = :customer_id)" \
    " AND (:shift_id IS NULL OR +y.shift_id = :shift_id) AND y.payment_id < coalesce(:cursor, 9223372036854775807)" \
    " ORDER BY y.payment_id DESC LIMIT :limit) i"
#define PAYMENT_ROWS(ids) \
    "SELECT y.payment_id AS \"payment_id!cursor\"," PAYMENT_COLUMNS "FROM (" ids ") i CROSS JOIN payment y ON y.payment_id = i.payment_id" \
    PAYMENT_JOINS "ORDER BY y.payment_id DESC LIMIT :limit"
#define THEIR_AREAS "payment y CROSS JOIN account k ON k.account_id = y.account_id CROSS JOIN area a ON a.area_id = k.area_id"
#define CURSOR_TIME "SELECT g.at_s FROM payment g WHERE g.payment_id = :cursor"

static const struct view_text rows[] = {
    { VIEW_BILLS,
        "SELECT b.bill_id AS \"bill_id!cursor\"," BILL_COLUMNS "FROM bill b" BILL_JOINS
        "WHERE b.tenant_id = :tenant AND" VIEW_IN_SCOPE
        "AND (:state IS NULL OR CASE :state WHEN 'overdue' THEN b.state = 'issued' AND b.due_day < :today"
        "  ELSE b.state = :state END)"
        " AND (:account_id IS NULL OR b.account_id = :account_id) AND (:customer_id IS NULL OR k.customer_id = :customer_id)"
        " AND (:run_id IS NULL OR b.run_id = :run_id)"
        " AND b.bill_id < coalesce(:cursor, 9223372036854775807) ORDER BY b.bill_id DESC LIMIT :limit" },

    { VIEW_BILL,
        "SELECT" BILL_COLUMNS ", (SELECT y.approval_id FROM approval y WHERE y.kind = 'late_fee' AND y.object_id = b.bill_id"
        "  AND y.state = 'waiting') AS waiver_approval_id, v.tariff_id, f.name AS tariff_name, v.effective_day AS \"effective_day!day\""
        " FROM bill b" BILL_JOINS
        "LEFT JOIN tariff_version v ON v.tariff_version_id = b.tariff_version_id LEFT JOIN tariff f ON f.tariff_id = v.tariff_id"
        " WHERE b.bill_id = :object AND b.tenant_id = :tenant AND" VIEW_IN_SCOPE },

    { VIEW_BILL_LINES,
        "SELECT x.line, x.item, x.tier, x.quantity_e4, x.coefficient_e8, x.price_e8, x.amount_fen, x.period FROM bill_line x"
        " WHERE x.bill_id = :object AND EXISTS (SELECT 1 FROM bill b JOIN account k ON k.account_id = b.account_id"
        "  JOIN area a ON a.area_id = k.area_id WHERE b.bill_id = :object AND" VIEW_IN_SCOPE ") ORDER BY x.line" },

    /* The two midnights of the period, of the meter that hung there then (it may have been exchanged since). */
    { VIEW_BILL_READINGS,
        "WITH RECURSIVE hung(device_id) AS (SELECT k.device_id FROM bill b JOIN account k ON k.account_id = b.account_id"
        "  JOIN area a ON a.area_id = k.area_id WHERE b.bill_id = :object AND" VIEW_IN_SCOPE
        " UNION SELECT d.replaces_device_id FROM hung JOIN device d ON d.device_id = hung.device_id"
        "  WHERE d.replaces_device_id IS NOT NULL)"
        "SELECT r.day AS \"day!day\", r.device_id, r.register_value, r.total_value, r.quality, r.received_s, r.multiplier_e3"
        " FROM (SELECT from_day AS day FROM bill WHERE bill_id = :object UNION SELECT to_day FROM bill WHERE bill_id = :object) e"
        " CROSS JOIN hung CROSS JOIN midnights(hung.device_id, e.day, e.day) r ORDER BY r.day" },

    { VIEW_PAYMENTS,
        PAYMENT_ROWS(PAYMENT_IDS(VIEW_WIDE_SCOPE "CROSS JOIN payment y CROSS JOIN account k ON k.account_id = y.account_id"
            " CROSS JOIN area a ON a.area_id = k.area_id", "y.tenant_id = :tenant AND y.payment_id >= coalesce(:scan_to, 0)")
        " UNION ALL" PAYMENT_IDS(VIEW_NARROW_SCOPE "CROSS JOIN area a CROSS JOIN account k ON k.area_id = a.area_id"
            " CROSS JOIN payment y ON y.account_id = k.account_id", "+y.tenant_id = :tenant")) },

    /* What few payments have is the way to them. */
    { VIEW_PAYMENTS_OF_ACCOUNT, PAYMENT_ROWS(PAYMENT_IDS(THEIR_AREAS, "+y.tenant_id = :tenant AND y.account_id = :account_id")) },
    { VIEW_PAYMENTS_OF_CUSTOMER,
        PAYMENT_ROWS(PAYMENT_IDS("account k CROSS JOIN area a ON a.area_id = k.area_id CROSS JOIN payment y ON y.account_id = k.account_id",
            "+y.tenant_id = :tenant AND k.customer_id = :customer_id")) },
    { VIEW_PAYMENTS_OF_SHIFT, PAYMENT_ROWS(PAYMENT_IDS(THEIR_AREAS, "+y.tenant_id = :tenant AND y.shift_id = :shift_id")) },

    /* Of a day, in the order of their time, which is that of their numbers as well unless somebody has turned the clock back. */
    { VIEW_PAYMENTS_OF_DAY,
        "SELECT y.payment_id AS \"payment_id!cursor\"," PAYMENT_COLUMNS "FROM payment y" PAYMENT_JOINS
        "WHERE y.tenant_id = :tenant AND" VIEW_IN_SCOPE "AND y.at_s >= :day * 86400 - :zone_s AND y.at_s <= coalesce((" CURSOR_TIME
        "), :day * 86400 - :zone_s + 86399) AND (:cursor IS NULL OR y.at_s < (" CURSOR_TIME ") OR y.payment_id < :cursor)"
        " ORDER BY y.at_s DESC, y.payment_id DESC LIMIT :limit" },

    /* Where :part_rows payments below the cursor end, as of events. */
    { VIEW_PAYMENTS_STEP,
        "SELECT y.payment_id FROM" VIEW_WIDE_SCOPE "CROSS JOIN payment y WHERE y.tenant_id = :tenant"
        " AND y.payment_id < coalesce(:cursor, 9223372036854775807) ORDER BY y.payment_id DESC LIMIT 1 OFFSET coalesce(:part_rows, 1) - 1" },
    { VIEW_PAYMENTS_TOTAL, "SELECT (SELECT max(payment_id) FROM payment) - (SELECT min(payment_id) FROM payment) + 1 AS count" },

    { VIEW_PAYMENT,
        "SELECT" PAYMENT_COLUMNS "FROM payment y" PAYMENT_JOINS
        "WHERE y.payment_id = :object AND y.tenant_id = :tenant AND" VIEW_IN_SCOPE },

    { VIEW_NOTICES,
        "SELECT o.notice_id AS \"notice_id!cursor\"," NOTICE_COLUMNS "FROM notice o" NOTICE_JOINS
        "WHERE o.tenant_id = :tenant AND" VIEW_IN_SCOPE "AND (:kind IS NULL OR o.kind = :kind)"
        " AND o.notice_id < coalesce(:cursor, 9223372036854775807) ORDER BY o.notice_id DESC LIMIT :limit" },

    { VIEW_ACCOUNT_NOTICES,
        "SELECT o.notice_id AS \"notice_id!cursor\"," NOTICE_COLUMNS "FROM notice o" NOTICE_JOINS
        "WHERE o.account_id = :object AND" VIEW_IN_SCOPE
        "AND o.notice_id < coalesce(:cursor, 9223372036854775807) ORDER BY o.notice_id DESC LIMIT :limit" },

    { VIEW_SETTLEMENT_RUNS, "SELECT r.run_id AS \"run_id!cursor\"," RUN_COLUMNS
        "AND r.run_id < coalesce(:cursor, 9223372036854775807) ORDER BY r.run_id DESC LIMIT :limit" },
    { VIEW_SETTLEMENT_RUN, "SELECT" RUN_COLUMNS "AND r.run_id = :object" },

    { VIEW_SETTLEMENT_DRAFTS,
        DRAFT_COLUMNS DRAFT_JOINS "AND (:held IS NULL OR :held = (f.held_error <> 0)) ORDER BY f.account_id LIMIT :limit" },

    /* Few among many: each list has an index of its own. */
    { VIEW_SETTLEMENT_HELD,
        DRAFT_COLUMNS "INDEXED BY settlement_draft_held" DRAFT_JOINS "AND f.held_error <> 0 ORDER BY f.account_id LIMIT :limit" },
    { VIEW_SETTLEMENT_EXCEPTIONS,
        DRAFT_COLUMNS "INDEXED BY settlement_draft_exception" DRAFT_JOINS "AND f.exception <> 0"
        " AND (:open IS NULL OR :open = (f.review = 0))"
        " AND (:exception IS NULL OR f.exception = CASE :exception WHEN 'jump' THEN 1 ELSE 2 END)"
        " ORDER BY f.account_id LIMIT :limit" },

    /* Post-paid accounts whose period closes at :to_day, and what stands in the way: no midnight, or an odd use. */
    { VIEW_SETTLEMENT_PREVIEW,
        "SELECT account_id, \"customer_name!name\", place, device_id, CASE WHEN to_value IS NULL THEN 'missing_reading'"
        " WHEN usage_value < 0 THEN 'negative' WHEN usage_value = 0 THEN 'zero'"
        " WHEN usual_value > 0 AND usage_value > 3 * usual_value THEN 'jump' ELSE 'ready' END AS kind, usage_value, usual_value, NULL AS amount_fen, '' AS detail, device_kind"
        " FROM (SELECT *, to_value - settled_total_value AS usage_value FROM ("
        "SELECT k.account_id, c.name AS \"customer_name!name\","
        " trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) AS place, k.device_id,"
        " d.kind AS device_kind, " MIDNIGHT_TOTAL(":to_day", "k.device_id") " AS to_value, w.settled_total_value,"
        " (SELECT b.usage_value FROM bill b WHERE b.account_id = k.account_id AND b.state <> 'reversed'"
        "  ORDER BY b.to_day DESC LIMIT 1) AS usual_value"
        " FROM area a CROSS JOIN account k ON k.area_id = a.area_id" VIEW_STANDING_JOIN "CROSS JOIN customer c ON c.customer_id = k.customer_id"
        " LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company' LEFT JOIN device d ON d.device_id = k.device_id"
        " WHERE" VIEW_SLICE(VIEW_ACCOUNT_PATH, "k.account_id")
        "AND k.payment_mode = 'postpaid' AND k.closed_s IS NULL AND w.settled_day < :to_day) x) y ORDER BY account_id" },
};

const struct view_text_list view_texts_bills = { rows, sizeof rows / sizeof rows[0] };
