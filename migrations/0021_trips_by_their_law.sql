-- Up Migration
-- Trips by the law of docs/trips.md: what a trip says of itself, moves that nobody saw, positions that are not believed, and late
-- positions as ranges, so that one of them costs the trips around it and not the month.

ALTER TABLE trips ALTER COLUMN max_speed_dkph DROP NOT NULL;  -- NULL = unknown
ALTER TABLE trips
  -- The position that showed the rest: nothing that comes later can change this trip. NULL = may still change.
  ADD COLUMN confirmed_at timestamptz,
  ADD COLUMN rest_lon_e7  int,
  ADD COLUMN rest_lat_e7  int,
  ADD COLUMN distance_by  text NOT NULL DEFAULT 'track' CHECK (distance_by IN ('odometer', 'track', 'both')),
  ADD COLUMN track_m      int,
  ADD COLUMN odometer_m   int,
  -- Metres from the start at each full quarter of an hour inside the trip: days and other windows are cut here.
  ADD COLUMN quarters_m   int[] NOT NULL DEFAULT '{}',
  ADD COLUMN ignition_off boolean NOT NULL DEFAULT false;

CREATE TABLE displacements (
  vehicle_id    int NOT NULL REFERENCES vehicles,
  started_at    timestamptz NOT NULL,
  ended_at      timestamptz NOT NULL,
  kind          text NOT NULL CHECK (kind IN ('unseen', 'jump', 'drift')),
  start_lon_e7  int NOT NULL,
  start_lat_e7  int NOT NULL,
  end_lon_e7    int NOT NULL,
  end_lat_e7    int NOT NULL,
  distance_m    int NOT NULL,
  confirmed_at  timestamptz,
  PRIMARY KEY (vehicle_id, ended_at)
);

-- Derived like trips, from the positions around: a position is never changed.
CREATE TABLE position_flags (
  vehicle_id  int NOT NULL REFERENCES vehicles,
  started_at  timestamptz NOT NULL,
  ended_at    timestamptz NOT NULL,
  reason      text NOT NULL,
  positions   int NOT NULL,
  PRIMARY KEY (vehicle_id, started_at, reason)
);

-- Late positions whose trips are to be derived again.
CREATE TABLE late_ranges (
  range_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  vehicle_id  int NOT NULL REFERENCES vehicles,
  from_at     timestamptz NOT NULL,
  to_at       timestamptz NOT NULL
);
CREATE INDEX late_ranges_by_vehicle ON late_ranges (vehicle_id);

ALTER TABLE last_states
  -- The earliest unsettled position of those that came in order; derive_from is the earliest of all.
  ADD COLUMN tail_from   timestamptz,
  -- Where the vehicle rests while its trips are settled: a report from here, at rest, settles itself.
  ADD COLUMN rest_lon_e7 int,
  ADD COLUMN rest_lat_e7 int;
-- Whatever is kept is derived anew, by this law.
UPDATE last_states SET derive_from = to_timestamp(0), tail_from = to_timestamp(0);

-- Down Migration
ALTER TABLE last_states DROP COLUMN tail_from, DROP COLUMN rest_lon_e7, DROP COLUMN rest_lat_e7;
DROP TABLE late_ranges, position_flags, displacements;
DELETE FROM trips WHERE max_speed_dkph IS NULL;
ALTER TABLE trips DROP COLUMN confirmed_at, DROP COLUMN rest_lon_e7, DROP COLUMN rest_lat_e7, DROP COLUMN distance_by, DROP COLUMN track_m,
  DROP COLUMN odometer_m, DROP COLUMN quarters_m, DROP COLUMN ignition_off, ALTER COLUMN max_speed_dkph SET NOT NULL;
