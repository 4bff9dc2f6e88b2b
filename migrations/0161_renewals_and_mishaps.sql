-- Up Migration
-- Insurance and annual inspection as they are renewed, and accidents and traffic violations. Laws: services/domain/renewals.ts, services/domain/mishaps.ts.

-- Recorded in the act that moves the date of the vehicle's file; what was recorded wrongly is taken back by another act.
CREATE TABLE vehicle_renewals (
  renewal_id  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  vehicle_id  int NOT NULL REFERENCES vehicles,
  unit_id     int NOT NULL REFERENCES organisations,
  kind        text NOT NULL CHECK (kind IN ('insurance', 'inspection')),
  -- Of the policy; an inspection holds from the day on which it was made.
  from_day    date NOT NULL,
  until_day   date NOT NULL CHECK (until_day >= from_day),
  -- What the file said before.
  before_day  date,
  -- Days without cover before it, or that are covered twice (negative).
  gap_days    int NOT NULL,
  supplier_id int REFERENCES suppliers,
  -- Who inspected it.
  station     text,
  document_no text NOT NULL,
  fen         bigint NOT NULL CHECK (fen >= 0),
  paid_day    date NOT NULL,
  note        text,
  state       text NOT NULL CHECK (state IN ('RECORDED', 'WITHDRAWN')),
  recorded_at timestamptz NOT NULL,
  recorded_by int NOT NULL REFERENCES accounts,
  key         uuid NOT NULL,
  version     int NOT NULL DEFAULT 1,
  act         bigint,
  CHECK ((kind = 'insurance') = (supplier_id IS NOT NULL)),
  CHECK ((kind = 'inspection') = (station IS NOT NULL)),
  UNIQUE (recorded_by, key)
);
CREATE INDEX vehicle_renewals_of_unit ON vehicle_renewals (unit_id, recorded_at);
CREATE INDEX vehicle_renewals_of_vehicle ON vehicle_renewals (vehicle_id, kind, until_day);

CREATE TABLE vehicle_renewal_steps (
  renewal_id int NOT NULL REFERENCES vehicle_renewals,
  step       int NOT NULL,
  action     text NOT NULL,
  state      text NOT NULL,
  at         timestamptz NOT NULL,
  account_id int REFERENCES accounts,
  username   text NOT NULL,
  reason     text NOT NULL,
  data       jsonb NOT NULL DEFAULT '{}',
  act        bigint,
  PRIMARY KEY (renewal_id, step)
);

-- 事故、违章: suspected until another person has verified it.
CREATE TABLE vehicle_mishaps (
  mishap_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind         text NOT NULL CHECK (kind IN ('accident', 'violation')),
  vehicle_id   int NOT NULL REFERENCES vehicles,
  -- Whose the vehicle was when it happened.
  unit_id      int NOT NULL REFERENCES organisations,
  at           timestamptz NOT NULL,
  place        text NOT NULL,
  text         text NOT NULL,
  -- Of the notice or the police report.
  notice_no    text,
  liability    text CHECK (liability IN ('full', 'main', 'equal', 'minor', 'none')),
  fine_fen     bigint NOT NULL DEFAULT 0 CHECK (fine_fen >= 0),
  points       smallint NOT NULL DEFAULT 0 CHECK (points BETWEEN 0 AND 12),
  -- Who drove, by the order of the time, as it was when it was verified; before that it is read anew. Both NULL: unknown.
  order_id     int REFERENCES dispatch_orders,
  driver_id    int REFERENCES drivers,
  -- As it was settled.
  paid_by      text CHECK (paid_by IN ('unit', 'driver')),
  cost_fen     bigint CHECK (cost_fen >= 0),
  insured_fen  bigint CHECK (insured_fen >= 0),
  state        text NOT NULL CHECK (state IN ('SUSPECTED', 'VERIFIED', 'DISMISSED', 'SETTLED')),
  entered_at   timestamptz NOT NULL,
  entered_by   int NOT NULL REFERENCES accounts,
  key          uuid NOT NULL,
  version      int NOT NULL DEFAULT 1,
  act          bigint,
  CHECK (kind = 'accident' OR notice_no IS NOT NULL),
  UNIQUE (entered_by, key)
);
CREATE UNIQUE INDEX vehicle_mishaps_notice ON vehicle_mishaps (notice_no) WHERE kind = 'violation' AND state <> 'DISMISSED';
CREATE INDEX vehicle_mishaps_of_unit ON vehicle_mishaps (unit_id, at);
CREATE INDEX vehicle_mishaps_of_vehicle ON vehicle_mishaps (vehicle_id, at);
CREATE INDEX vehicle_mishaps_of_driver ON vehicle_mishaps (driver_id) WHERE driver_id IS NOT NULL;

