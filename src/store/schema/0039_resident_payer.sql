-- Who pays in a channel's own app (WeChat's openid), by the phone that proved it (S1-064).
ALTER TABLE resident_phone ADD COLUMN payer_channel TEXT NOT NULL DEFAULT '';
ALTER TABLE resident_phone ADD COLUMN payer_id TEXT NOT NULL DEFAULT '';
