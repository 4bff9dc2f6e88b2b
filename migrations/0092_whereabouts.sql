-- Up Migration
-- Who was where (docs/whereabouts.md): what is prepared of positions, so that a question about the whole fleet reads little, and who asked what.

-- Positions by hour of the device's clock (hours since 1970) and 128 vehicles, counted in the transaction that stores them. What was prepared of an
-- hour holds for as long as it is told of as many as are counted: a late position is seen by that, and nothing else has to tell of it.
CREATE TABLE position_hours (
  hour   int NOT NULL,
  -- vehicle_id / 128.
  part   int NOT NULL,
  -- Each worker has rows of its own, so that two do not wait for each other.
  worker text NOT NULL,
  stored bigint NOT NULL,
  PRIMARY KEY (hour, part, worker)
) WITH (fillfactor = 50);  -- the rows of the newest hours are updated with every commit, in their pages (HOT)
INSERT INTO position_hours (hour, part, worker, stored)
SELECT floor(extract(epoch FROM ts) / 3600)::int, vehicle_id / 128, '(before)', count(*) FROM positions GROUP BY 1, 2;

CREATE TABLE prepared_hours (
  hour   int NOT NULL,
  part   int NOT NULL,
  -- How many positions were counted of this hour and of the one before, from which its ways begin.
  stored bigint NOT NULL,
  PRIMARY KEY (hour, part)
);

-- One row for each vehicle and hour in which it reported.
CREATE TABLE vehicle_hours (
  hour       int NOT NULL,
  vehicle_id int NOT NULL,
  -- Its last report of each minute, packed (services/dispatch/whereabouts/minutes.ts).
  minutes    bytea NOT NULL,
  -- The box of its way in the hour, 1e-7 degree.
  west       int NOT NULL,
  south      int NOT NULL,
  east       int NOT NULL,
  north      int NOT NULL,
  -- The H3 cells (resolution 8) of its way in the hour.
  cells      bigint[] NOT NULL,
  PRIMARY KEY (hour, vehicle_id)
);
CREATE INDEX vehicle_hours_of_vehicle ON vehicle_hours (vehicle_id, hour);

-- Which vehicles were in a cell on a day (days since 1970, UTC). Whatever was once so stays: more are candidates than were there, never fewer.
CREATE TABLE cell_days (
  cell       bigint NOT NULL,
  day        int NOT NULL,
  vehicle_id int NOT NULL,
  PRIMARY KEY (cell, day, vehicle_id)
);
CREATE INDEX cell_days_old ON cell_days (day);

CREATE INDEX position_flags_places ON position_flags (ended_at) WHERE reason <> 'speed';

-- Who asked who was where, and what he was told: the audit log's records name the row.
CREATE TABLE whereabouts_asks (
  ask_id     int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('instant', 'here', 'meetings', 'nights')),
  account_id int NOT NULL REFERENCES accounts,
  case_id    int REFERENCES cases,
  purpose    text,
  during     tstzrange NOT NULL,
  -- The area or the vehicle that was asked about.
  about      jsonb NOT NULL DEFAULT '{}',
  at         timestamptz NOT NULL,
  -- NULL: nothing has left.
  rows       int,
  -- The vehicles that the answer named.
  vehicles   int[]
);
CREATE INDEX whereabouts_asks_of_case ON whereabouts_asks (case_id, ask_id) WHERE case_id IS NOT NULL;

-- Down Migration
DROP TABLE whereabouts_asks, cell_days, vehicle_hours, prepared_hours, position_hours;
DROP INDEX position_flags_places;
