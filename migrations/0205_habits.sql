-- Up Migration
-- What rules ask of a vehicle's habits reaches thirty days back. So what comes late, of a day that is over, concerns the days after it too, as far as any has been looked at.
CREATE OR REPLACE FUNCTION mark_supervision(vehicle int, from_at timestamptz, until_at timestamptz) RETURNS void LANGUAGE sql AS $$
  INSERT INTO supervision_due (vehicle_id, day)
  SELECT vehicle, first + n
  FROM (SELECT (from_at AT TIME ZONE 'Asia/Shanghai')::date AS first, (greatest(until_at, from_at) AT TIME ZONE 'Asia/Shanghai')::date AS last,
      (SELECT max(day) FROM supervision_days) AS newest) d,
    generate_series(0, least(62, greatest(last - first, least(last + 30, newest) - first))) AS n
  WHERE vehicle IS NOT NULL AND isfinite(from_at)
  ON CONFLICT (vehicle_id, day) DO UPDATE SET due_at = '-infinity', marks = supervision_due.marks + 1
$$;

-- A trip ends the rest before it: for how long the vehicle stood is known only now, and concerns the days on which it did, two of them at most.
CREATE OR REPLACE FUNCTION supervise_trip() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  trip trips := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  rested timestamptz := (SELECT max(ended_at) FROM trips t WHERE t.vehicle_id = trip.vehicle_id AND t.started_at < trip.started_at
    AND t.started_at >= trip.started_at - interval '4 days');
BEGIN
  PERFORM mark_supervision(trip.vehicle_id, greatest(least(rested, trip.started_at), trip.started_at - interval '2 days'), trip.ended_at);
  RETURN NULL;
END
$$;

-- Where vehicles rested, between two of their trips, outside their lots and on no order: what two of them may have in common. `day`: on which the rest ended.
-- Derived from trips when a day is judged, and kept for as long as days are.
CREATE TABLE supervision_rests (
  vehicle_id int NOT NULL REFERENCES vehicles,
  day        date NOT NULL,
  from_at    timestamptz NOT NULL,
  until_at   timestamptz NOT NULL CHECK (until_at > from_at),
  lon        double precision NOT NULL,
  lat        double precision NOT NULL,
  -- In cells of 0.005 degrees.
  x          int NOT NULL GENERATED ALWAYS AS (floor(lon / 0.005)) STORED,
  y          int NOT NULL GENERATED ALWAYS AS (floor(lat / 0.005)) STORED,
  -- Whose the vehicle was when that was judged.
  unit_id    int NOT NULL REFERENCES organisations,
  PRIMARY KEY (vehicle_id, from_at)
);
CREATE INDEX supervision_rests_by_day ON supervision_rests (day);
CREATE INDEX supervision_rests_by_cell ON supervision_rests (x, y, until_at);

-- Down Migration
DROP TABLE supervision_rests;
CREATE OR REPLACE FUNCTION supervise_trip() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM mark_supervision(OLD.vehicle_id, OLD.started_at, OLD.ended_at);
  ELSE
    PERFORM mark_supervision(NEW.vehicle_id, NEW.started_at, NEW.ended_at);
  END IF;
  RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION mark_supervision(vehicle int, from_at timestamptz, until_at timestamptz) RETURNS void LANGUAGE sql AS $$
  INSERT INTO supervision_due (vehicle_id, day)
  SELECT vehicle, (from_at AT TIME ZONE 'Asia/Shanghai')::date + n
  FROM generate_series(0, least(62, (greatest(until_at, from_at) AT TIME ZONE 'Asia/Shanghai')::date - (from_at AT TIME ZONE 'Asia/Shanghai')::date)) AS n
  WHERE vehicle IS NOT NULL AND isfinite(from_at)
  ON CONFLICT (vehicle_id, day) DO UPDATE SET due_at = '-infinity', marks = supervision_due.marks + 1
$$;
