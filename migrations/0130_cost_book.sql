-- Up Migration
-- One book of costs: beside what orders cost, bills of everything else that vehicles and units spend; each unit closes its months. The law is
-- services/domain/costBook.ts.

-- 费用单: what was spent outside a trip. Another person approves it, which books it; what was wrong is taken back by another entry.
CREATE TABLE cost_bills (
  bill_id     int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  unit_id     int NOT NULL REFERENCES organisations,
  -- NULL: of the unit as a whole.
  vehicle_id  int REFERENCES vehicles,
  kind        text NOT NULL CHECK (kind IN ('fuel', 'charge', 'maintenance', 'insurance', 'inspection', 'toll', 'parking', 'driver', 'lease', 'violation',
                'accident', 'other', 'purchase', 'disposal')),
  -- As it stands on the bill; of what was earned (disposal) too.
  fen         bigint NOT NULL CHECK (fen > 0),
  day         date NOT NULL,
  -- Thousandths of a litre, or of a kilowatt hour.
  quantity    bigint CHECK (quantity > 0),
  supplier_id int REFERENCES suppliers,
  document_no text,
  note        text,
  state       text NOT NULL CHECK (state IN ('SUBMITTED', 'BOOKED', 'REFUSED', 'WITHDRAWN', 'REVERSAL_ASKED', 'REVERSED')),
  entered_at  timestamptz NOT NULL,
  entered_by  int NOT NULL REFERENCES accounts,
  -- Whoever sends it twice has entered it once.
  key         uuid NOT NULL,
  version     int NOT NULL DEFAULT 1,
  act         bigint,
  CHECK (quantity IS NULL OR kind IN ('fuel', 'charge')),
  UNIQUE (entered_by, key)
);
CREATE INDEX cost_bills_of_unit ON cost_bills (unit_id, day);
CREATE INDEX cost_bills_of_vehicle ON cost_bills (vehicle_id, day);
CREATE INDEX cost_bills_open ON cost_bills (unit_id, day) WHERE state IN ('SUBMITTED', 'REVERSAL_ASKED');

CREATE TABLE cost_bill_steps (
  bill_id    int NOT NULL REFERENCES cost_bills,
  step       int NOT NULL,
  action     text NOT NULL,
  state      text NOT NULL,
  at         timestamptz NOT NULL,
  account_id int REFERENCES accounts,
  username   text NOT NULL,
  reason     text NOT NULL,
  data       jsonb NOT NULL DEFAULT '{}',
  act        bigint,
  PRIMARY KEY (bill_id, step)
);

-- 结账: the book of a unit through the last day of a month, with what it said then.
CREATE TABLE cost_closings (
  closing_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  unit_id    int NOT NULL REFERENCES organisations,
  until_day  date NOT NULL,
  -- Of the days since the closing before.
  entries    int NOT NULL,
  fen        bigint NOT NULL,
  -- SHA-256 of these entries, as services/dispatch/costs/months.ts writes them down.
  sha256     text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  closed_at  timestamptz NOT NULL,
  closed_by  int NOT NULL REFERENCES accounts,
  act        bigint,
  UNIQUE (unit_id, until_day)
);

ALTER TABLE cost_entries
  ALTER COLUMN order_id DROP NOT NULL,
  DROP CONSTRAINT cost_entries_check,
  DROP CONSTRAINT cost_entries_kind_check,
  ADD COLUMN bill_id  int REFERENCES cost_bills,
  ADD COLUMN quantity bigint,
  ADD CONSTRAINT cost_entries_kind_check CHECK (kind IN ('fuel', 'charge', 'maintenance', 'insurance', 'inspection', 'toll', 'parking', 'allowance', 'driver',
    'lease', 'violation', 'accident', 'other', 'purchase', 'disposal', 'transfer')),
  ADD CONSTRAINT cost_entries_source CHECK (num_nonnulls(order_id, bill_id) = 1),
  ADD CONSTRAINT cost_entries_cost CHECK ((order_id IS NOT NULL AND kind <> 'transfer') = (cost_id IS NOT NULL));
CREATE INDEX cost_entries_of_bill ON cost_entries (bill_id) WHERE bill_id IS NOT NULL;

-- Whoever writes: nothing comes into a month that is closed.
CREATE FUNCTION refuse_closed_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM cost_closings c WHERE c.unit_id = NEW.unit_id AND c.until_day >= NEW.day) THEN
    RAISE EXCEPTION 'the book of unit % is closed on %', NEW.unit_id, NEW.day USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER cost_entries_open BEFORE INSERT ON cost_entries FOR EACH ROW EXECUTE FUNCTION refuse_closed_month();

CREATE TRIGGER cost_bills_act BEFORE INSERT OR UPDATE OF version, act ON cost_bills FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER cost_bill_steps_act BEFORE INSERT OR UPDATE OF action, act ON cost_bill_steps FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER cost_closings_act BEFORE INSERT OR UPDATE OF fen, act ON cost_closings FOR EACH ROW EXECUTE FUNCTION number_act();

-- Down Migration
DROP TRIGGER cost_entries_open ON cost_entries;
DROP FUNCTION refuse_closed_month;
DELETE FROM cost_entries WHERE order_id IS NULL;
ALTER TABLE cost_entries DROP CONSTRAINT cost_entries_source, DROP CONSTRAINT cost_entries_cost, DROP CONSTRAINT cost_entries_kind_check,
  DROP COLUMN bill_id, DROP COLUMN quantity, ALTER COLUMN order_id SET NOT NULL,
  ADD CONSTRAINT cost_entries_kind_check CHECK (kind IN ('fuel', 'charge', 'toll', 'parking', 'allowance', 'lease', 'other', 'transfer')),
  ADD CONSTRAINT cost_entries_check CHECK ((kind = 'transfer') = (cost_id IS NULL));
DROP TABLE cost_closings, cost_bill_steps, cost_bills;
