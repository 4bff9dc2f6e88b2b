-- Up Migration
-- Tracks that somebody else recorded, brought into a case to be held against those of its vehicles (services/dispatch/cases/exhibits.ts). A row is never changed: what
-- is brought in again under the same name is the next edition.

CREATE TABLE case_exhibits (
  exhibit_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id    int NOT NULL REFERENCES cases,
  -- Its how many-th within the case, the same for all editions.
  nth        int NOT NULL,
  edition    int NOT NULL,
  name       text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('gpx', 'kml', 'geojson')),
  -- Of the file; what is compared is WGS-84.
  datum      text NOT NULL CHECK (datum IN ('wgs84', 'gcj02')),
  points     int NOT NULL,
  segments   int NOT NULL,
  -- Its first and last time; NULL: it tells none.
  from_at    timestamptz,
  until_at   timestamptz,
  -- What was put in order when it was read.
  notes      jsonb NOT NULL,
  bytes      int NOT NULL,
  sha256     bytea NOT NULL,
  content    bytea NOT NULL,
  added_by   int NOT NULL REFERENCES accounts,
  added_at   timestamptz NOT NULL,
  act        bigint,
  UNIQUE (case_id, nth, edition)
);

CREATE TRIGGER case_exhibits_act BEFORE INSERT OR UPDATE OF sha256, act ON case_exhibits FOR EACH ROW EXECUTE FUNCTION number_act();

-- Down Migration
DROP TABLE case_exhibits;
