-- What an issued invoice carries besides its number.

ALTER TABLE invoice ADD COLUMN code TEXT NOT NULL DEFAULT '';    -- what its QR code holds, as the provider gives it
ALTER TABLE invoice ADD COLUMN test INTEGER NOT NULL DEFAULT 0;  -- of a provider that only tries things out: not valid
