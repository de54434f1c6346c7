-- What people type into the search box: the last digits of a number, a room, a name's beginning.

CREATE INDEX device_by_meter_tail ON device (tenant_id, substr(meter_number, -4));
CREATE INDEX device_by_imei_tail ON device (tenant_id, imei % 10000);
CREATE INDEX device_by_replaced ON device (replaces_device_id) WHERE replaces_device_id IS NOT NULL;
CREATE INDEX device_by_room ON device (tenant_id, room);
CREATE INDEX customer_by_name ON customer (tenant_id, name);
CREATE INDEX customer_by_last_phone ON customer (tenant_id, substr(phones, -4));
CREATE INDEX customer_by_first_phone ON customer (tenant_id, substr(phones, instr(phones || ',', ',') - 4, 4));
CREATE INDEX payment_by_receipt ON payment (tenant_id, receipt);
CREATE INDEX bill_by_number ON bill (tenant_id, number);
