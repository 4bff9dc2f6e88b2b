-- Up Migration
-- A ranking asks what all of a pool is booked for at a time: found by the time, not by going through all that each was ever booked for.
CREATE INDEX reservations_by_time ON reservations USING gist (during);

-- Down Migration
DROP INDEX reservations_by_time;
