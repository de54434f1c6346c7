-- States of devices that a storm of reports changed, in the order of arrival, until the row of each in device_state is brought up to them
-- (src/reading/state_log.h). What is here is newer than there; the newest entry of a device counts.
CREATE TABLE state_log (
    log_id INTEGER PRIMARY KEY,
    states BLOB NOT NULL
);
