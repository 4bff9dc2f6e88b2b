-- Up Migration
-- What is done on the road: deeds of a phone with their times, photos, incidents; and an order that lets go of what it does not use.

ALTER TABLE dispatch_orders DROP CONSTRAINT dispatch_orders_state_check;
ALTER TABLE dispatch_orders ADD CONSTRAINT dispatch_orders_state_check CHECK (state IN
  ('DISPATCHED', 'ACCEPTED', 'RELEASED', 'DEPARTED', 'ON_BOARD', 'RETURNED', 'CONFIRMED', 'SETTLED', 'CLOSED', 'DECLINED', 'VOIDED'));
CREATE INDEX dispatch_orders_not_begun ON dispatch_orders (starts_at) WHERE state = 'ACCEPTED';

-- What was done on a phone: once for each key, however often it is sent, and when by whose clock.
CREATE TABLE order_deeds (
  account_id  int NOT NULL REFERENCES accounts,
  key         uuid NOT NULL,
  order_id    int NOT NULL REFERENCES dispatch_orders,
  what        text NOT NULL CHECK (what IN ('step', 'cost', 'photo', 'incident')),
  -- Which of them: its step, its cost, its photo, its incident.
  what_id     int NOT NULL,
  -- Tells another deed with the same key.
  digest      bytea NOT NULL,
  -- By the phone's clock: when it was done, and when it was sent.
  device_at   timestamptz NOT NULL,
  sent_at     timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  -- When it was done, by ours.
  at          timestamptz NOT NULL,
  act         bigint,
  PRIMARY KEY (account_id, key)
);
CREATE INDEX order_deeds_of_order ON order_deeds (order_id);

-- As they are kept: upright, shrunk, without anything that the camera wrote beside the picture.
CREATE TABLE order_photos (
  photo_id  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id  int NOT NULL REFERENCES dispatch_orders,
  shows     text NOT NULL CHECK (shows IN ('departure', 'return', 'receipt', 'incident')),
  -- The deed that it belongs to, by its key, whichever of the two came first.
  of_key    uuid,
  width     int NOT NULL,
  height    int NOT NULL,
  bytes     int NOT NULL,
  sha256    bytea NOT NULL,
  content   bytea NOT NULL,
  taken_at  timestamptz NOT NULL,
  added_at  timestamptz NOT NULL,
  added_by  int NOT NULL REFERENCES accounts,
  act       bigint
);
CREATE INDEX order_photos_of_order ON order_photos (order_id);

-- Accidents, breakdowns and violations on the way, as the driver tells of them.
CREATE TABLE order_incidents (
  incident_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id    int NOT NULL REFERENCES dispatch_orders,
  kind        text NOT NULL CHECK (kind IN ('accident', 'breakdown', 'violation', 'other')),
  state       text NOT NULL CHECK (state IN ('OPEN', 'SEEN', 'CLOSED')),
  text        text NOT NULL,
  -- {name, lon, lat}
  place       jsonb,
  at          timestamptz NOT NULL,
  reported_by int NOT NULL REFERENCES accounts,
  reported_at timestamptz NOT NULL,
  -- Until when its vehicle is kept back; NULL: it is not.
  held_until  timestamptz,
  version     int NOT NULL DEFAULT 1,
  act         bigint
);
CREATE INDEX order_incidents_of_order ON order_incidents (order_id);
CREATE INDEX order_incidents_open ON order_incidents (order_id) WHERE state <> 'CLOSED';

CREATE TABLE order_incident_steps (
  incident_id int NOT NULL REFERENCES order_incidents,
  step        int NOT NULL,
  action      text NOT NULL,
  state       text NOT NULL,
  at          timestamptz NOT NULL,
  account_id  int REFERENCES accounts,
  username    text NOT NULL,
  reason      text NOT NULL,
  data        jsonb NOT NULL DEFAULT '{}',
  act         bigint,
  PRIMARY KEY (incident_id, step)
);

DO $acts$
DECLARE
  entry record;
BEGIN
  FOR entry IN
    SELECT * FROM (VALUES ('order_deeds', 'key'), ('order_photos', 'content'), ('order_incidents', 'version'),
      ('order_incident_steps', 'action')) AS t (name, fields)
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OF %s, act ON %I FOR EACH ROW EXECUTE FUNCTION number_act()',
      entry.name || '_act', entry.fields, entry.name);
  END LOOP;
END
$acts$;

-- Down Migration
DROP TABLE order_incident_steps, order_incidents, order_photos, order_deeds;
DROP INDEX dispatch_orders_not_begun;
UPDATE dispatch_orders SET state = 'VOIDED' WHERE state = 'RELEASED';
ALTER TABLE dispatch_orders DROP CONSTRAINT dispatch_orders_state_check;
ALTER TABLE dispatch_orders ADD CONSTRAINT dispatch_orders_state_check CHECK (state IN
  ('DISPATCHED', 'ACCEPTED', 'DEPARTED', 'ON_BOARD', 'RETURNED', 'CONFIRMED', 'SETTLED', 'CLOSED', 'DECLINED', 'VOIDED'));
