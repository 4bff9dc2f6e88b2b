-- Up Migration
-- For when a trip of a series was asked for first: what tells it from the others in a calendar, whenever it is moved to.
ALTER TABLE trip_requests ADD COLUMN occurrence_at timestamptz;
UPDATE trip_requests SET occurrence_at = starts_at WHERE series_id IS NOT NULL;

-- An order of which vehicle or driver were exchanged on the way: the parts of it that are over, each with who drove what from when to when and a pair of
-- readings of its own. What goes on is the order's own row, since `leg_since`.
ALTER TABLE dispatch_orders DROP CONSTRAINT dispatch_orders_state_check;
ALTER TABLE dispatch_orders ADD CONSTRAINT dispatch_orders_state_check CHECK (state IN
  ('DISPATCHED', 'ACCEPTED', 'RELEASED', 'DEPARTED', 'ON_BOARD', 'HANDED_OVER', 'RETURNED', 'CONFIRMED', 'SETTLED', 'CLOSED', 'DECLINED', 'VOIDED'));
ALTER TABLE dispatch_orders ADD COLUMN leg_since timestamptz;
CREATE TABLE order_legs (
  order_id        int NOT NULL REFERENCES dispatch_orders,
  leg             int NOT NULL,
  vehicle_id      int NOT NULL REFERENCES vehicles,
  driver_id       int REFERENCES drivers,
  -- Whose the vehicle was, and what kind it is of, when it was given.
  keeper_id       int REFERENCES organisations,
  body_type       text,
  from_at         timestamptz NOT NULL,
  until_at        timestamptz NOT NULL CHECK (until_at > from_at),
  odometer_out_m  bigint NOT NULL,
  odometer_back_m bigint NOT NULL CHECK (odometer_back_m >= odometer_out_m),
  -- What the vehicle's track has of it, as far as it was looked at.
  track_m         int,
  act             bigint,
  PRIMARY KEY (order_id, leg)
);
CREATE INDEX order_legs_of_vehicle ON order_legs (vehicle_id, from_at);
CREATE INDEX order_legs_of_driver ON order_legs (driver_id, from_at);
CREATE TRIGGER order_legs_act BEFORE INSERT OR UPDATE OF odometer_back_m, odometer_out_m, act ON order_legs FOR EACH ROW EXECUTE FUNCTION number_act();

-- Whoever goes on after a swap, or comes back to an order, is promised to it once more: one promise at a time, and those that are over beside it.
ALTER TABLE reservations DROP CONSTRAINT reservations_holder_vehicle_id_key, DROP CONSTRAINT reservations_holder_driver_id_key;
CREATE UNIQUE INDEX reservations_once_a_vehicle ON reservations (holder, vehicle_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX reservations_once_a_driver ON reservations (holder, driver_id) WHERE ended_at IS NULL;

-- Who drove what when, of every order that was driven off.
CREATE VIEW order_parts AS
  SELECT order_id, leg, vehicle_id, driver_id, from_at, until_at, odometer_out_m, odometer_back_m FROM order_legs
  UNION ALL
  SELECT order_id, 1 + (SELECT count(*)::int FROM order_legs l WHERE l.order_id = d.order_id), vehicle_id, driver_id, coalesce(leg_since, departed_at),
    returned_at, odometer_out_m, odometer_back_m
  FROM dispatch_orders d WHERE departed_at IS NOT NULL;

-- What comes late of a vehicle is looked at whichever part of an order it drove.
CREATE OR REPLACE FUNCTION look_at_late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE order_tracks t SET due_at = '-infinity' WHERE t.during && tstzrange(NEW.from_at, NEW.to_at, '[]')
    AND (t.vehicle_id = NEW.vehicle_id OR EXISTS (SELECT FROM order_legs l WHERE l.order_id = t.order_id AND l.vehicle_id = NEW.vehicle_id));
  RETURN NULL;
END
$$;

-- Down Migration
CREATE OR REPLACE FUNCTION look_at_late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE order_tracks SET due_at = '-infinity' WHERE vehicle_id = NEW.vehicle_id AND during && tstzrange(NEW.from_at, NEW.to_at, '[]');
  RETURN NULL;
END
$$;
DROP VIEW order_parts;
DELETE FROM reservations r WHERE r.ended_at IS NOT NULL AND EXISTS (SELECT FROM order_legs l WHERE r.holder = 'order:' || l.order_id);
DROP INDEX reservations_once_a_vehicle, reservations_once_a_driver;
ALTER TABLE reservations ADD UNIQUE (holder, vehicle_id), ADD UNIQUE (holder, driver_id);
DROP TABLE order_legs;
UPDATE dispatch_orders SET state = 'DEPARTED' WHERE state = 'HANDED_OVER';
ALTER TABLE dispatch_orders DROP COLUMN leg_since, DROP CONSTRAINT dispatch_orders_state_check;
ALTER TABLE dispatch_orders ADD CONSTRAINT dispatch_orders_state_check CHECK (state IN
  ('DISPATCHED', 'ACCEPTED', 'RELEASED', 'DEPARTED', 'ON_BOARD', 'RETURNED', 'CONFIRMED', 'SETTLED', 'CLOSED', 'DECLINED', 'VOIDED'));
ALTER TABLE trip_requests DROP COLUMN occurrence_at;
