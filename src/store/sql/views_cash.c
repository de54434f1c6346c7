#include "store/sql/view_texts.h"

/* Views of shifts at the cash desk. A shift is seen by its cashier, and by those in whose jurisdiction the cashier's lies. */

#define SHIFT_SUM(condition) \
    "(SELECT coalesce(sum(y.amount_fen), 0) FROM payment y WHERE y.shift_id = h.shift_id AND y.undone_s = 0 " condition ")"

/* What was refunded out of the drawer. */
#define SHIFT_REFUNDED \
    "(SELECT coalesce(sum(x.amount_fen), 0) FROM refund_part x WHERE x.shift_id = h.shift_id)"

#define SHIFT_COLUMNS \
    " h.shift_id, h.number, h.state, h.cashier AS cashier_id, n.display_name AS cashier_name, h.opened_s, h.float_fen," \
    " (SELECT count(*) FROM payment y WHERE y.shift_id = h.shift_id AND y.undone_s = 0) AS payments," \
    " " SHIFT_SUM("AND y.method = 'cash'") " AS cash_fen, " SHIFT_SUM("AND y.method <> 'cash'") " AS other_fen," \
    " " SHIFT_REFUNDED " AS refunded_fen," \
    " h.float_fen + " SHIFT_SUM("AND y.method = 'cash'") " - " SHIFT_REFUNDED " AS expected_fen," \
    " (SELECT count(*) FROM payment y WHERE y.shift_id = h.shift_id AND y.undone_s > 0) AS undone," \
    " iif(h.counted_s = 0, NULL, h.counted_fen) AS counted_fen," \
    " iif(h.counted_s = 0, NULL, h.difference_fen) AS difference_fen, h.reason, h.counted_s AS \"counted_s!time\"," \
    " c.display_name AS counted_by_name, e.display_name AS confirmed_by_name, h.closed_s AS \"closed_s!time\" "

#define SHIFT_FROM \
    " FROM cash_shift h JOIN person n ON n.person_id = h.cashier JOIN area a ON a.area_id = n.area_id" \
    " LEFT JOIN person c ON c.person_id = h.counted_by LEFT JOIN person e ON e.person_id = h.confirmed_by" \
    " WHERE h.tenant_id = :tenant AND (h.cashier = :person OR (" VIEW_IN_SCOPE "))"

#define UNDO_COLUMNS \
    " u.undo_id, u.payment_id, y.receipt, y.account_id, c.name AS \"customer_name!name\", y.method, y.amount_fen, y.at_s AS paid_s," \
    " s.display_name AS cashier_name, u.state, u.reason AS \"reason!memo\", n.display_name AS asked_by_name, u.asked_s," \
    " e.display_name AS decided_by_name, u.decided_s AS \"decided_s!time\", u.transfer_id," \
    " (u.asked_by = :person OR y.cashier = :person) AS \"mine!bool\"" \
    " FROM payment_undo u CROSS JOIN payment y ON y.payment_id = u.payment_id" \
    " CROSS JOIN account k ON k.account_id = y.account_id CROSS JOIN customer c ON c.customer_id = k.customer_id" \
    " CROSS JOIN area a ON a.area_id = k.area_id LEFT JOIN person s ON s.person_id = y.cashier" \
    " LEFT JOIN person n ON n.person_id = u.asked_by LEFT JOIN person e ON e.person_id = u.decided_by" \
    " WHERE u.tenant_id = :tenant AND" VIEW_IN_SCOPE

#define DEPOSIT_COLUMNS \
    " t.deposit_id, t.amount_fen, t.source, t.bank, t.slip, n.display_name AS person_name, t.at_s, t.transfer_id" \
    " FROM cash_deposit t LEFT JOIN person n ON n.person_id = t.person_id WHERE t.tenant_id = :tenant AND :whole "

static const struct view_text rows[] = {
    { VIEW_CASH_SHIFTS,
        "SELECT h.shift_id AS \"shift_id!cursor\"," SHIFT_COLUMNS SHIFT_FROM
        " AND (:state IS NULL OR h.state = :state) AND (:cashier_id IS NULL OR h.cashier = :cashier_id)"
        " AND (:day IS NULL OR (h.opened_s < :day * 86400 - :zone_s + 86400 AND"
        "  (h.closed_s = 0 OR h.closed_s >= :day * 86400 - :zone_s)))"
        " AND h.shift_id < coalesce(:cursor, 9223372036854775807) ORDER BY h.shift_id DESC LIMIT :limit" },

    { VIEW_CASH_SHIFT,
        "SELECT" SHIFT_COLUMNS ", nullif(h.opening_notes, '') AS \"opening_notes!json\", nullif(h.notes, '') AS \"notes!json\","
        " (h.cashier = :person OR h.counted_by IS NOT DISTINCT FROM :person) AS \"mine!bool\"" SHIFT_FROM " AND h.shift_id = :object" },

    { VIEW_CASH_SHIFT_METHODS,
        "SELECT y.method, count(*) AS payments, sum(y.amount_fen) AS amount_fen FROM payment y WHERE y.shift_id = :object"
        " AND y.undone_s = 0 AND EXISTS (SELECT 1" SHIFT_FROM " AND h.shift_id = :object) GROUP BY y.method ORDER BY y.method" },

    { VIEW_PAYMENT_UNDOS,
        "SELECT u.undo_id AS \"undo_id!cursor\"," UNDO_COLUMNS "AND (:state IS NULL OR u.state = :state)"
        " AND u.undo_id < coalesce(:cursor, 9223372036854775807) ORDER BY u.undo_id DESC LIMIT :limit" },
    { VIEW_PAYMENT_UNDO, "SELECT" UNDO_COLUMNS "AND u.undo_id = :object" },

    { VIEW_CASH_DEPOSITS,
        "SELECT t.deposit_id AS \"deposit_id!cursor\"," DEPOSIT_COLUMNS
        "AND t.deposit_id < coalesce(:cursor, 9223372036854775807) ORDER BY t.deposit_id DESC LIMIT :limit" },
    { VIEW_CASH_DEPOSIT, "SELECT" DEPOSIT_COLUMNS "AND t.deposit_id = :object" },
};

const struct view_text_list view_texts_cash = { rows, sizeof rows / sizeof rows[0] };
