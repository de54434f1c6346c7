-- A bill is one row: its lines are in it, its number is found by its bill_id, sums of what is due are written by the batch that
-- writes the bills.

ALTER TABLE bill ADD COLUMN lines TEXT NOT NULL DEFAULT '[]'; -- [[item, tier, period, quantity_e4, coefficient_e8, price_e8, amount_fen], ...]
UPDATE bill SET lines = (SELECT json_group_array(json_array(item, tier, period, quantity_e4, coefficient_e8, price_e8, amount_fen))
    FROM (SELECT * FROM bill_line l WHERE l.bill_id = bill.bill_id ORDER BY l.line));
DROP TABLE bill_line;
CREATE VIEW bill_line AS SELECT b.bill_id, j.key + 1 AS line, j.value ->> 0 AS item, j.value ->> 1 AS tier, j.value ->> 2 AS period,
    j.value ->> 3 AS quantity_e4, j.value ->> 4 AS coefficient_e8, j.value ->> 5 AS price_e8, j.value ->> 6 AS amount_fen
    FROM bill b CROSS JOIN json_each(b.lines) j;

DROP TRIGGER bill_due_insert;
DROP TRIGGER bill_due_update;
DROP INDEX bill_by_number;

-- Bills up to this one have been told to their customers.
CREATE TABLE bill_told (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    bill_id INTEGER NOT NULL
);
INSERT INTO bill_told SELECT 1, coalesce(max(bill_id), 0) FROM bill;
