-- Up Migration
-- What is made public of trips (公示单): drafted, approved by a second person, withdrawn on the record. States: services/domain/publication.ts.

-- What may be public, from when on, below which organisation.
CREATE TABLE publication_rules (
  rule_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisations,
  effective_from date NOT NULL,
  items      text[] NOT NULL,
  classes    text[] NOT NULL,
  purposes   text[] NOT NULL,
  set_by     int NOT NULL REFERENCES accounts,
  set_at     timestamptz NOT NULL,
  act        bigint,
  UNIQUE (organisation_id, effective_from)
);

CREATE TABLE publications (
  publication_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisations,
  month      text NOT NULL CHECK (month ~ '^[0-9]{4}-[0-9]{2}$'),
  state      text NOT NULL CHECK (state IN ('DRAFTED', 'PUBLISHED', 'DROPPED', 'WITHDRAWN')),
  since      timestamptz NOT NULL,
  -- What was drafted, with the vehicles by which it is asked again at each reading what may be seen.
  body       text NOT NULL,
  sha256     text NOT NULL,
  version    int NOT NULL DEFAULT 1,
  act        bigint
);
-- One of an organisation and month is being drafted or is public.
CREATE UNIQUE INDEX publications_standing ON publications (organisation_id, month) WHERE state IN ('DRAFTED', 'PUBLISHED');

CREATE TABLE publication_steps (
  publication_id int NOT NULL REFERENCES publications,
  step       int NOT NULL,
  action     text NOT NULL,
  state      text NOT NULL,
  at         timestamptz NOT NULL,
  account_id int REFERENCES accounts,
  username   text NOT NULL,
  reason     text NOT NULL,
  data       jsonb NOT NULL DEFAULT '{}',
  act        bigint,
  PRIMARY KEY (publication_id, step)
);

CREATE TRIGGER publication_rules_act BEFORE INSERT OR UPDATE OF items, act ON publication_rules FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER publications_act BEFORE INSERT OR UPDATE OF version, act ON publications FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER publication_steps_act BEFORE INSERT OR UPDATE OF action, act ON publication_steps FOR EACH ROW EXECUTE FUNCTION number_act();

-- Down Migration
DROP TABLE publication_steps, publications, publication_rules;
