-- Up Migration
-- Shared rides (拼车): requests that travel with another one, in its vehicle. States and who may take which step: services/domain/sharing.ts.

CREATE TABLE trip_rides (
  ride_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- The request whose order it is, and the one that goes along.
  first_id   int NOT NULL REFERENCES trip_requests,
  request_id int NOT NULL REFERENCES trip_requests,
  state      text NOT NULL CHECK (state IN ('WISHED', 'ASKED', 'JOINED', 'REFUSED', 'LAPSED', 'WITHDRAWN', 'ENDED')),
  asked_at   timestamptz NOT NULL,
  -- Whoever is asked answers by then.
  answer_by  timestamptz NOT NULL,
  -- The trip as it would be, as those who are asked are told it: {stops, riders, km, savedKm, savedFen}.
  plan       jsonb NOT NULL,
  since      timestamptz NOT NULL,
  version    int NOT NULL DEFAULT 1,
  act        bigint,
  CHECK (first_id <> request_id)
);
-- A request goes along with one other at most, and is asked of each once at a time.
CREATE UNIQUE INDEX trip_rides_one ON trip_rides (request_id) WHERE state = 'JOINED';
CREATE UNIQUE INDEX trip_rides_asked_once ON trip_rides (first_id, request_id) WHERE state IN ('WISHED', 'ASKED', 'JOINED');
CREATE INDEX trip_rides_of_first ON trip_rides (first_id);
CREATE INDEX trip_rides_of_request ON trip_rides (request_id);
CREATE INDEX trip_rides_by_time ON trip_rides (answer_by) WHERE state = 'ASKED';

CREATE TABLE trip_ride_steps (
  ride_id    int NOT NULL REFERENCES trip_rides,
  step       int NOT NULL,
  action     text NOT NULL,
  state      text NOT NULL,
  at         timestamptz NOT NULL,
  account_id int REFERENCES accounts,
  username   text NOT NULL,
  reason     text NOT NULL,
  data       jsonb NOT NULL DEFAULT '{}',
  act        bigint,
  PRIMARY KEY (ride_id, step)
);

-- The trip of those who travel together: in which order they get on and off, when, and the ways between any two of their stops.
CREATE TABLE trip_plans (
  first_id int PRIMARY KEY REFERENCES trip_requests,
  plan     jsonb NOT NULL,
  ways     jsonb NOT NULL,
  version  int NOT NULL DEFAULT 1,
  act      bigint
);

DO $acts$
DECLARE
  entry record;
BEGIN
  FOR entry IN
    SELECT * FROM (VALUES ('trip_rides', 'version'), ('trip_ride_steps', 'action'), ('trip_plans', 'version')) AS t (name, fields)
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OF %s, act ON %I FOR EACH ROW EXECUTE FUNCTION number_act()',
      entry.name || '_act', entry.fields, entry.name);
  END LOOP;
END
$acts$;

-- Down Migration
DROP TABLE trip_plans;
DROP TABLE trip_ride_steps;
DROP TABLE trip_rides;
