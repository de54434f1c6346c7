-- What an account is charged by beside its use: heated area (m2), transformer capacity (kVA), agreed demand (kW); 1e-4.
CREATE TABLE account_measure (
    account_id         INTEGER PRIMARY KEY REFERENCES account,
    area_e4            INTEGER NOT NULL DEFAULT 0,
    capacity_e4        INTEGER NOT NULL DEFAULT 0,
    contract_demand_e4 INTEGER NOT NULL DEFAULT 0
);

ALTER TABLE bill_line ADD COLUMN period TEXT NOT NULL DEFAULT '';  -- of the day: peak, valley; '' when prices do not depend on it
