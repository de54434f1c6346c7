#include "store/sql/view_texts.h"

/* Views of what waits for a second person, and of refunds. */

/* What it is about, by its own name, and the page that shows it where that is not the object's own. */
#define APPROVAL_SUBJECT \
    " CASE v.kind WHEN 'tariff' THEN (SELECT f.name FROM tariff_draft x JOIN tariff f ON f.tariff_id = x.tariff_id" \
    "  WHERE x.tariff_draft_id = v.object_id)" \
    " WHEN 'cash_difference' THEN (SELECT x.number FROM cash_shift x WHERE x.shift_id = v.object_id)" \
    " WHEN 'payment_undo' THEN (SELECT y.receipt FROM payment_undo x JOIN payment y ON y.payment_id = x.payment_id" \
    "  WHERE x.undo_id = v.object_id)" \
    " WHEN 'payment_move' THEN (SELECT y.receipt FROM payment_move x JOIN payment y ON y.payment_id = x.payment_id" \
    "  WHERE x.payment_move_id = v.object_id)" \
    " WHEN 'late_fee' THEN (SELECT x.number FROM bill x WHERE x.bill_id = v.object_id)" \
    " WHEN 'meter_carry' THEN (SELECT y.meter_number FROM money_carry x JOIN device y ON y.device_id = x.from_device_id" \
    "  WHERE x.money_carry_id = v.object_id)" \
    " WHEN 'bank_return' THEN (SELECT x.bank || ' ' || x.happened FROM bank_line x WHERE x.line_id = v.object_id)" \
    " ELSE NULL END AS subject," \
    " CASE v.kind WHEN 'tariff' THEN (SELECT x.tariff_id FROM tariff_draft x WHERE x.tariff_draft_id = v.object_id)" \
    " WHEN 'bank_return' THEN (SELECT x.statement_id FROM bank_line x WHERE x.line_id = v.object_id)" \
    " ELSE v.object_id END AS subject_id,"

#define APPROVAL_COLUMNS APPROVAL_SUBJECT \
    " v.approval_id, v.kind, v.object_id, v.account_id, k.customer_id, c.name AS \"customer_name!name\"," \
    " c.number AS customer_number, trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) AS place," \
    " v.amount_fen, v.reason, v.state, v.needs_other AS \"needs_other!bool\", s.display_name AS asked_by_name," \
    " v.asked_by = :person AS \"mine!bool\", v.asked_s, v.expires_s AS \"expires_s!time\"," \
    " e.display_name AS decided_by_name, v.decided_s AS \"decided_s!time\", v.decision "

/* Of an account: who sees the account. Of the whole tenant: who sees all of it. */
#define APPROVAL_FROM \
    " FROM approval v LEFT JOIN account k ON k.account_id = v.account_id LEFT JOIN area a ON a.area_id = k.area_id" \
    " LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'" \
    " LEFT JOIN customer c ON c.customer_id = k.customer_id LEFT JOIN device d ON d.device_id = k.device_id" \
    " LEFT JOIN person s ON s.person_id = v.asked_by LEFT JOIN person e ON e.person_id = v.decided_by" \
    " WHERE v.tenant_id = :tenant AND CASE WHEN v.account_id IS NOT NULL THEN" VIEW_IN_SCOPE \
    " WHEN v.area_path <> '' THEN v.area_path >= :path_low AND v.area_path < :path_high ELSE :whole END "

/* A refund is where its parts are: what is worst of them. */
#define REFUND_STATE \
    " CASE WHEN r.state <> 'released' THEN r.state ELSE (SELECT CASE WHEN sum(y.state = 'disputed') > 0 THEN 'disputed'" \
    "  WHEN sum(y.state = 'failed') > 0 THEN 'failed' WHEN sum(y.state = 'paying') > 0 THEN 'paying' ELSE 'done' END" \
    "  FROM (SELECT CASE f.state WHEN 'pending' THEN 'paying' ELSE coalesce(f.state, x.state) END AS state" \
    "   FROM refund_part x LEFT JOIN payment_refund f ON f.payment_refund_id = x.payment_refund_id" \
    "   WHERE x.refund_id = r.refund_id) y) END "

#define REFUND_COLUMNS \
    " r.refund_id, r.account_id, k.customer_id, c.name AS \"customer_name!name\", c.number AS customer_number," \
    " trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) AS place, r.payment_id," \
    " r.payment_order_id, r.closing_id, r.amount_fen, r.rest, r.payee AS \"payee!name\", r.bank," \
    " r.bank_account AS \"bank_account!memo\", r.reason, r.state, s.display_name AS asked_by_name, r.asked_s," \
    " (SELECT max(v.approval_id) FROM approval v WHERE v.kind = 'refund' AND v.object_id = r.refund_id) AS approval_id "

