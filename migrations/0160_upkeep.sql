-- Up Migration
-- Maintenance: what each vehicle needs by distance and time, when it was last done, and the work orders by which it is done at designated suppliers. States and
-- who may take which step: services/domain/workOrders.ts; what is due: services/domain/upkeep.ts.

-- 保养计划: of one vehicle, or of all of a class in an organisation and below it; of one name the vehicle's own holds, then the nearest organisation's.
CREATE TABLE maintenance_plans (
  plan_id         int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisations,
  vehicle_id      int REFERENCES vehicles,
  class           text CHECK (class IN ('official', 'law_enforcement', 'leased')),
  -- What is to be done, such as 常规保养.
  item            text NOT NULL,
  every_km        int CHECK (every_km BETWEEN 100 AND 500000),
  every_months    int CHECK (every_months BETWEEN 1 AND 240),
  note            text,
  ended_at        timestamptz,
  version         int NOT NULL DEFAULT 1,
  act             bigint,
  CHECK (num_nonnulls(vehicle_id, class) = 1),
  CHECK (num_nonnulls(every_km, every_months) > 0)
);
CREATE UNIQUE INDEX maintenance_plans_of_vehicle ON maintenance_plans (vehicle_id, item) WHERE ended_at IS NULL AND vehicle_id IS NOT NULL;
CREATE UNIQUE INDEX maintenance_plans_of_class ON maintenance_plans (organisation_id, class, item) WHERE ended_at IS NULL AND vehicle_id IS NULL;

CREATE TABLE work_orders (
  work_order_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  vehicle_id    int NOT NULL REFERENCES vehicles,
  -- Whose the vehicle was when it was asked for: it pays.
  unit_id       int NOT NULL REFERENCES organisations,
  supplier_id   int NOT NULL REFERENCES suppliers,
  kind          text NOT NULL CHECK (kind IN ('maintenance', 'repair', 'tyres', 'accident')),
  -- What of the plans it does; NULL: nothing.
  item          text,
  work          text NOT NULL,
  -- From when until when the vehicle is away.
  from_at       timestamptz NOT NULL,
  until_at      timestamptz NOT NULL,
  estimate_fen  bigint CHECK (estimate_fen > 0),
  -- What another person agreed to: no invoice is more.
  approved_fen  bigint CHECK (approved_fen > 0),
  invoice_fen   bigint CHECK (invoice_fen > 0 AND invoice_fen <= approved_fen),
  invoice_no    text,
  invoice_day   date,
  -- Read when it was last brought or taken back.
  odometer_m    int,
  -- What its terminal said then.
  track_m       int,
  read_at       timestamptz,
  back_at       timestamptz,
  -- How often it was sent back to be done again.
  redone        int NOT NULL DEFAULT 0,
  state         text NOT NULL CHECK (state IN ('ASKED', 'ESTIMATED', 'APPROVED', 'AT_WORKSHOP', 'MORE_ASKED', 'DONE', 'ACCEPTED', 'DECLINED', 'CANCELLED')),
  asked_at      timestamptz NOT NULL,
  asked_by      int NOT NULL REFERENCES accounts,
  -- Whoever sends it twice has asked once.
  key           uuid NOT NULL,
  version       int NOT NULL DEFAULT 1,
  act           bigint,
  CHECK (from_at < until_at),
  UNIQUE (asked_by, key)
);
CREATE INDEX work_orders_of_unit ON work_orders (unit_id, asked_at);
CREATE INDEX work_orders_of_vehicle ON work_orders (vehicle_id, asked_at);

CREATE TABLE work_order_steps (
  work_order_id int NOT NULL REFERENCES work_orders,
  step          int NOT NULL,
  action        text NOT NULL,
  state         text NOT NULL,
  at            timestamptz NOT NULL,
  account_id    int REFERENCES accounts,
  username      text NOT NULL,
  reason        text NOT NULL,
  data          jsonb NOT NULL DEFAULT '{}',
  act           bigint,
  PRIMARY KEY (work_order_id, step)
);

-- Lines of the invoice; of each time that it was done, the last counts.
CREATE TABLE work_order_parts (
  work_order_id int NOT NULL REFERENCES work_orders,
  round         int NOT NULL,
  line          int NOT NULL,
  kind          text NOT NULL CHECK (kind IN ('part', 'labour', 'other')),
  name          text NOT NULL,
  -- Thousandths.
  quantity      bigint NOT NULL CHECK (quantity > 0),
  fen           bigint NOT NULL CHECK (fen >= 0),
  act           bigint,
  PRIMARY KEY (work_order_id, round, line)
);

-- When an item was last done, and what was read then: the next counts from it.
CREATE TABLE maintenance_marks (
  mark_id       int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  vehicle_id    int NOT NULL REFERENCES vehicles,
  item          text NOT NULL,
  day           date NOT NULL,
  odometer_m    int,
  track_m       int,
  work_order_id int UNIQUE REFERENCES work_orders,
  marked_at     timestamptz NOT NULL,
  marked_by     int NOT NULL REFERENCES accounts,
  act           bigint
);
CREATE INDEX maintenance_marks_of_vehicle ON maintenance_marks (vehicle_id, item, day DESC, mark_id DESC);

-- The work order that a promise of upkeep follows from; one without follows from the state of the vehicle's file.
ALTER TABLE reservations ADD COLUMN work_order_id int UNIQUE REFERENCES work_orders CHECK (work_order_id IS NULL OR reason = 'maintenance');

-- What a bill follows from, such as work-order:12; without one it was entered by hand or follows from a line of a statement.
ALTER TABLE cost_bills ADD COLUMN source text CHECK (source ~ '^(work-order|renewal|mishap|flow):[0-9]{1,10}$');
CREATE INDEX cost_bills_of_source ON cost_bills (source) WHERE source IS NOT NULL;

CREATE TRIGGER maintenance_plans_act BEFORE INSERT OR UPDATE OF version, act ON maintenance_plans FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER work_orders_act BEFORE INSERT OR UPDATE OF version, act ON work_orders FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER work_order_steps_act BEFORE INSERT OR UPDATE OF action, act ON work_order_steps FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER work_order_parts_act BEFORE INSERT OR UPDATE OF fen, act ON work_order_parts FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER maintenance_marks_act BEFORE INSERT OR UPDATE OF day, act ON maintenance_marks FOR EACH ROW EXECUTE FUNCTION number_act();

-- What is due is a state that rules judge (R20).
CREATE TRIGGER maintenance_marks_supervised AFTER INSERT ON maintenance_marks FOR EACH ROW EXECUTE FUNCTION supervise_vehicle();

-- Down Migration
DELETE FROM reservations WHERE work_order_id IS NOT NULL;
ALTER TABLE reservations DROP COLUMN work_order_id;
ALTER TABLE cost_bills DROP COLUMN source;
DROP TABLE maintenance_marks, work_order_parts, work_order_steps, work_orders, maintenance_plans;
