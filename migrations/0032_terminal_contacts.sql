-- Up Migration
-- When a terminal last spoke, by itself or through its gateway, whatever became of what it said, or was let in. Its own fact: it stays with
-- it when it is taken off or goes into another vehicle, and what is put through again for it later is none.
CREATE TABLE terminal_contacts (
  terminal_id text PRIMARY KEY REFERENCES terminals ON DELETE CASCADE,
  last_at     timestamptz NOT NULL
) WITH (fillfactor = 50);  -- every live terminal's row is updated again and again, in its page (HOT): last_at has no index for that
INSERT INTO terminal_contacts
SELECT * FROM (
  SELECT t.terminal_id, greatest(
    (SELECT s.received_at FROM last_states s WHERE s.vehicle_id = t.vehicle_id AND s.ts >= coalesce(t.bound_since, '-infinity')),
    (SELECT max(y.minute) FROM terminal_tally y WHERE y.terminal_id = t.terminal_id),
    (SELECT max(q.last_at) FROM quarantine q WHERE q.terminal_id = t.terminal_id)) AS last_at
  FROM terminals t) known
WHERE last_at IS NOT NULL;

-- Pages of the list are in this order.
CREATE INDEX terminals_in_order ON terminals (terminal_id COLLATE "C");

-- Down Migration
DROP INDEX terminals_in_order;
DROP TABLE terminal_contacts;