#define REFUND_FROM \
    " FROM (SELECT r.*, " REFUND_STATE " AS shown FROM refund r) r CROSS JOIN account k ON k.account_id = r.account_id" \
    " CROSS JOIN customer c ON c.customer_id = k.customer_id CROSS JOIN area a ON a.area_id = k.area_id" \
    " LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'" \
    " LEFT JOIN device d ON d.device_id = k.device_id LEFT JOIN person s ON s.person_id = r.asked_by" \
    " WHERE r.tenant_id = :tenant AND" VIEW_IN_SCOPE

#define CLOSING_COLUMNS \
    " g.closing_id, g.account_id, k.customer_id, c.name AS \"customer_name!name\", c.number AS customer_number," \
    " trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) AS place, k.device_id, d.meter_number, iif(g.new_mode <> '', 'owner_change', g.kind) AS kind, nullif(g.new_mode, '') AS new_mode," \
    " g.state, g.reason, g.reading, g.total_value, g.read_s AS \"read_s!time\", g.to_day AS \"to_day!day\", g.rest," \
    " g.close_valve AS \"close_valve!bool\", nullif(g.clear_command_id, 0) AS clear_command_id," \
    " (SELECT m.state FROM command m WHERE m.command_id = g.clear_command_id) AS clear_state, g.meter_fen," \
    " g.cleared_s AS \"cleared_s!time\", g.new_customer_id, w.name AS \"new_customer_name!name\", g.new_account_id," \
    " g.refund_id, s.display_name AS asked_by_name, g.asked_s, g.done_s AS \"done_s!time\"," \
    " (SELECT max(v.approval_id) FROM approval v WHERE v.kind = 'closing' AND v.object_id = g.closing_id) AS approval_id "

#define CLOSING_FROM \
    " FROM closing g CROSS JOIN account k ON k.account_id = g.account_id" \
    " CROSS JOIN customer c ON c.customer_id = k.customer_id CROSS JOIN area a ON a.area_id = k.area_id" \
    " LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'" \
    " LEFT JOIN device d ON d.device_id = k.device_id LEFT JOIN person s ON s.person_id = g.asked_by" \
    " LEFT JOIN customer w ON w.customer_id = g.new_customer_id WHERE g.tenant_id = :tenant AND" VIEW_IN_SCOPE

