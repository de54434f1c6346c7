-- Lists of a part of a town go by its places; those of what is wrong by what is wrong.
CREATE INDEX account_by_area ON account (area_id, account_id);
CREATE INDEX account_not_good ON account (account_id) WHERE stage <> 'good' AND closed_s IS NULL;
CREATE INDEX bill_due_by_account ON bill (account_id, due_day) WHERE state = 'issued';
CREATE INDEX event_standing ON event (tenant_id, event_id) WHERE cleared_s IS NULL;
CREATE INDEX event_unseen ON event (tenant_id, severity, event_id) WHERE cleared_s IS NULL AND acknowledged_s IS NULL;

-- Numbers, names and phones are looked for by the search index since schema 0051: no statement uses these any more.
DROP INDEX customer_by_initials;
DROP INDEX customer_by_first_phone;
DROP INDEX customer_by_last_phone;
DROP INDEX device_by_imei_tail;
DROP INDEX device_by_room;
