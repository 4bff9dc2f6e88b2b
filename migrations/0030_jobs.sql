-- Up Migration
-- Work that is owed: put in by the transaction that owes it (an outbox), or by the clock, and done by whichever instance is there.

CREATE TABLE jobs (
  job_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind        text NOT NULL CHECK (kind ~ '^[a-z][a-z.-]{1,60}$'),
  -- What is owed once: a second job of the same kind and key is the same job, for as long as it is kept.
  key         text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
  -- Of one lane one job is done after the other, in the order in which they were put in.
  lane        text CHECK (length(lane) BETWEEN 1 AND 200),
  payload     jsonb NOT NULL,
  put_at      timestamptz NOT NULL,
  run_at      timestamptz NOT NULL,
  attempts    int NOT NULL DEFAULT 0,
  -- Who is at it and until when that is believed: a process that died is overtaken.
  taken_by    uuid,
  taken_until timestamptz,
  last_error  text CHECK (length(last_error) <= 500),
  done_at     timestamptz,
  -- After its last attempt; somebody must look into it.
  given_up_at timestamptz,
  CHECK (done_at IS NULL OR given_up_at IS NULL),
  UNIQUE (kind, key)
);
CREATE INDEX jobs_owed ON jobs (run_at, job_id) WHERE done_at IS NULL AND given_up_at IS NULL;
CREATE INDEX jobs_of_lane ON jobs (lane, job_id) WHERE lane IS NOT NULL AND done_at IS NULL AND given_up_at IS NULL;
CREATE INDEX jobs_done ON jobs (done_at) WHERE done_at IS NOT NULL;

-- Down Migration
DROP TABLE jobs;
