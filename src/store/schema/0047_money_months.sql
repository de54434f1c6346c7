-- Sums of whole months beside those of days (money_day), folded from the same transfers at the same moment: a year area by area
-- is twelve rows of each instead of three hundred and sixty-five.
CREATE TABLE money_month (
    tenant_id  INTEGER NOT NULL,
    area_id    INTEGER NOT NULL,
    flow       TEXT    NOT NULL,
    month_day  INTEGER NOT NULL,                    -- the month's first local day
    name       TEXT    NOT NULL,
    amount_fen INTEGER NOT NULL,
    transfers  INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, area_id, flow, month_day, name)
) WITHOUT ROWID;
INSERT INTO money_month SELECT tenant_id, area_id, flow,
    CAST(strftime('%s', day * 86400, 'unixepoch', 'start of month') AS INTEGER) / 86400, name, sum(amount_fen), sum(transfers)
    FROM money_day GROUP BY 1, 2, 3, 4, 5;