CREATE TABLE vehicle_mishap_steps (
  mishap_id  int NOT NULL REFERENCES vehicle_mishaps,
  step       int NOT NULL,
  action     text NOT NULL,
  state      text NOT NULL,
  at         timestamptz NOT NULL,
  account_id int REFERENCES accounts,
  username   text NOT NULL,
  reason     text NOT NULL,
  data       jsonb NOT NULL DEFAULT '{}',
  act        bigint,
  PRIMARY KEY (mishap_id, step)
);

-- The accident that a work order repairs.
ALTER TABLE work_orders ADD COLUMN mishap_id int REFERENCES vehicle_mishaps CHECK (mishap_id IS NULL OR kind = 'accident');
CREATE INDEX work_orders_of_mishap ON work_orders (mishap_id) WHERE mishap_id IS NOT NULL;

-- What an insurer pays is income, like what a vehicle brings in that is disposed of.
ALTER TABLE cost_bills DROP CONSTRAINT cost_bills_kind_check,
  ADD CONSTRAINT cost_bills_kind_check CHECK (kind IN ('fuel', 'charge', 'maintenance', 'insurance', 'inspection', 'toll', 'parking', 'driver', 'lease', 'violation',
    'accident', 'payout', 'other', 'purchase', 'disposal'));
ALTER TABLE cost_entries DROP CONSTRAINT cost_entries_kind_check,
  ADD CONSTRAINT cost_entries_kind_check CHECK (kind IN ('fuel', 'charge', 'maintenance', 'insurance', 'inspection', 'toll', 'parking', 'allowance', 'driver',
    'lease', 'violation', 'accident', 'payout', 'other', 'purchase', 'disposal', 'transfer'));

CREATE TRIGGER vehicle_renewals_act BEFORE INSERT OR UPDATE OF version, act ON vehicle_renewals FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER vehicle_renewal_steps_act BEFORE INSERT OR UPDATE OF action, act ON vehicle_renewal_steps FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER vehicle_mishaps_act BEFORE INSERT OR UPDATE OF version, act ON vehicle_mishaps FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER vehicle_mishap_steps_act BEFORE INSERT OR UPDATE OF action, act ON vehicle_mishap_steps FOR EACH ROW EXECUTE FUNCTION number_act();

-- Down Migration
DELETE FROM cost_entries WHERE kind = 'payout';
DELETE FROM cost_bill_steps WHERE bill_id IN (SELECT bill_id FROM cost_bills WHERE kind = 'payout');
DELETE FROM cost_bills WHERE kind = 'payout';
ALTER TABLE cost_entries DROP CONSTRAINT cost_entries_kind_check,
  ADD CONSTRAINT cost_entries_kind_check CHECK (kind IN ('fuel', 'charge', 'maintenance', 'insurance', 'inspection', 'toll', 'parking', 'allowance', 'driver',
    'lease', 'violation', 'accident', 'other', 'purchase', 'disposal', 'transfer'));
ALTER TABLE cost_bills DROP CONSTRAINT cost_bills_kind_check,
  ADD CONSTRAINT cost_bills_kind_check CHECK (kind IN ('fuel', 'charge', 'maintenance', 'insurance', 'inspection', 'toll', 'parking', 'driver', 'lease', 'violation',
    'accident', 'other', 'purchase', 'disposal'));
ALTER TABLE work_orders DROP COLUMN mishap_id;
DROP TABLE vehicle_mishap_steps, vehicle_mishaps, vehicle_renewal_steps, vehicle_renewals;
