-- What runs in the meter, as it said itself: major << 16 | minor << 8 | patch, 0 while it has not said.

ALTER TABLE device_state ADD COLUMN firmware_version INTEGER NOT NULL DEFAULT 0;
