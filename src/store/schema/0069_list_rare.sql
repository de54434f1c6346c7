-- What is rare among millions is found from its own side: meters by what they are not well with, books that are no wallets, and the areas
-- above the buildings.
DROP INDEX device_state_not_well;
CREATE INDEX device_state_not_well ON device_state (device_id, status) WHERE status <> 0;
CREATE INDEX ledger_account_no_wallet ON ledger_account (kind, ledger_account_id) WHERE kind <> 'wallet';
CREATE INDEX area_above_buildings ON area (path) WHERE kind <> 'building';
