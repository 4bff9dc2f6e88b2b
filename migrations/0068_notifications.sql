-- Up Migration
-- What happened that somebody is told of, and who was told. Which happening is told to whom: services/domain/notifications.ts. Both are written in
-- the transaction of the act.

CREATE TABLE events (
  event_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- By this other systems know it, however often it is sent to them.
  key        uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  kind       text NOT NULL CHECK (kind ~ '^[a-z]+[.][a-zA-Z]+$'),
  at         timestamptz NOT NULL,
  -- How the clock of the database saw it: a later number may be committed before an earlier one.
  written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  request_id int REFERENCES trip_requests,
  order_id   int REFERENCES dispatch_orders,
  -- Of the order, or of the request where there is none: it grows with every change, so that two events are in order whatever their clocks said.
  version    int NOT NULL,
  state      text NOT NULL,
  -- The unit that travels, and the one that gave the order.
  unit_id    int NOT NULL REFERENCES organisations,
  issuer_id  int REFERENCES organisations,
  -- Words and values, no sentences: those are made in the language of whoever reads.
  data       jsonb NOT NULL
);
CREATE INDEX events_by_time ON events (at);
CREATE INDEX events_of_request ON events (request_id, kind);

CREATE TABLE notifications (
  notification_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id      int NOT NULL REFERENCES accounts,
  event_id        bigint NOT NULL REFERENCES events ON DELETE CASCADE,
  read_at         timestamptz,
  UNIQUE (account_id, event_id)
);
CREATE INDEX notifications_of_event ON notifications (event_id);
CREATE INDEX notifications_unread ON notifications (account_id) WHERE read_at IS NULL;

-- Down Migration
DROP TABLE notifications;
DROP TABLE events;
