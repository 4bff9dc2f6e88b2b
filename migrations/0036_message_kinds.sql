-- Up Migration
-- received = stored + duplicate + quarantined, for every kind of message that terminals send: in elements, as so far, and in messages.
-- What was counted before this were positions, and what came on no topic of ours, as one; its messages were counted by nobody.
ALTER TABLE ingest_tally
  ADD COLUMN kind text NOT NULL DEFAULT 'location',
  ADD COLUMN messages_received    bigint NOT NULL DEFAULT 0,
  ADD COLUMN messages_stored      bigint NOT NULL DEFAULT 0,
  ADD COLUMN messages_duplicate   bigint NOT NULL DEFAULT 0,
  ADD COLUMN messages_quarantined bigint NOT NULL DEFAULT 0;
ALTER TABLE ingest_tally DROP CONSTRAINT ingest_tally_pkey, ADD PRIMARY KEY (minute, worker, kind);

-- `stored` is counted here for kinds whose stored elements nobody counts where they lie; of positions it is 0.
ALTER TABLE terminal_tally
  ADD COLUMN kind text NOT NULL DEFAULT 'location',
  ADD COLUMN stored bigint NOT NULL DEFAULT 0;
ALTER TABLE terminal_tally DROP CONSTRAINT terminal_tally_pkey, ADD PRIMARY KEY (terminal_id, minute, kind);

-- Down Migration
WITH others AS (DELETE FROM ingest_tally WHERE kind <> 'location' RETURNING *)
INSERT INTO ingest_tally AS t (worker, minute, received, stored, duplicate, quarantined)
SELECT worker, minute, sum(received), sum(stored), sum(duplicate), sum(quarantined) FROM others GROUP BY worker, minute
ON CONFLICT (minute, worker, kind) DO UPDATE SET received = t.received + excluded.received, stored = t.stored + excluded.stored,
  duplicate = t.duplicate + excluded.duplicate, quarantined = t.quarantined + excluded.quarantined;
WITH others AS (DELETE FROM terminal_tally WHERE kind <> 'location' RETURNING *)
INSERT INTO terminal_tally AS t (terminal_id, minute, duplicate, quarantined)
SELECT terminal_id, minute, sum(duplicate), sum(quarantined) FROM others GROUP BY terminal_id, minute
ON CONFLICT (terminal_id, minute, kind) DO UPDATE SET duplicate = t.duplicate + excluded.duplicate,
  quarantined = t.quarantined + excluded.quarantined;
ALTER TABLE terminal_tally DROP CONSTRAINT terminal_tally_pkey, DROP COLUMN kind, DROP COLUMN stored, ADD PRIMARY KEY (terminal_id, minute);
ALTER TABLE ingest_tally DROP CONSTRAINT ingest_tally_pkey, DROP COLUMN kind, DROP COLUMN messages_received, DROP COLUMN messages_stored,
  DROP COLUMN messages_duplicate, DROP COLUMN messages_quarantined, ADD PRIMARY KEY (minute, worker);
