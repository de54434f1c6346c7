-- Which days of quarter-hours of a meter are complete, and which of them nobody asks for any more.

-- One row a meter that records, of its main register. complete_days: bit k is newest_day - k. first_day: older days are not
-- owed. period_slots: 1, 2 or 4 quarters between two of its instants; 0 not known yet.
CREATE TABLE interval_standing (
    device_id     INTEGER PRIMARY KEY,
    complete_days INTEGER NOT NULL,
    newest_day    INTEGER NOT NULL,
    first_day     INTEGER NOT NULL,
    period_slots  INTEGER NOT NULL
);
INSERT INTO interval_standing (device_id, complete_days, newest_day, first_day, period_slots)
WITH RECURSIVE bits(back, weight) AS (SELECT 0, 1 UNION ALL SELECT back + 1, weight * 2 FROM bits WHERE back < 30)
SELECT i.device_id, sum(CASE i.missing WHEN 0 THEN weight ELSE 0 END), n.newest_day, min(i.day), 0
  FROM (SELECT device_id, channel, max(day) AS newest_day FROM interval_day GROUP BY device_id, channel) n
  JOIN device d ON d.device_id = n.device_id AND n.channel = 65536 * CASE d.kind
       WHEN 'cold_water' THEN 1 WHEN 'hot_water' THEN 44 WHEN 'electricity' THEN 16 WHEN 'gas' THEN 45 ELSE 48 END
  JOIN interval_day i ON i.device_id = n.device_id AND i.channel = n.channel
  JOIN bits ON bits.back = n.newest_day - i.day
 GROUP BY i.device_id, n.newest_day HAVING min(i.missing) <= 20; -- a look at the dial at a whole hour is no curve

-- Bit k: the quarter-hours of interval_given_up_day - k are not asked any more, the last of them for interval_problem.
ALTER TABLE collect_trouble ADD COLUMN interval_given_up INTEGER NOT NULL DEFAULT 0;
ALTER TABLE collect_trouble ADD COLUMN interval_given_up_day INTEGER NOT NULL DEFAULT 0;
ALTER TABLE collect_trouble ADD COLUMN interval_problem INTEGER NOT NULL DEFAULT 0;
