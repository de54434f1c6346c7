-- A household changes for the periods that begin from a day on, and a proof of its size may end: nothing that was settled
-- is charged again (persons: the number last said).
ALTER TABLE account ADD COLUMN persons_before INTEGER NOT NULL DEFAULT 1;     -- counts outside these days
ALTER TABLE account ADD COLUMN persons_from_day INTEGER NOT NULL DEFAULT 0;   -- 0: persons always counted
ALTER TABLE account ADD COLUMN persons_until_day INTEGER NOT NULL DEFAULT 0;  -- the last day a period may begin; 0: open
