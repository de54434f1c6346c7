-- Money that goes back and the invoices that stood for it: a refund of a balance says which payments it takes from.

ALTER TABLE refund ADD COLUMN red_letter INTEGER NOT NULL DEFAULT 0; -- 1: invoices that stand for its money are taken back
CREATE INDEX refund_by_payment ON refund (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX refund_by_order ON refund (payment_order_id) WHERE payment_order_id IS NOT NULL;
CREATE INDEX payment_order_by_payment ON payment_order (payment_id) WHERE payment_id IS NOT NULL;

-- What no channel took back of a balance, newest payment first.
CREATE TABLE refund_of_payment (
    refund_id  INTEGER NOT NULL REFERENCES refund,
    part       INTEGER NOT NULL,
    payment_id INTEGER NOT NULL REFERENCES payment,
    amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
    PRIMARY KEY (payment_id, refund_id, part)
) WITHOUT ROWID;
CREATE INDEX refund_of_payment_by_refund ON refund_of_payment (refund_id);
