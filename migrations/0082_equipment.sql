-- Up Migration
-- What a vehicle has aboard, and what a trip needs of it: words of services/domain/equipment.ts.
ALTER TABLE vehicles ADD COLUMN equipment text[] NOT NULL DEFAULT '{}';
CREATE OR REPLACE VIEW every_vehicle AS SELECT * FROM vehicles;
ALTER TABLE trip_requests ADD COLUMN equipment text[] NOT NULL DEFAULT '{}';

-- lease: a supplier's vehicle is asked for from the beginning.
ALTER TABLE trip_requests DROP CONSTRAINT trip_requests_kind_check;
ALTER TABLE trip_requests ADD CONSTRAINT trip_requests_kind_check CHECK (kind IN ('pool', 'lease', 'emergency'));

-- Down Migration
UPDATE trip_requests SET kind = 'pool' WHERE kind = 'lease';
ALTER TABLE trip_requests DROP CONSTRAINT trip_requests_kind_check;
ALTER TABLE trip_requests ADD CONSTRAINT trip_requests_kind_check CHECK (kind IN ('pool', 'emergency'));
ALTER TABLE trip_requests DROP COLUMN equipment;
DROP FUNCTION hidden_vehicles;
DROP FUNCTION open_vehicles;
DROP VIEW every_vehicle;
ALTER TABLE vehicles DROP COLUMN equipment;
CREATE VIEW every_vehicle AS SELECT * FROM vehicles;
CREATE FUNCTION open_vehicles(cleared int[]) RETURNS SETOF every_vehicle LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT * FROM public.every_vehicle v WHERE public.is_open(v.secrecy, v.vehicle_id, $1) $$;
CREATE FUNCTION hidden_vehicles(cleared int[]) RETURNS TABLE (vehicle_id int) LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT v.vehicle_id FROM public.every_vehicle v WHERE public.is_open(v.secrecy, v.vehicle_id, $1) IS NOT TRUE $$;
