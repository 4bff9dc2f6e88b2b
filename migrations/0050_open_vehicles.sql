-- Up Migration
-- Which sensitive vehicles (涉密) a reader sees is said here, once. `cleared` are those that are open to him: named for, or unmasked at this
-- moment (services/dispatch/kernel/sight.ts). Of the table vehicles the services may read only columns that are counted
-- (services/platform/applicationRights.ts), so a statement that forgets the rule is refused, and one that needs none names every_vehicle.
-- Plain SQL, without settings of its own: the planner writes these into the statement, and nothing is called row by row.

CREATE FUNCTION is_open(secrecy boolean, vehicle_id int, cleared int[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT NOT secrecy OR vehicle_id = ANY(cleared) $$;

-- With its owner's rights. A migration that adds a column to vehicles says this again, with CREATE OR REPLACE.
CREATE VIEW every_vehicle AS SELECT * FROM vehicles;

CREATE FUNCTION open_vehicles(cleared int[]) RETURNS SETOF every_vehicle LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT * FROM public.every_vehicle v WHERE public.is_open(v.secrecy, v.vehicle_id, $1) $$;

CREATE FUNCTION hidden_vehicles(cleared int[]) RETURNS TABLE (vehicle_id int) LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT v.vehicle_id FROM public.every_vehicle v WHERE public.is_open(v.secrecy, v.vehicle_id, $1) IS NOT TRUE $$;

-- Down Migration
DROP FUNCTION hidden_vehicles;
DROP FUNCTION open_vehicles;
DROP VIEW every_vehicle;
DROP FUNCTION is_open;
