-- Up Migration
-- What the track says of an ordered trip, beside what its driver said. Derived of positions, and derived again when more come.

CREATE TABLE order_tracks (
  order_id    int PRIMARY KEY REFERENCES dispatch_orders,
  -- When it is to be looked at next; NULL: nothing more is expected.
  due_at      timestamptz,
  -- Of which vehicle the track was looked at, from when to when; up to when there are positions; what it drove meanwhile.
  vehicle_id  int REFERENCES vehicles,
  during      tstzrange,
  known_until timestamptz,
  -- It was elsewhere when its track begins: that it did not leave says nothing.
  away        boolean NOT NULL DEFAULT false,
  distance_m  int
);
CREATE INDEX order_tracks_due ON order_tracks (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX order_tracks_of_vehicle ON order_tracks (vehicle_id);

CREATE TABLE order_track_events (
  order_id int NOT NULL REFERENCES dispatch_orders,
  kind     text NOT NULL CHECK (kind IN ('depart', 'pickUp', 'arrive', 'comeBack')),
  -- Device time.
  at       timestamptz NOT NULL,
  PRIMARY KEY (order_id, kind)
);

-- An order that is new or changed is looked at, and so is one over whose time positions came late.
CREATE FUNCTION look_at_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO order_tracks (order_id, due_at) VALUES (NEW.order_id, '-infinity') ON CONFLICT (order_id) DO UPDATE SET due_at = excluded.due_at;
  RETURN NULL;
END
$$;
CREATE TRIGGER dispatch_orders_track AFTER INSERT OR UPDATE ON dispatch_orders FOR EACH ROW EXECUTE FUNCTION look_at_order();

CREATE FUNCTION look_at_late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE order_tracks SET due_at = '-infinity' WHERE vehicle_id = NEW.vehicle_id AND during && tstzrange(NEW.from_at, NEW.to_at, '[]');
  RETURN NULL;
END
$$;
CREATE TRIGGER late_ranges_track AFTER INSERT ON late_ranges FOR EACH ROW EXECUTE FUNCTION look_at_late();

INSERT INTO order_tracks (order_id, due_at) SELECT order_id, '-infinity' FROM dispatch_orders;

-- Down Migration
DROP TRIGGER late_ranges_track ON late_ranges;
DROP TRIGGER dispatch_orders_track ON dispatch_orders;
DROP FUNCTION look_at_late();
DROP FUNCTION look_at_order();
DROP TABLE order_track_events, order_tracks;
