-- Up Migration
-- The phone as the tracker of an order: what its driver's phone says of where the vehicle is, beside what its terminal says; and the drivers'
-- consent, with the text that was consented to.

CREATE TABLE phone_positions (
  vehicle_id  int NOT NULL REFERENCES vehicles,
  -- By our clock: the phone's, put right by how far it was off when it was sent.
  ts          timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  lon_e7      int NOT NULL,
  lat_e7      int NOT NULL,
  speed_dkph  smallint,
  heading_deg smallint,
  altitude_m  smallint,
  odometer_m  int,
  flags       smallint NOT NULL,
  order_id    int NOT NULL REFERENCES dispatch_orders,
  -- By the phone's own clock: what it sends again has the same.
  device_at   timestamptz NOT NULL,
  -- How exact it says to be, m.
  accuracy_m  int NOT NULL,
  -- Whether it says where the vehicle is: exact enough, and its terminal is silent (domain/phoneFixes.ts).
  counts      boolean NOT NULL,
  PRIMARY KEY (vehicle_id, ts)
);
CREATE UNIQUE INDEX phone_positions_once ON phone_positions (order_id, device_at);
CREATE INDEX phone_positions_counting ON phone_positions (ts) WHERE counts;
CREATE INDEX phone_positions_old ON phone_positions (received_at);

ALTER TABLE last_states
  -- How many fixes of phones ever counted for the vehicle, and whether the last place is one of them.
  ADD COLUMN phoned int NOT NULL DEFAULT 0,
  ADD COLUMN from_phone boolean NOT NULL DEFAULT false;

-- One row for each time that somebody consented; it ends when he takes it back.
CREATE TABLE tracking_consents (
  account_id   int NOT NULL REFERENCES accounts,
  given_at     timestamptz NOT NULL,
  -- Which text he read.
  text_version int NOT NULL,
  withdrawn_at timestamptz,
  act          bigint,
  PRIMARY KEY (account_id, given_at)
);
CREATE UNIQUE INDEX tracking_consents_one ON tracking_consents (account_id) WHERE withdrawn_at IS NULL;
CREATE TRIGGER tracking_consents_act BEFORE INSERT OR UPDATE OF withdrawn_at, act ON tracking_consents FOR EACH ROW EXECUTE FUNCTION number_act();

-- Down Migration
DROP TABLE tracking_consents, phone_positions;
ALTER TABLE last_states DROP COLUMN phoned, DROP COLUMN from_phone;
