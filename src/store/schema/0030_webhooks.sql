-- Addresses of other systems that want to hear of events. What is sent to them are rows of table message with channel 5,
-- the endpoint's number as recipient, and the body in words. The secret that signs is derived, stored nowhere.
CREATE TABLE webhook_endpoint (
    endpoint_id    INTEGER PRIMARY KEY,
    tenant_id      INTEGER NOT NULL REFERENCES tenant,
    area_id        INTEGER NOT NULL REFERENCES area,    -- this area and all below
    name           TEXT    NOT NULL,
    url            TEXT    NOT NULL,
    kinds          TEXT    NOT NULL,                    -- 'bill.issued,payment.received'
    generation     INTEGER NOT NULL DEFAULT 1,          -- of its secret
    rotated_s      INTEGER NOT NULL DEFAULT 0,          -- of the world: when the present generation began
    disabled       INTEGER NOT NULL DEFAULT 0,
    failures       INTEGER NOT NULL DEFAULT 0,          -- rounds in a row in which it could not be reached
    paused_until_s INTEGER NOT NULL DEFAULT 0,          -- left alone until then
    reached_s      INTEGER NOT NULL DEFAULT 0,
    failed_s       INTEGER NOT NULL DEFAULT 0,
    created_s      INTEGER NOT NULL
);
CREATE INDEX webhook_endpoint_by_tenant ON webhook_endpoint (tenant_id, endpoint_id);

-- The next of an endpoint, and what of the same account went before it.
CREATE INDEX message_of_endpoint ON message (recipient, due_s) WHERE channel = 5 AND state IN (1, 2);
CREATE INDEX message_of_endpoint_account ON message (recipient, account_id, message_id)
    WHERE channel = 5 AND state IN (1, 2);
CREATE INDEX message_delivery ON message (tenant_id, message_id) WHERE channel = 5;
