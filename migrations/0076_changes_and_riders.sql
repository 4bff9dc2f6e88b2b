-- Up Migration
-- What an order that is under way becomes on the road; who travels with it by account; what whoever asked thought of it; and what people keep to ask again.

-- A change that is asked for while the vehicle is out: until when, where to, over what. Approved like a request, and made by whoever dispatches.
CREATE TABLE order_changes (
  change_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id     int NOT NULL REFERENCES dispatch_orders,
  state        text NOT NULL CHECK (state IN ('ASKED', 'AGREED', 'MADE', 'REFUSED', 'WITHDRAWN', 'LAPSED')),
  -- {endsAt, to, via}: as it was planned until then, and as it is to be.
  before       jsonb NOT NULL,
  after        jsonb NOT NULL,
  reason       text NOT NULL,
  asked_by     int NOT NULL REFERENCES accounts,
  asked_at     timestamptz NOT NULL,
  -- Who must agree, as with a request. NULL: an emergency that is approved afterwards anyway.
  chain        jsonb,
  chain_at     int NOT NULL DEFAULT 0,
  level        text NOT NULL DEFAULT 'unit' CHECK (level IN ('unit', 'league', 'region')),
  waits_since  timestamptz,
  remind_at    timestamptz,
  escalate_at  timestamptz,
  lower_level  text CHECK (lower_level IN ('unit', 'league', 'region')),
  lower_until  timestamptz,
  -- Which version of the order's sheet it made.
  made_version int,
  version      int NOT NULL DEFAULT 1,
  act          bigint
);
CREATE INDEX order_changes_of_order ON order_changes (order_id);
CREATE UNIQUE INDEX order_changes_one_open ON order_changes (order_id) WHERE state IN ('ASKED', 'AGREED');
CREATE INDEX order_changes_limits ON order_changes (least(remind_at, escalate_at)) WHERE state = 'ASKED';

CREATE TABLE order_change_steps (
  change_id  int NOT NULL REFERENCES order_changes,
  step       int NOT NULL,
  action     text NOT NULL,
  state      text NOT NULL,
  at         timestamptz NOT NULL,
  account_id int REFERENCES accounts,
  username   text NOT NULL,
  reason     text NOT NULL,
  data       jsonb NOT NULL DEFAULT '{}',
  act        bigint,
  PRIMARY KEY (change_id, step)
);

ALTER TABLE order_deeds DROP CONSTRAINT order_deeds_what_check;
ALTER TABLE order_deeds ADD CONSTRAINT order_deeds_what_check CHECK (what IN ('step', 'cost', 'photo', 'incident', 'change'));

-- Those who travel and have an account here; the others stand in words.
ALTER TABLE trip_requests ADD COLUMN traveller_ids int[] NOT NULL DEFAULT '{}';
CREATE INDEX trip_requests_of_traveller ON trip_requests USING gin (traveller_ids);

-- What whoever asked thought of the trip, once.
CREATE TABLE order_ratings (
  order_id   int PRIMARY KEY REFERENCES dispatch_orders,
  account_id int NOT NULL REFERENCES accounts,
  stars      int NOT NULL CHECK (stars BETWEEN 1 AND 5),
  text       text,
  rated_at   timestamptz NOT NULL,
  changed_at timestamptz,
  version    int NOT NULL DEFAULT 1,
  act        bigint
);

-- Places and whole trips that somebody asks for again and again.
CREATE TABLE favourites (
  favourite_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id   int NOT NULL REFERENCES accounts,
  kind         text NOT NULL CHECK (kind IN ('place', 'trip')),
  name         text NOT NULL,
  -- Of a place {name, lon, lat}; of a trip what is asked for, without when.
  data         jsonb NOT NULL,
  version      int NOT NULL DEFAULT 1,
  act          bigint,
  UNIQUE (account_id, kind, name)
);

DO $acts$
DECLARE
  entry record;
BEGIN
  FOR entry IN
    SELECT * FROM (VALUES ('order_changes', 'version'), ('order_change_steps', 'action'), ('order_ratings', 'version'),
      ('favourites', 'version')) AS t (name, fields)
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OF %s, act ON %I FOR EACH ROW EXECUTE FUNCTION number_act()',
      entry.name || '_act', entry.fields, entry.name);
  END LOOP;
END
$acts$;

-- Down Migration
DROP TABLE favourites, order_ratings, order_change_steps, order_changes;
ALTER TABLE trip_requests DROP COLUMN traveller_ids;
DELETE FROM order_deeds WHERE what = 'change';
ALTER TABLE order_deeds DROP CONSTRAINT order_deeds_what_check;
ALTER TABLE order_deeds ADD CONSTRAINT order_deeds_what_check CHECK (what IN ('step', 'cost', 'photo', 'incident'));
