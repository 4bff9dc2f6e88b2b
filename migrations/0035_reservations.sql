-- Up Migration
-- For when a vehicle or a driver is promised, to what: never twice for one instant, whoever writes. A promise to a trip is a row and no state of
-- the vehicle; upkeep, sealing and leave are rows as well, kept by what they follow from, so that no trip is promised across them.

CREATE TABLE reservations (
  reservation_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  vehicle_id     int REFERENCES vehicles,
  driver_id      int REFERENCES drivers,
  -- From (included) until (excluded); without an upper bound = until further notice.
  during         tstzrange NOT NULL CHECK (NOT isempty(during) AND NOT lower_inf(during)),
  reason         text NOT NULL CHECK (reason IN ('trip', 'maintenance', 'seal', 'leave')),
  -- Whose trip it is, such as order:12.
  holder         text CHECK (holder ~ '^[a-z]+:[0-9]{1,18}$'),
  leave_id       int UNIQUE REFERENCES driver_leaves ON DELETE CASCADE,
  -- When the trip began, and when the promise was over: NULL = not yet.
  begun_at       timestamptz,
  ended_at       timestamptz,
  CHECK (num_nonnulls(vehicle_id, driver_id) = 1),
  CHECK (CASE reason WHEN 'leave' THEN driver_id IS NOT NULL WHEN 'trip' THEN true ELSE vehicle_id IS NOT NULL END),
  CHECK ((reason = 'trip') = (holder IS NOT NULL) AND (reason = 'leave') = (leave_id IS NOT NULL)),
  CHECK (begun_at IS NULL OR reason = 'trip'),
  CONSTRAINT reservations_of_vehicle EXCLUDE USING gist (vehicle_id WITH =, during WITH &&),
  CONSTRAINT reservations_of_driver EXCLUDE USING gist (driver_id WITH =, during WITH &&),
  UNIQUE (holder, vehicle_id),
  UNIQUE (holder, driver_id)
);
CREATE INDEX reservations_open_trips ON reservations (vehicle_id) WHERE reason = 'trip' AND ended_at IS NULL;

ALTER TABLE reservations ADD COLUMN act bigint;
CREATE TRIGGER reservations_act BEFORE INSERT OR UPDATE OF during, begun_at, ended_at, act ON reservations
  FOR EACH ROW EXECUTE FUNCTION number_act();

-- A vehicle in upkeep or sealed is held from then on until it is no longer.
CREATE FUNCTION hold_vehicle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    -- What began in this very transaction has held nothing.
    DELETE FROM reservations WHERE vehicle_id = NEW.vehicle_id AND reason IN ('maintenance', 'seal') AND upper_inf(during) AND lower(during) >= now();
    UPDATE reservations SET during = tstzrange(lower(during), now()), ended_at = now()
      WHERE vehicle_id = NEW.vehicle_id AND reason IN ('maintenance', 'seal') AND upper_inf(during);
  END IF;
  IF NEW.state IN ('MAINTENANCE', 'SEALED') THEN
    INSERT INTO reservations (vehicle_id, during, reason)
      VALUES (NEW.vehicle_id, tstzrange(now(), NULL), CASE NEW.state WHEN 'SEALED' THEN 'seal' ELSE 'maintenance' END);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER vehicles_held AFTER INSERT ON vehicles FOR EACH ROW WHEN (NEW.state IN ('MAINTENANCE', 'SEALED')) EXECUTE FUNCTION hold_vehicle();
CREATE TRIGGER vehicles_held_or_not AFTER UPDATE OF state ON vehicles FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND (OLD.state IN ('MAINTENANCE', 'SEALED') OR NEW.state IN ('MAINTENANCE', 'SEALED')))
  EXECUTE FUNCTION hold_vehicle();

-- Days of leave are days of the region, both included.
CREATE FUNCTION hold_driver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO reservations (driver_id, during, reason, leave_id)
    VALUES (NEW.driver_id, tstzrange(NEW.from_day::timestamp AT TIME ZONE 'Asia/Shanghai', (NEW.until_day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'),
      'leave', NEW.leave_id)
    ON CONFLICT (leave_id) DO UPDATE SET driver_id = excluded.driver_id, during = excluded.during;
  RETURN NULL;
END
$$;
CREATE TRIGGER driver_leaves_held AFTER INSERT OR UPDATE OF driver_id, from_day, until_day ON driver_leaves FOR EACH ROW EXECUTE FUNCTION hold_driver();

-- Nothing ever set a vehicle RESERVED or IN_USE but a migration of somebody's own: such a one has no order, and is free.
SELECT set_config('morin.founding', 'on', true);
UPDATE vehicles SET state = 'AVAILABLE' WHERE state IN ('RESERVED', 'IN_USE');
INSERT INTO reservations (vehicle_id, during, reason)
  SELECT vehicle_id, tstzrange(now(), NULL), CASE state WHEN 'SEALED' THEN 'seal' ELSE 'maintenance' END
  FROM vehicles WHERE state IN ('MAINTENANCE', 'SEALED');
INSERT INTO reservations (driver_id, during, reason, leave_id)
  SELECT driver_id, tstzrange(from_day::timestamp AT TIME ZONE 'Asia/Shanghai', (until_day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'), 'leave', leave_id
  FROM driver_leaves;
SELECT set_config('morin.founding', 'off', true);

-- What a vehicle is for the ledger. Whether it is promised or out is asked of its reservations.
ALTER TABLE vehicles DROP CONSTRAINT vehicles_state_check,
  ADD CONSTRAINT vehicles_state_check CHECK (state IN ('AVAILABLE', 'MAINTENANCE', 'SEALED', 'SUSPENDED', 'DISPOSAL_PENDING', 'DISPOSED'));

-- Down Migration
ALTER TABLE vehicles DROP CONSTRAINT vehicles_state_check,
  ADD CONSTRAINT vehicles_state_check
    CHECK (state IN ('AVAILABLE', 'RESERVED', 'IN_USE', 'MAINTENANCE', 'SEALED', 'SUSPENDED', 'DISPOSAL_PENDING', 'DISPOSED'));
DROP TRIGGER driver_leaves_held ON driver_leaves;
DROP TRIGGER vehicles_held_or_not ON vehicles;
DROP TRIGGER vehicles_held ON vehicles;
DROP FUNCTION hold_driver;
DROP FUNCTION hold_vehicle;
DROP TABLE reservations;
