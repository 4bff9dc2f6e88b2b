-- Up Migration
-- The sessions of ingest on a server broker. A broker goes on feeding a session whose worker has gone, so every session that may exist
-- stands here, and somebody attends to each: a worker serves with one, and empties and ends those that nobody attends.
CREATE TABLE broker_sessions (
  -- The MQTT client id.
  client_id text PRIMARY KEY,
  -- The process that attends it; NULL, or not seen for a while: nobody does.
  holder    text,
  -- That process's name, and after its end the name of the last one.
  worker    text,
  purpose   text NOT NULL DEFAULT 'serve' CHECK (purpose IN ('serve', 'drain')),
  -- When its holder was last heard of, by the database's clock.
  seen_at   timestamptz NOT NULL DEFAULT now(),
  -- When the broker was first seen to have it; NULL: it may not exist.
  opened_at timestamptz
);

-- Sessions used to be called by their workers' names.
INSERT INTO broker_sessions (client_id, worker) SELECT DISTINCT 'morin-ingest-' || worker, worker FROM ingest_tally WHERE minute > now() - interval '8 days';

GRANT SELECT, INSERT, UPDATE, DELETE ON broker_sessions TO morin_app;

-- Down Migration
DROP TABLE broker_sessions;
