-- Up Migration
-- Requests for vehicles (用车申请) and the orders (派车单) that come of them. States and who may take which step: services/domain.

CREATE TABLE trip_requests (
  request_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  unit_id       int NOT NULL REFERENCES organisations,
  applicant_id  int NOT NULL REFERENCES accounts,
  -- Made by whoever asks: one request is one row however often it is sent. The digest tells another request with the same key.
  key           uuid NOT NULL,
  digest        bytea NOT NULL,
  kind          text NOT NULL CHECK (kind IN ('pool', 'emergency')),
  state         text NOT NULL CHECK (state IN
    ('DRAFT', 'SUBMITTED', 'RETURNED', 'APPROVED', 'DISPATCHED', 'COMPLETED', 'DECLINED', 'REJECTED', 'CANCELLED')),
  purpose_kind  text NOT NULL CHECK (purpose_kind IN ('meeting', 'inspection', 'fieldwork', 'documents', 'reception', 'response', 'training', 'other')),
  purpose       text NOT NULL,
  -- {name, lon, lat}: where it is need not be known.
  from_stop     jsonb NOT NULL,
  to_stop       jsonb NOT NULL,
  via           jsonb NOT NULL DEFAULT '[]',
  starts_at     timestamptz NOT NULL,
  ends_at       timestamptz NOT NULL CHECK (ends_at > starts_at),
  passengers    int NOT NULL CHECK (passengers BETWEEN 1 AND 60),
  with_driver   boolean NOT NULL,
  travellers    text,
  contact_name  text NOT NULL,
  contact_phone text NOT NULL,
  note          text,
  asked_at      timestamptz NOT NULL,
  -- A trip in an emergency is approved afterwards.
  ratify_by     timestamptz,
  ratified_at   timestamptz,
  ratified_by   int REFERENCES accounts,
  version       int NOT NULL DEFAULT 1,
  act           bigint,
  UNIQUE (applicant_id, key),
  CHECK ((kind = 'emergency') = (ratify_by IS NOT NULL))
);
CREATE INDEX trip_requests_by_unit ON trip_requests (unit_id);
CREATE INDEX trip_requests_waiting ON trip_requests (starts_at) WHERE state IN ('SUBMITTED', 'APPROVED');

CREATE TABLE trip_request_steps (
  request_id int NOT NULL REFERENCES trip_requests,
  step       int NOT NULL,
  action     text NOT NULL,
  state      text NOT NULL,
  at         timestamptz NOT NULL,
  account_id int REFERENCES accounts,
  username   text NOT NULL,
  reason     text NOT NULL,
  data       jsonb NOT NULL DEFAULT '{}',
  act        bigint,
  PRIMARY KEY (request_id, step)
);

-- The last number that a unit gave in a year. It is counted in the transaction of the order, so there is no hole.
CREATE TABLE order_numbers (
  issuer_id int NOT NULL REFERENCES organisations,
  year      int NOT NULL,
  last      int NOT NULL,
  act       bigint,
  PRIMARY KEY (issuer_id, year)
);

CREATE TABLE dispatch_orders (
  order_id       int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  request_id     int NOT NULL REFERENCES trip_requests,
  issuer_id      int NOT NULL REFERENCES organisations,
  year           int NOT NULL,
  -- Given last, in the transaction that makes the row.
  number         int,
  state          text NOT NULL CHECK (state IN
    ('DISPATCHED', 'ACCEPTED', 'DEPARTED', 'ON_BOARD', 'RETURNED', 'CONFIRMED', 'SETTLED', 'CLOSED', 'DECLINED', 'VOIDED')),
  since          timestamptz NOT NULL,
  vehicle_id     int NOT NULL REFERENCES vehicles,
  driver_id      int REFERENCES drivers,
  starts_at      timestamptz NOT NULL,
  ends_at        timestamptz NOT NULL CHECK (ends_at > starts_at),
  note           text,
  departed_at    timestamptz,
  returned_at    timestamptz,
  odometer_out_m  bigint,
  odometer_back_m bigint,
  -- Of its costs, when it was settled.
  total_fen      bigint,
  version        int NOT NULL DEFAULT 1,
  act            bigint,
  UNIQUE (issuer_id, year, number)
);
-- A request has one order that is not over for nothing.
CREATE UNIQUE INDEX dispatch_orders_one_a_request ON dispatch_orders (request_id) WHERE state NOT IN ('DECLINED', 'VOIDED');
CREATE INDEX dispatch_orders_of_vehicle ON dispatch_orders (vehicle_id, starts_at);
CREATE INDEX dispatch_orders_of_driver ON dispatch_orders (driver_id, starts_at);
CREATE INDEX dispatch_orders_by_time ON dispatch_orders (since) WHERE state IN ('DISPATCHED', 'RETURNED');

CREATE TABLE dispatch_order_steps (
  order_id   int NOT NULL REFERENCES dispatch_orders,
  step       int NOT NULL,
  action     text NOT NULL,
  state      text NOT NULL,
  at         timestamptz NOT NULL,
  account_id int REFERENCES accounts,
  username   text NOT NULL,
  reason     text NOT NULL,
  data       jsonb NOT NULL DEFAULT '{}',
  act        bigint,
  PRIMARY KEY (order_id, step)
);

-- Never changed: what was wrong is taken back by another row.
CREATE TABLE order_costs (
  cost_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id   int NOT NULL REFERENCES dispatch_orders,
  kind       text NOT NULL CHECK (kind IN ('fuel', 'charge', 'toll', 'parking', 'allowance', 'lease', 'other')),
  fen        bigint NOT NULL CHECK (fen <> 0),
  at         timestamptz NOT NULL,
  note       text,
  entered_by int NOT NULL REFERENCES accounts,
  entered_at timestamptz NOT NULL,
  act        bigint
);
CREATE INDEX order_costs_of_order ON order_costs (order_id);

DO $acts$
DECLARE
  entry record;
BEGIN
  FOR entry IN
    SELECT * FROM (VALUES ('trip_requests', 'version'), ('trip_request_steps', 'action'), ('order_numbers', 'last'),
      ('dispatch_orders', 'version'), ('dispatch_order_steps', 'action'), ('order_costs', 'fen')) AS t (name, fields)
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OF %s, act ON %I FOR EACH ROW EXECUTE FUNCTION number_act()',
      entry.name || '_act', entry.fields, entry.name);
  END LOOP;
END
$acts$;

-- Down Migration
DROP TABLE order_costs;
DROP TABLE dispatch_order_steps;
DROP TABLE dispatch_orders;
DROP TABLE order_numbers;
DROP TABLE trip_request_steps;
DROP TABLE trip_requests;
