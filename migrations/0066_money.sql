-- Up Migration
-- What trips cost: by which prices, checked against what, who bears it, and what was planned for it. The law is services/domain
-- (money.ts, tariff.ts, settlement.ts).

-- Prices from a day on. They are added, never changed. own: what a unit pays the one whose vehicle it uses; lease: a supplier's; allowance: a driver's.
CREATE TABLE tariffs (
  tariff_id       int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisations,
  kind            text NOT NULL CHECK (kind IN ('own', 'lease', 'allowance')),
  supplier_id     int REFERENCES suppliers,
  -- NULL = any.
  body_type       text,
  effective_from  date NOT NULL,
  base_fen        int NOT NULL CHECK (base_fen >= 0),
  included_m      int NOT NULL CHECK (included_m >= 0),
  included_min    int NOT NULL CHECK (included_min >= 0),
  km_fen          int NOT NULL CHECK (km_fen >= 0),
  hour_fen        int NOT NULL CHECK (hour_fen >= 0),
  driver_fen      int NOT NULL CHECK (driver_fen >= 0),
  night_fen       int NOT NULL CHECK (night_fen >= 0),
  away_fen        int NOT NULL CHECK (away_fen >= 0),
  note            text NOT NULL,
  act             bigint,
  CHECK ((kind = 'lease') = (supplier_id IS NOT NULL)),
  UNIQUE NULLS NOT DISTINCT (organisation_id, kind, supplier_id, body_type, effective_from)
);

-- What a unit may spend in a year. A later revision takes over; earlier ones stay.
CREATE TABLE budgets (
  budget_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  unit_id   int NOT NULL REFERENCES organisations,
  year      int NOT NULL CHECK (year BETWEEN 2000 AND 2199),
  revision  int NOT NULL CHECK (revision > 0),
  fen       bigint NOT NULL CHECK (fen >= 0),
  set_at    timestamptz NOT NULL,
  set_by    int NOT NULL REFERENCES accounts,
  reason    text NOT NULL,
  act       bigint,
  UNIQUE (unit_id, year, revision)
);

ALTER TABLE dispatch_orders
  -- Whose the vehicle was, and what kind it is of, when it was given: a later transfer changes no settlement.
  ADD COLUMN keeper_id  int REFERENCES organisations,
  ADD COLUMN body_type  text,
  -- A leased vehicle: whose it is, and the price that was agreed on.
  ADD COLUMN supplier_id int REFERENCES suppliers,
  ADD COLUMN agreed_fen bigint CHECK (agreed_fen >= 0),
  -- Who bears it, where that is not the unit that travels alone: [{unitId, weight}].
  ADD COLUMN shares     jsonb NOT NULL DEFAULT '[]',
  -- With a supplier it need not be a vehicle of the ledger.
  ALTER COLUMN vehicle_id DROP NOT NULL,
  ADD CHECK (vehicle_id IS NOT NULL OR supplier_id IS NOT NULL);
UPDATE dispatch_orders d SET keeper_id = v.user_unit_id, body_type = v.body_type FROM vehicles v WHERE v.vehicle_id = d.vehicle_id;

ALTER TABLE order_costs DROP CONSTRAINT order_costs_kind_check,
  ADD CONSTRAINT order_costs_kind_check CHECK (kind IN ('fuel', 'charge', 'toll', 'parking', 'allowance', 'lease', 'mileage', 'other')),
  -- entered: by a person; invoice: claimed by a supplier; tariff: follows from a price.
  ADD COLUMN source     text NOT NULL DEFAULT 'entered' CHECK (source IN ('entered', 'invoice', 'tariff')),
  ADD COLUMN tariff_id  int REFERENCES tariffs,
  -- Of what it is the price, or what was claimed and what there is to hold it against.
  ADD COLUMN basis      jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN corrects   int REFERENCES order_costs,
  -- What another person has to decide before it counts, or before the order is closed.
  ADD COLUMN question   text CHECK (question IN ('dispute', 'correction')),
  ADD COLUMN decision   text CHECK (decision IN ('stands', 'refused')),
  ADD COLUMN decided_at timestamptz,
  ADD COLUMN decided_by int REFERENCES accounts,
  ADD COLUMN decided_reason text,
  ADD CHECK (decision IS NULL OR question IS NOT NULL);
CREATE TRIGGER order_costs_decided BEFORE UPDATE OF decision ON order_costs FOR EACH ROW EXECUTE FUNCTION number_act();

-- Booked when the order is closed, and never changed. A transfer between units is two rows that add up to nothing; each names the other's unit by its order.
CREATE TABLE cost_entries (
  entry_id   int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id   int NOT NULL REFERENCES dispatch_orders,
  -- NULL: a transfer.
  cost_id    int REFERENCES order_costs,
  unit_id    int NOT NULL REFERENCES organisations,
  cost_centre text,
  vehicle_id int REFERENCES vehicles,
  kind       text NOT NULL CHECK (kind IN ('fuel', 'charge', 'toll', 'parking', 'allowance', 'lease', 'other', 'transfer')),
  fen        bigint NOT NULL CHECK (fen <> 0),
  -- The day of the region on which it was booked.
  day        date NOT NULL,
  -- The other half of a transfer.
  mirrors    int UNIQUE REFERENCES cost_entries,
  act        bigint,
  CHECK ((kind = 'transfer') = (cost_id IS NULL)),
  CHECK (mirrors IS NULL OR kind = 'transfer')
);
CREATE INDEX cost_entries_of_unit ON cost_entries (unit_id, day);
CREATE INDEX cost_entries_of_vehicle ON cost_entries (vehicle_id, day);
CREATE INDEX cost_entries_of_order ON cost_entries (order_id);

CREATE TRIGGER tariffs_act BEFORE INSERT OR UPDATE OF km_fen, act ON tariffs FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER budgets_act BEFORE INSERT OR UPDATE OF fen, act ON budgets FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER cost_entries_act BEFORE INSERT OR UPDATE OF fen, act ON cost_entries FOR EACH ROW EXECUTE FUNCTION number_act();

-- Down Migration
DROP TABLE cost_entries;
DROP TRIGGER order_costs_decided ON order_costs;
DELETE FROM order_costs WHERE kind = 'mileage';
ALTER TABLE order_costs DROP COLUMN source, DROP COLUMN tariff_id, DROP COLUMN basis, DROP COLUMN corrects, DROP COLUMN question, DROP COLUMN decision,
  DROP COLUMN decided_at, DROP COLUMN decided_by, DROP COLUMN decided_reason, DROP CONSTRAINT order_costs_kind_check,
  ADD CONSTRAINT order_costs_kind_check CHECK (kind IN ('fuel', 'charge', 'toll', 'parking', 'allowance', 'lease', 'other'));
ALTER TABLE dispatch_orders DROP COLUMN keeper_id, DROP COLUMN body_type, DROP COLUMN supplier_id, DROP COLUMN agreed_fen, DROP COLUMN shares;
DROP TABLE budgets;
DROP TABLE tariffs;