static const struct view_text rows[] = {
    { VIEW_APPROVALS,
        "SELECT v.approval_id AS \"approval_id!cursor\"," APPROVAL_COLUMNS APPROVAL_FROM
        "AND (:state IS NULL OR v.state = :state) AND (:kind IS NULL OR v.kind = :kind)"
        " AND (:account_id IS NULL OR v.account_id = :account_id)"
        " AND v.approval_id < coalesce(:cursor, 9223372036854775807) ORDER BY v.approval_id DESC LIMIT :limit" },

    { VIEW_APPROVAL, "SELECT" APPROVAL_COLUMNS APPROVAL_FROM "AND v.approval_id = :object" },

    { VIEW_REFUNDS,
        "SELECT r.refund_id AS \"refund_id!cursor\"," REFUND_COLUMNS ", r.shown AS progress" REFUND_FROM
        "AND (:state IS NULL OR r.shown = :state) AND (:account_id IS NULL OR r.account_id = :account_id)"
        " AND (:customer_id IS NULL OR k.customer_id = :customer_id)"
        " AND r.refund_id < coalesce(:cursor, 9223372036854775807) ORDER BY r.refund_id DESC LIMIT :limit" },

    { VIEW_REFUND, "SELECT" REFUND_COLUMNS ", r.shown AS progress" REFUND_FROM "AND r.refund_id = :object" },

    { VIEW_REFUND_PARTS,
        "SELECT x.part, x.route, x.amount_fen, CASE f.state WHEN 'pending' THEN 'paying' ELSE coalesce(f.state, x.state) END"
        " AS state, x.payment_order_id, o.channel, x.payment_refund_id, f.refund_number, f.problem, x.reference,"
        " n.display_name AS settled_by_name, x.settled_s AS \"settled_s!time\" FROM refund_part x"
        " LEFT JOIN payment_refund f ON f.payment_refund_id = x.payment_refund_id"
        " LEFT JOIN payment_order o ON o.payment_order_id = x.payment_order_id"
        " LEFT JOIN person n ON n.person_id = x.settled_by WHERE x.refund_id = :object"
        " AND EXISTS (SELECT 1" REFUND_FROM "AND r.refund_id = :object) ORDER BY x.part" },

    { VIEW_CLOSINGS,
        "SELECT g.closing_id AS \"closing_id!cursor\"," CLOSING_COLUMNS CLOSING_FROM
        "AND (:state IS NULL OR g.state = :state) AND (:account_id IS NULL OR g.account_id = :account_id)"
        " AND (:customer_id IS NULL OR k.customer_id = :customer_id)"
        " AND g.closing_id < coalesce(:cursor, 9223372036854775807) ORDER BY g.closing_id DESC LIMIT :limit" },

    { VIEW_CLOSING, "SELECT" CLOSING_COLUMNS CLOSING_FROM "AND g.closing_id = :object" },

    { VIEW_PAYMENT_MOVES,
        "SELECT x.payment_move_id AS \"payment_move_id!cursor\", x.payment_move_id, x.payment_id, y.receipt, x.payment_order_id,"
        " x.from_account_id, c.name AS \"from_name!name\", x.to_account_id, e.name AS \"to_name!name\", x.amount_fen,"
        " x.into_debt AS \"into_debt!bool\", x.reason, x.state, s.display_name AS asked_by_name, x.asked_s"
        " FROM payment_move x CROSS JOIN account k ON k.account_id = x.from_account_id"
        " CROSS JOIN area a ON a.area_id = k.area_id CROSS JOIN customer c ON c.customer_id = k.customer_id"
        " CROSS JOIN account t ON t.account_id = x.to_account_id CROSS JOIN customer e ON e.customer_id = t.customer_id"
        " LEFT JOIN payment y ON y.payment_id = x.payment_id LEFT JOIN person s ON s.person_id = x.asked_by"
        " WHERE x.tenant_id = :tenant AND" VIEW_IN_SCOPE
        "AND (:account_id IS NULL OR :account_id IN (x.from_account_id, x.to_account_id))"
        " AND x.payment_move_id < coalesce(:cursor, 9223372036854775807) ORDER BY x.payment_move_id DESC LIMIT :limit" },

    /* In the order in which it came: the time, and within a second the number. */
    { VIEW_SUSPENSE,
        "WITH held AS (SELECT (o.paid_s << 22) | ((o.payment_order_id << 1) & 4194303) AS place,"
        "  CASE WHEN o.second_of IS NULL THEN 'closed_account' ELSE 'paid_twice' END AS source, o.payment_order_id AS object_id,"
        "  o.paid_s AS since_s, o.channel AS way, o.trade_number AS reference, '' AS payer, '' AS remark, o.account_id,"
        "  o.amount_fen, o.amount_fen - (SELECT coalesce(sum(r.amount_fen), 0) FROM payment_refund r"
        "   WHERE r.payment_order_id = o.payment_order_id AND r.state <> 'failed')"
        "  - (SELECT coalesce(sum(m.amount_fen), 0) FROM payment_move m WHERE m.payment_order_id = o.payment_order_id"
        "   AND m.state <> 'refused') AS open_fen, (SELECT v.approval_id FROM refund x JOIN approval v"
        "   ON v.kind = 'refund' AND v.object_id = x.refund_id AND v.state = 'waiting'"
        "   WHERE x.account_id = o.account_id AND x.payment_order_id = o.payment_order_id ORDER BY v.approval_id LIMIT 1) AS approval_id"
        "  FROM payment_order o CROSS JOIN account k ON k.account_id = o.account_id CROSS JOIN area a ON a.area_id = k.area_id"
        "  WHERE o.in_suspense = 1 AND o.tenant_id = :tenant AND" VIEW_IN_SCOPE
        " UNION ALL SELECT (t.created_s << 22) | ((x.line_id << 1 | 1) & 4194303), 'bank_transfer', x.line_id, t.created_s, x.bank,"
        "  x.serial, x.payer, x.remark, x.account_id, x.amount_fen, x.amount_fen, (SELECT v.approval_id FROM approval v"
        "   WHERE v.kind = 'bank_return' AND v.object_id = x.line_id AND v.state = 'waiting')"
        "  FROM bank_line x CROSS JOIN bank_statement t ON t.statement_id = x.statement_id"
        "  WHERE x.state = 'suspense' AND x.tenant_id = :tenant AND :whole)"
        "SELECT h.place AS \"place!cursor\", h.source, h.object_id, h.since_s, h.way, h.reference, h.payer AS \"payer!name\","
        " h.remark AS \"remark!memo\", h.account_id, c.customer_id, c.name AS \"customer_name!name\", h.amount_fen, h.open_fen,"
        " h.approval_id FROM held h LEFT JOIN account k ON k.account_id = h.account_id"
        " LEFT JOIN customer c ON c.customer_id = k.customer_id"
        " WHERE h.open_fen > 0 AND (:source IS NULL OR h.source = :source) AND h.place > coalesce(:cursor, 0)"
        " ORDER BY h.place LIMIT :limit" },
};

const struct view_text_list view_texts_cases = { rows, sizeof rows / sizeof rows[0] };
