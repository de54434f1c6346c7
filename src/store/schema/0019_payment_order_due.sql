-- Each payment channel asks for its own work.

DROP INDEX payment_order_due;
CREATE INDEX payment_order_due ON payment_order (channel, next_s) WHERE step <> 0;
