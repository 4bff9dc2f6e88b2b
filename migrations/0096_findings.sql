-- Up Migration
-- What cases find: moments and stretches that want an explanation, with photos, the explanation, and what was verified. States: services/domain/findings.ts.

CREATE TABLE case_findings (
  finding_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id       int NOT NULL REFERENCES cases,
  -- Its how many-th within the case.
  nth           int NOT NULL,
  vehicle_id    int NOT NULL REFERENCES vehicles,
  -- Device time; a moment has both ends in one.
  during        tstzrange NOT NULL CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
  text          text NOT NULL,
  state         text NOT NULL CHECK (state IN ('SUSPECTED', 'ASKED', 'LAPSED', 'ANSWERED', 'CONFIRMED', 'DISMISSED', 'WITHDRAWN')),
  since         timestamptz NOT NULL,
  noted_by      int NOT NULL REFERENCES accounts,
  noted_at      timestamptz NOT NULL,
  -- Who was asked last, what, and until when.
  asked_account int REFERENCES accounts,
  question      text,
  due_at        timestamptz,
  answer        text,
  answered_at   timestamptz,
  conclusion    text,
  version       int NOT NULL DEFAULT 1,
  act           bigint,
  UNIQUE (case_id, nth)
);
CREATE INDEX case_findings_asked ON case_findings (asked_account) WHERE asked_account IS NOT NULL;
CREATE INDEX case_findings_due ON case_findings (due_at) WHERE state = 'ASKED';

-- Each step, and each text that it had: what is changed stays readable.
CREATE TABLE case_finding_steps (
  finding_id int NOT NULL REFERENCES case_findings,
  step       int NOT NULL,
  action     text NOT NULL,
  state      text NOT NULL,
  at         timestamptz NOT NULL,
  account_id int REFERENCES accounts,
  username   text NOT NULL,
  reason     text NOT NULL,
  data       jsonb NOT NULL DEFAULT '{}',
  act        bigint,
  PRIMARY KEY (finding_id, step)
);

CREATE TABLE case_finding_photos (
  photo_id   int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  finding_id int NOT NULL REFERENCES case_findings,
  width      int NOT NULL,
  height     int NOT NULL,
  bytes      int NOT NULL,
  sha256     bytea NOT NULL,
  content    bytea NOT NULL,
  added_by   int NOT NULL REFERENCES accounts,
  added_at   timestamptz NOT NULL,
  act        bigint
);
CREATE INDEX case_finding_photos_of_finding ON case_finding_photos (finding_id, photo_id);

CREATE TRIGGER case_findings_act BEFORE INSERT OR UPDATE OF version, act ON case_findings FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER case_finding_steps_act BEFORE INSERT OR UPDATE OF action, act ON case_finding_steps FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER case_finding_photos_act BEFORE INSERT OR UPDATE OF sha256, act ON case_finding_photos FOR EACH ROW EXECUTE FUNCTION number_act();

-- Down Migration
DROP TABLE case_finding_photos, case_finding_steps, case_findings;
