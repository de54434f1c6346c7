/* What is left of a payment, as billing/standing_store.h says: one text for all who ask. */
#ifndef STORE_SQL_PAYMENT_LEFT_H
#define STORE_SQL_PAYMENT_LEFT_H

#define PAYMENT_LEFT_SUM(rows) " - coalesce((SELECT sum(" rows "), 0)"

/* Of the payment y. What a channel has, or is asked for, hangs on the order; the rest on the payment, the order, or on what
 * was written when a balance was refunded. */
#define PAYMENT_LEFT \
    " (iif(y.undone_s <> 0, 0, y.amount_fen)" \
    PAYMENT_LEFT_SUM("f.amount_fen) FROM payment_order o JOIN payment_refund f ON f.payment_order_id = o.payment_order_id" \
        " AND f.state <> 'failed' WHERE o.payment_id = y.payment_id") \
    PAYMENT_LEFT_SUM("x.amount_fen) FROM payment_order o JOIN refund_part x ON x.payment_order_id = o.payment_order_id" \
        " AND x.state = 'waiting' WHERE o.payment_id = y.payment_id") \
    PAYMENT_LEFT_SUM("x.amount_fen) FROM refund r JOIN refund_part x USING (refund_id) WHERE r.payment_id = y.payment_id" \
        " AND x.route <> 'channel' AND x.state NOT IN ('failed', 'refused')") \
    PAYMENT_LEFT_SUM("x.amount_fen) FROM payment_order o JOIN refund r ON r.payment_order_id = o.payment_order_id" \
        " AND r.payment_id IS NULL JOIN refund_part x USING (refund_id) WHERE o.payment_id = y.payment_id" \
        " AND x.route <> 'channel' AND x.state NOT IN ('failed', 'refused')") \
    PAYMENT_LEFT_SUM("p.amount_fen) FROM refund_of_payment p JOIN refund_part x USING (refund_id, part)" \
        " WHERE p.payment_id = y.payment_id AND x.state NOT IN ('failed', 'refused')") \
    PAYMENT_LEFT_SUM("m.amount_fen) FROM payment_move m WHERE m.payment_id = y.payment_id AND m.state <> 'refused'") ") "

#endif
