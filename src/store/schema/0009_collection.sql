-- Who is read, when, and what is still missing.
-- what: 1 current, 2 daily freeze, 3 monthly freeze, 4 curve. kind: enum device_kind, 0 all.

-- unit: 1 minute, 2 hour, 3 day, 4 week, 5 month; offset_s after its beginning in the tenant's zone.
CREATE TABLE reading_plan (
    plan_id      INTEGER PRIMARY KEY,
    tenant_id    INTEGER NOT NULL REFERENCES tenant,
    area_id      INTEGER REFERENCES area,        -- NULL: the meters of reading_plan_device
    name         TEXT    NOT NULL,
    kind         INTEGER NOT NULL DEFAULT 0,
    what         INTEGER NOT NULL,
    every        INTEGER NOT NULL,
    unit         INTEGER NOT NULL,
    offset_s     INTEGER NOT NULL,
    enabled      INTEGER NOT NULL,
    created_by   INTEGER,
    created_s    INTEGER NOT NULL,
    last_run_s   INTEGER NOT NULL DEFAULT 0,     -- and its figures
    asked        INTEGER NOT NULL DEFAULT 0,
    done         INTEGER NOT NULL DEFAULT 0,
    failed       INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX reading_plan_by_tenant ON reading_plan (tenant_id, plan_id);

CREATE TABLE reading_plan_device (
    plan_id      INTEGER NOT NULL REFERENCES reading_plan,
    device_id    INTEGER NOT NULL,
    PRIMARY KEY (plan_id, device_id)
) WITHOUT ROWID;

-- state: 1 open, 2 done, 3 cancelled. priority: 1 high, 2 normal, 3 low.
CREATE TABLE reading_task (
    task_id      INTEGER PRIMARY KEY,
    tenant_id    INTEGER NOT NULL REFERENCES tenant,
    area_id      INTEGER NOT NULL REFERENCES area, -- the area asked, or the jurisdiction of who chose the meters
    kind         INTEGER NOT NULL,
    what         INTEGER NOT NULL,
    day          INTEGER NOT NULL,               -- of a freeze; 0: now
    time_s       INTEGER NOT NULL,
    freeze       INTEGER NOT NULL,               -- 1: latched at one instant first
    priority     INTEGER NOT NULL,
    state        INTEGER NOT NULL,
    requested_by INTEGER,
    requested_s  INTEGER NOT NULL,
    started_s    INTEGER NOT NULL,               -- first order; 0: none yet
    expires_s    INTEGER NOT NULL,
    finished_s   INTEGER NOT NULL,               -- 0: open
    total        INTEGER NOT NULL,
    done         INTEGER NOT NULL,
    failed       INTEGER NOT NULL,
    cancelled    INTEGER NOT NULL
);
CREATE INDEX reading_task_by_tenant ON reading_task (tenant_id, task_id);
CREATE INDEX reading_task_open ON reading_task (task_id) WHERE state = 1;
CREATE INDEX reading_task_ended ON reading_task (finished_s) WHERE finished_s > 0;

-- One meter of a task. state: 1 waiting, 2 asked, 3 done, 4 failed, 5 cancelled. problem: enum line_problem or collect_reason.
CREATE TABLE reading_task_item (
    task_id      INTEGER NOT NULL REFERENCES reading_task,
    device_id    INTEGER NOT NULL,
    line_id      INTEGER NOT NULL,               -- 0: a radio of its own
    priority     INTEGER NOT NULL,
    state        INTEGER NOT NULL,
    route        INTEGER NOT NULL,
    problem      INTEGER NOT NULL,
    tries        INTEGER NOT NULL,
    at_s         INTEGER NOT NULL,
    next_s       INTEGER NOT NULL,
    PRIMARY KEY (task_id, device_id)
) WITHOUT ROWID;
CREATE INDEX reading_task_item_waiting ON reading_task_item (line_id, priority, task_id, device_id) WHERE state = 1;
CREATE INDEX reading_task_item_open ON reading_task_item (device_id, task_id) WHERE state <= 2;

-- Wired meters that the platform could not read by itself: the last reason, and when it tries again.
-- given_up: bit k is the midnight of given_up_day - k, which is not asked any more.
CREATE TABLE collect_trouble (
    device_id    INTEGER PRIMARY KEY,
    problem      INTEGER NOT NULL,
    tries        INTEGER NOT NULL,
    last_s       INTEGER NOT NULL,
    next_s       INTEGER NOT NULL,
    given_up     INTEGER NOT NULL,
    given_up_day INTEGER NOT NULL
);

-- Whether a line is connected, since when, and how many orders it has.
CREATE TABLE collect_line (
    line_id      INTEGER PRIMARY KEY,
    online       INTEGER NOT NULL,
    since_s      INTEGER NOT NULL,
    orders       INTEGER NOT NULL
);
