-- Up Migration
-- Evidence packages of cases: what was asked for, what became of it, and who took it away. The file itself stands in the evidence directory.

CREATE TABLE evidence_packages (
  package_id  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id     int NOT NULL REFERENCES cases,
  -- Its how many-th within the case.
  nth         int NOT NULL,
  state       text NOT NULL CHECK (state IN ('WAITING', 'BUILDING', 'READY', 'FAILED')),
  during      tstzrange NOT NULL CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
  vehicle_ids int[] NOT NULL,
  -- [{plate, why}]: vehicles of the case that are not in it.
  left_out    jsonb NOT NULL DEFAULT '[]',
  language    text NOT NULL CHECK (language IN ('zh-CN', 'en')),
  asked_by    int NOT NULL REFERENCES accounts,
  asked_at    timestamptz NOT NULL,
  -- Per cent of the work.
  progress    smallint NOT NULL DEFAULT 0,
  ended_at    timestamptz,
  -- Of the whole file, when it was written, reopened and found intact.
  bytes       bigint,
  sha256      bytea,
  signed_by   text,
  -- {reason, values}: why it could not be made.
  failure     jsonb,
  version     int NOT NULL DEFAULT 1,
  act         bigint,
  UNIQUE (case_id, nth),
  CHECK ((state = 'READY') = (sha256 IS NOT NULL AND bytes IS NOT NULL)),
  CHECK ((state = 'FAILED') = (failure IS NOT NULL))
);

-- Each time that one was taken away. `whole` NULL: under way, or the service ended meanwhile.
CREATE TABLE evidence_downloads (
  download_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  package_id  int NOT NULL REFERENCES evidence_packages,
  account_id  int NOT NULL REFERENCES accounts,
  at          timestamptz NOT NULL,
  ended_at    timestamptz,
  whole       boolean
);
CREATE INDEX evidence_downloads_of_package ON evidence_downloads (package_id, download_id);

CREATE TRIGGER evidence_packages_act BEFORE INSERT OR UPDATE OF version, act ON evidence_packages FOR EACH ROW EXECUTE FUNCTION number_act();

-- Down Migration
DROP TABLE evidence_downloads, evidence_packages;
