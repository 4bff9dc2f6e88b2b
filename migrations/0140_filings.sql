-- Up Migration
-- Filings of statistics (统计填报): one of each organisation and period, filled, reviewed, handed up, added up. States and who may take which step:
-- services/domain/filing/filings.ts.

CREATE TABLE filings (
  filing_id  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisations,
  -- 2026, or 2026-11.
  period     text NOT NULL CHECK (period ~ '^[0-9]{4}(-[0-9]{2})?$'),
  state      text NOT NULL CHECK (state IN ('OPEN', 'FILLED', 'REVIEWED', 'SUBMITTED', 'AGGREGATED', 'RETURNED')),
  since      timestamptz NOT NULL,
  -- The last time that it was filled; 0: never.
  round      int NOT NULL DEFAULT 0,
  due_on     date NOT NULL,
  -- How often whoever is to fill it has been reminded.
  reminded   int NOT NULL DEFAULT 0,
  version    int NOT NULL DEFAULT 1,
  act        bigint,
  UNIQUE (organisation_id, period)
);
CREATE INDEX filings_open ON filings (due_on) WHERE state IN ('OPEN', 'RETURNED');

CREATE TABLE filing_steps (
  filing_id  int NOT NULL REFERENCES filings,
  step       int NOT NULL,
  action     text NOT NULL,
  state      text NOT NULL,
  at         timestamptz NOT NULL,
  account_id int REFERENCES accounts,
  username   text NOT NULL,
  reason     text NOT NULL,
  data       jsonb NOT NULL DEFAULT '{}',
  act        bigint,
  PRIMARY KEY (filing_id, step)
);

-- What was filed, as it was: nobody changes it, whatever becomes of the data that it was made of.
CREATE TABLE filing_snapshots (
  filing_id  int NOT NULL REFERENCES filings,
  round      int NOT NULL,
  taken_at   timestamptz NOT NULL,
  preliminary boolean NOT NULL,
  -- SHA-256 of `body`, in hexadecimal; it stands in the audit log too.
  sha256     text NOT NULL,
  -- Canonical JSON (services/domain/filing/snapshot.ts), and that of the rows of the organisation's own that its figures were added up from.
  body       text NOT NULL,
  facts      text NOT NULL,
  act        bigint,
  PRIMARY KEY (filing_id, round)
);

CREATE TRIGGER filings_act BEFORE INSERT OR UPDATE OF version, act ON filings FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER filing_steps_act BEFORE INSERT OR UPDATE OF action, act ON filing_steps FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER filing_snapshots_act BEFORE INSERT OR UPDATE OF body, act ON filing_snapshots FOR EACH ROW EXECUTE FUNCTION number_act();

-- Down Migration
DROP TABLE filing_snapshots, filing_steps, filings;
