-- Up Migration
-- Who said to the terminal of a vehicle that he drives: his card was put in or taken out (JT/T 808 0x0702).
CREATE TABLE driver_sign_ons (
  vehicle_id  int NOT NULL REFERENCES vehicles,
  ts          timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  signed_on   boolean NOT NULL,
  -- By the number of his licence; NULL = taken out without one, or nobody's here.
  driver_id   int REFERENCES drivers,
  PRIMARY KEY (vehicle_id, ts)
);
CREATE INDEX driver_sign_ons_by_age ON driver_sign_ons (received_at);

CREATE FUNCTION supervise_sign_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM mark_supervision(NEW.vehicle_id, NEW.ts, NEW.ts);
  RETURN NULL;
END
$$;
CREATE TRIGGER driver_sign_ons_supervised AFTER INSERT ON driver_sign_ons FOR EACH ROW EXECUTE FUNCTION supervise_sign_on();

-- What the tank of a vehicle holds, litres; NULL = not on file.
ALTER TABLE vehicles ADD COLUMN tank_l int CHECK (tank_l BETWEEN 5 AND 1000);
CREATE OR REPLACE VIEW every_vehicle AS SELECT * FROM vehicles;

-- Down Migration
DROP FUNCTION hidden_vehicles;
DROP FUNCTION open_vehicles;
DROP VIEW every_vehicle;
ALTER TABLE vehicles DROP COLUMN tank_l;
CREATE VIEW every_vehicle AS SELECT * FROM vehicles;
CREATE FUNCTION open_vehicles(cleared int[]) RETURNS SETOF every_vehicle LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT * FROM public.every_vehicle v WHERE public.is_open(v.secrecy, v.vehicle_id, $1) $$;
CREATE FUNCTION hidden_vehicles(cleared int[]) RETURNS TABLE (vehicle_id int) LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT v.vehicle_id FROM public.every_vehicle v WHERE public.is_open(v.secrecy, v.vehicle_id, $1) IS NOT TRUE $$;
DROP TABLE driver_sign_ons;
DROP FUNCTION supervise_sign_on;
