#include "store/sql/view_texts.h"

/* Views of payments through channels. */

#define ORDER_COLUMNS \
    " o.payment_order_id, o.trade_number, o.account_id, k.customer_id, c.name AS \"customer_name!name\", o.channel," \
    " CASE o.scene WHEN 0 THEN 'qr' WHEN 1 THEN 'in_app' WHEN 2 THEN 'mobile' ELSE 'page' END AS scene, o.amount_fen," \
    " o.description, o.state, o.problem, o.reference, o.in_suspense AS \"in_suspense!bool\", o.second_of, o.payment_id," \
    " y.receipt, n.display_name AS created_by_name, o.created_s, o.expires_s, o.paid_s," \
    " (SELECT coalesce(sum(r.amount_fen), 0) FROM payment_refund r WHERE r.payment_order_id = o.payment_order_id" \
    "  AND r.state <> 'failed') AS refunded_fen "

#define ORDER_JOINS \
    " CROSS JOIN account k ON k.account_id = o.account_id CROSS JOIN customer c ON c.customer_id = k.customer_id" \
    " CROSS JOIN area a ON a.area_id = k.area_id LEFT JOIN payment y ON y.payment_id = o.payment_id" \
    " LEFT JOIN person n ON n.person_id = o.created_by "

#define RUN_COLUMNS \
    " r.payment_reconciliation_id, r.channel, r.day AS \"day!day\", r.state, r.problem, r.rows, r.matched, r.paid_fen," \
    " r.refunded_fen, (SELECT count(*) FROM payment_difference x WHERE x.payment_reconciliation_id =" \
    "  r.payment_reconciliation_id AND x.resolution = '') AS open_differences, n.display_name AS asked_by_name, r.asked_s," \
    " r.finished_s "

#define RUN_FROM " FROM payment_reconciliation r LEFT JOIN person n ON n.person_id = r.asked_by "

#define DIFFERENCE_COLUMNS \
    " x.payment_difference_id, x.kind, x.is_refund AS \"is_refund!bool\", x.number, x.reference, x.our_fen, x.their_fen," \
    " x.resolution, x.reason, n.display_name AS resolved_by_name, x.resolved_s "

#define DIFFERENCE_FROM \
    " FROM payment_difference x JOIN payment_reconciliation r" \
    " ON r.payment_reconciliation_id = x.payment_reconciliation_id LEFT JOIN person n ON n.person_id = x.resolved_by "

static const struct view_text rows[] = {
    { VIEW_PAYMENT_ORDERS,
        "SELECT o.payment_order_id AS \"payment_order_id!cursor\"," ORDER_COLUMNS "FROM payment_order o" ORDER_JOINS
        "WHERE o.tenant_id = :tenant AND" VIEW_IN_SCOPE
        "AND (:state IS NULL OR o.state = :state) AND (:channel IS NULL OR o.channel = :channel)"
        " AND (:account_id IS NULL OR o.account_id = :account_id)"
        " AND o.payment_order_id < coalesce(:cursor, 9223372036854775807) ORDER BY o.payment_order_id DESC LIMIT :limit" },

    { VIEW_PAYMENT_ORDER,
        "SELECT" ORDER_COLUMNS ", o.invitation_kind, o.invitation FROM payment_order o" ORDER_JOINS
        "WHERE o.payment_order_id = :object AND o.tenant_id = :tenant AND" VIEW_IN_SCOPE },

    { VIEW_PAYMENT_ORDER_REFUNDS,
        "SELECT r.payment_refund_id, r.refund_number, r.amount_fen, r.state, r.problem, r.reason, r.created_s,"
        " n.display_name AS created_by_name FROM payment_refund r LEFT JOIN person n ON n.person_id = r.created_by"
        " WHERE r.payment_order_id = :object AND EXISTS (SELECT 1 FROM payment_order o" ORDER_JOINS
        "WHERE o.payment_order_id = :object AND o.tenant_id = :tenant AND" VIEW_IN_SCOPE ") ORDER BY r.payment_refund_id" },

    { VIEW_PAYMENT_REFUND,
        "SELECT r.payment_refund_id, r.payment_order_id, r.refund_number, r.amount_fen, r.state, r.problem, r.reason,"
        " r.created_s FROM payment_refund r WHERE r.payment_refund_id = :object AND r.tenant_id = :tenant" },

    /* The channel's bill is of the whole organisation: only who may see all of it sees these. */
    { VIEW_RECONCILIATIONS,
        "SELECT r.payment_reconciliation_id AS \"payment_reconciliation_id!cursor\"," RUN_COLUMNS RUN_FROM
        "WHERE r.tenant_id = :tenant AND :whole AND (:channel IS NULL OR r.channel = :channel)"
        " AND (:day IS NULL OR r.day = :day)"
        " AND r.payment_reconciliation_id < coalesce(:cursor, 9223372036854775807)"
        " ORDER BY r.payment_reconciliation_id DESC LIMIT :limit" },

    { VIEW_RECONCILIATION,
        "SELECT" RUN_COLUMNS RUN_FROM "WHERE r.payment_reconciliation_id = :object AND r.tenant_id = :tenant AND :whole" },

    { VIEW_RECONCILIATION_DIFFERENCES,
        "SELECT" DIFFERENCE_COLUMNS DIFFERENCE_FROM
        "WHERE x.payment_reconciliation_id = :object AND r.tenant_id = :tenant AND :whole"
        " ORDER BY x.payment_difference_id LIMIT 1000" },

    { VIEW_DIFFERENCE,
        "SELECT" DIFFERENCE_COLUMNS DIFFERENCE_FROM
        "WHERE x.payment_difference_id = :object AND r.tenant_id = :tenant AND :whole" },
};

const struct view_text_list view_texts_payments = { rows, sizeof rows / sizeof rows[0] };
