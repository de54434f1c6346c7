-- An order that was paid twice at the channel: the second money is a row of its own, paid and in suspense, so that the
-- books hold what the channel holds and it can be refunded like any other.

ALTER TABLE payment_order ADD COLUMN second_of INTEGER REFERENCES payment_order; -- the order that was paid before
