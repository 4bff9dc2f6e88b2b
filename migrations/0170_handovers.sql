-- Up Migration
-- The book in which one shift hands a vehicle over to the next (交接班): who to whom, with which reading, fuel, equipment, condition and remarks; both confirm. Whoever
-- took it has it until it is handed over again. NULL for a driver = the unit, where nobody has it.
CREATE TABLE vehicle_handovers (
  handover_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  vehicle_id     int NOT NULL REFERENCES vehicles,
  -- Whose the vehicle was then.
  unit_id        int NOT NULL REFERENCES organisations,
  from_driver_id int REFERENCES drivers,
  to_driver_id   int REFERENCES drivers,
  state          text NOT NULL,
  since          timestamptz NOT NULL,
  odometer_km    double precision NOT NULL,
  fuel_pct       smallint NOT NULL,
  equipment      text[] NOT NULL,
  -- What was looked at, and what is wrong with it: as before a departure.
  inspection     jsonb NOT NULL,
  remarks        text NOT NULL,
  offered_by     int NOT NULL REFERENCES accounts,
  offered_at     timestamptz NOT NULL,
  -- One offer for each key of whoever made it.
  key            uuid NOT NULL,
  taken_at       timestamptz,
  version        int NOT NULL DEFAULT 1,
  act            bigint,
  UNIQUE (offered_by, key),
  CHECK ((state = 'TAKEN') = (taken_at IS NOT NULL)),
  CHECK (from_driver_id IS DISTINCT FROM to_driver_id)
);
-- Offered to one at a time.
CREATE UNIQUE INDEX vehicle_handovers_open ON vehicle_handovers (vehicle_id) WHERE state = 'OFFERED';
CREATE INDEX vehicle_handovers_taken ON vehicle_handovers (vehicle_id, taken_at) WHERE state = 'TAKEN';
CREATE INDEX vehicle_handovers_by_time ON vehicle_handovers (offered_at DESC, handover_id DESC);

CREATE TABLE vehicle_handover_steps (
  handover_id int NOT NULL REFERENCES vehicle_handovers,
  step        int NOT NULL,
  action      text NOT NULL,
  state       text NOT NULL,
  at          timestamptz NOT NULL,
  account_id  int REFERENCES accounts,
  username    text NOT NULL,
  reason      text NOT NULL,
  data        jsonb NOT NULL DEFAULT '{}',
  act         bigint,
  PRIMARY KEY (handover_id, step)
);
CREATE TRIGGER vehicle_handovers_act BEFORE INSERT OR UPDATE OF version, act ON vehicle_handovers FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER vehicle_handover_steps_act BEFORE INSERT OR UPDATE OF action, act ON vehicle_handover_steps FOR EACH ROW EXECUTE FUNCTION number_act();

-- A shift that begins is a reason to drive.
CREATE FUNCTION supervise_handover() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM mark_supervision(NEW.vehicle_id, NEW.taken_at, NEW.taken_at);
  RETURN NULL;
END
$$;
CREATE TRIGGER vehicle_handovers_supervised AFTER UPDATE OF state ON vehicle_handovers FOR EACH ROW WHEN (NEW.state = 'TAKEN') EXECUTE FUNCTION supervise_handover();

-- Down Migration
DROP TABLE vehicle_handover_steps, vehicle_handovers;
DROP FUNCTION supervise_handover;
