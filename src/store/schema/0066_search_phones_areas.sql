-- Areas are looked for by a piece of their names like meters and customers, and a phone that is typed whole is found by itself: every
-- phone has most pieces of every other. Both are kept and built like the tables of schema 0051; part 3 and 4 of search_change and
-- search_progress. What customer_phone no longer says of a customer stays until it is made anew, too.
CREATE VIRTUAL TABLE search_area USING fts5(tokens, content='', columnsize=0, detail=none, tokenize="ascii tokenchars '^$@='");
CREATE TABLE customer_phone (
    phone       TEXT    NOT NULL,   -- its digits: no dashes, no plus
    customer_id INTEGER NOT NULL,
    PRIMARY KEY (phone, customer_id)
) WITHOUT ROWID;
INSERT INTO search_progress SELECT 3, 1, ifnull(max(area_id), 0) FROM area;
INSERT INTO search_progress SELECT 4, 1, ifnull(max(customer_id), 0) FROM customer;
CREATE TRIGGER search_area_is_new AFTER INSERT ON area BEGIN
    INSERT OR IGNORE INTO search_change VALUES (3, new.area_id);
END;
