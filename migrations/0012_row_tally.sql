-- Up Migration
-- What is counted as kept, beside where it is kept, so that counters can be held against rows: in pieces that are counted in milliseconds,
-- though there are hundreds of millions of rows.

-- Positions per chunk and per 1,024 vehicles, counted in the transaction that stores them. A chunk is named as it is in the catalogue: one
-- that was dropped and made anew has another name.
CREATE TABLE position_tally (
  chunk    text NOT NULL,
  -- vehicle_id / 1024.
  part     int NOT NULL,
  -- Each worker has rows of its own, so that two do not wait for each other.
  worker   text NOT NULL,
  stored   bigint NOT NULL,
  first_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (chunk, part, worker)
) WITH (fillfactor = 50);  -- the rows of the newest chunks are updated with every commit, in their pages (HOT)
-- Chunks of before this were counted by nobody. Part -1 says so.
INSERT INTO position_tally (chunk, part, worker, stored)
SELECT chunk_name, -1, '', 0 FROM timescaledb_information.chunks WHERE hypertable_schema = 'public' AND hypertable_name = 'positions';

-- Messages and their positions in quarantine, by who put them there; what grew too old and was deleted is counted off.
CREATE TABLE quarantine_tally (
  worker    text PRIMARY KEY,
  messages  bigint NOT NULL,
  positions bigint NOT NULL
);
INSERT INTO quarantine_tally SELECT '(before)', coalesce(sum(times), 0), coalesce(sum(times * positions), 0) FROM quarantine;

-- A parser's words quote what it read; what is kept of them is where it stopped.
UPDATE quarantine SET detail = coalesce(substring(detail FROM 'at position [0-9]+'), 'ends too early, or is not JSON at all')
WHERE reason = 'not-json';

-- Down Migration
DROP TABLE quarantine_tally, position_tally;
