-- Up Migration
-- How what happened leaves the house: to telephones (Web Push), to other systems (webhooks), to calendars that somebody subscribes to.

-- Where a browser is reached. The address is a secret of the browser's and is sealed with its keys; by the digest it is known again.
CREATE TABLE push_endpoints (
  endpoint_id   int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id    int NOT NULL REFERENCES accounts,
  digest        bytea NOT NULL UNIQUE,
  sealed        bytea NOT NULL,
  locale        text NOT NULL CHECK (locale IN ('zh-CN', 'en')),
  registered_at timestamptz NOT NULL,
  -- The app says at each start that it is still there.
  seen_at       timestamptz NOT NULL
);
CREATE INDEX push_endpoints_of_account ON push_endpoints (account_id);

CREATE TABLE webhooks (
  webhook_id      int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisations,
  name            text NOT NULL,
  url             text NOT NULL,
  secret          bytea NOT NULL,
  kinds           text[] NOT NULL,
  state           text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'failing', 'off')),
  -- Since when nothing was taken.
  failing_since   timestamptz,
  made_at         timestamptz NOT NULL,
  version         int NOT NULL DEFAULT 1,
  act             bigint
);
CREATE INDEX webhooks_of_organisation ON webhooks (organisation_id);

CREATE TABLE webhook_deliveries (
  delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  webhook_id  int NOT NULL REFERENCES webhooks,
  -- null: a test.
  event_id    bigint REFERENCES events ON DELETE CASCADE,
  key         uuid NOT NULL,
  kind        text NOT NULL,
  owed_at     timestamptz NOT NULL,
  attempts    int NOT NULL DEFAULT 0,
  tried_at    timestamptz,
  -- What the other side answered last; no status: it was not reached.
  status      int,
  answer      text,
  done_at     timestamptz,
  given_up_at timestamptz,
  UNIQUE (webhook_id, key)
);
CREATE INDEX webhook_deliveries_of_event ON webhook_deliveries (event_id);

-- A calendar that somebody subscribes to: the orders of a driver or of a vehicle. Whoever has the token reads it; it is kept as a hash.
CREATE TABLE calendar_feeds (
  feed_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id int NOT NULL REFERENCES accounts,
  driver_id  int REFERENCES drivers,
  vehicle_id int REFERENCES vehicles,
  token_hash bytea NOT NULL UNIQUE,
  made_at    timestamptz NOT NULL,
  revoked_at timestamptz,
  read_at    timestamptz,
  version    int NOT NULL DEFAULT 1,
  act        bigint,
  CHECK ((driver_id IS NULL) <> (vehicle_id IS NULL))
);
CREATE INDEX calendar_feeds_of_account ON calendar_feeds (account_id);

CREATE TRIGGER webhooks_act BEFORE INSERT OR UPDATE OF version, act ON webhooks FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER calendar_feeds_act BEFORE INSERT OR UPDATE OF version, act ON calendar_feeds FOR EACH ROW EXECUTE FUNCTION number_act();

-- Down Migration
DROP TABLE calendar_feeds;
DROP TABLE webhook_deliveries;
DROP TABLE webhooks;
DROP TABLE push_endpoints;
