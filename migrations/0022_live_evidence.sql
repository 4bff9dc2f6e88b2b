-- Up Migration
-- What bears a vehicle's live state out: where it was last found to stand, and a place that could not be reached and is not yet believed.
ALTER TABLE last_states
  ADD COLUMN still_lon_e7 int,
  ADD COLUMN still_lat_e7 int,
  ADD COLUMN still_since  timestamptz,
  ADD COLUMN doubt_lon_e7 int,
  ADD COLUMN doubt_lat_e7 int,
  ADD COLUMN doubt_since  timestamptz,
  ADD COLUMN doubt_at     timestamptz,
  ADD COLUMN doubt_reports int NOT NULL DEFAULT 0;

-- Down Migration
ALTER TABLE last_states DROP COLUMN still_lon_e7, DROP COLUMN still_lat_e7, DROP COLUMN still_since, DROP COLUMN doubt_lon_e7,
  DROP COLUMN doubt_lat_e7, DROP COLUMN doubt_since, DROP COLUMN doubt_at, DROP COLUMN doubt_reports;
