-- Up Migration
-- Answers to findings with photos, who was reminded when, and values of rules that hold for one class of vehicles alone.

-- Once for each key of whoever added it: a phone may send it again.
CREATE TABLE supervision_finding_photos (
  finding_id int NOT NULL REFERENCES supervision_findings,
  -- The first, the second, …
  photo_id   int NOT NULL,
  key        uuid NOT NULL,
  width      int NOT NULL,
  height     int NOT NULL,
  bytes      int NOT NULL,
  sha256     bytea NOT NULL,
  content    bytea NOT NULL,
  added_by   int NOT NULL REFERENCES accounts,
  added_at   timestamptz NOT NULL,
  act        bigint,
  PRIMARY KEY (finding_id, photo_id),
  UNIQUE (added_by, key)
);
CREATE TRIGGER supervision_finding_photos_act BEFORE INSERT OR UPDATE OF content, act ON supervision_finding_photos FOR EACH ROW EXECUTE FUNCTION number_act();

-- When those above were last told that nobody has taken the next step; NULL = not in this state.
ALTER TABLE supervision_findings ADD COLUMN escalated_at timestamptz;
CREATE INDEX supervision_findings_pending ON supervision_findings (since) WHERE state NOT IN ('CLOSED', 'WITHDRAWN') AND escalated_at IS NULL;

-- NULL = for every vehicle.
ALTER TABLE supervision_params ADD COLUMN class text CHECK (class IN ('official', 'law_enforcement', 'leased'));
ALTER TABLE supervision_params DROP CONSTRAINT supervision_params_organisation_id_code_effective_from_key;
CREATE UNIQUE INDEX supervision_params_once ON supervision_params (organisation_id, code, effective_from, coalesce(class, ''));

-- Down Migration
DROP INDEX supervision_params_once;
DELETE FROM supervision_params WHERE class IS NOT NULL;
ALTER TABLE supervision_params DROP COLUMN class;
ALTER TABLE supervision_params ADD UNIQUE (organisation_id, code, effective_from);
DROP INDEX supervision_findings_pending;
ALTER TABLE supervision_findings DROP COLUMN escalated_at;
DROP TABLE supervision_finding_photos;
