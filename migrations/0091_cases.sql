-- Up Migration
-- Cases: within them the past of vehicles is looked at by those whose looks must have a purpose. States and steps: services/domain/cases.ts.

CREATE TABLE cases (
  case_id         int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  year            int NOT NULL,
  number          int NOT NULL,
  -- Where whoever opened it stood.
  organisation_id int NOT NULL REFERENCES organisations,
  purpose         text NOT NULL,
  basis           text NOT NULL,
  -- From (included) until (excluded), device time.
  during          tstzrange NOT NULL CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
  state           text NOT NULL CHECK (state IN ('OPEN', 'CLOSED')),
  opened_by       int NOT NULL REFERENCES accounts,
  opened_at       timestamptz NOT NULL,
  version         int NOT NULL DEFAULT 1,
  act             bigint,
  UNIQUE (year, number)
);

CREATE TABLE case_steps (
  case_id    int NOT NULL REFERENCES cases,
  step       int NOT NULL,
  action     text NOT NULL,
  state      text NOT NULL,
  at         timestamptz NOT NULL,
  account_id int REFERENCES accounts,
  username   text NOT NULL,
  reason     text NOT NULL,
  data       jsonb NOT NULL DEFAULT '{}',
  act        bigint,
  PRIMARY KEY (case_id, step)
);

CREATE TABLE case_members (
  member_id  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id    int NOT NULL REFERENCES cases,
  account_id int NOT NULL REFERENCES accounts,
  since      timestamptz NOT NULL,
  ended_at   timestamptz,
  act        bigint
);
CREATE UNIQUE INDEX case_members_once ON case_members (account_id, case_id) WHERE ended_at IS NULL;
CREATE INDEX case_members_of_case ON case_members (case_id);

CREATE TABLE case_vehicles (
  case_vehicle_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id         int NOT NULL REFERENCES cases,
  vehicle_id      int NOT NULL REFERENCES vehicles,
  state           text NOT NULL CHECK (state IN ('OPEN', 'WAITING', 'RELEASED', 'REFUSED', 'OUT')),
  -- The period that was released: the case's own of that moment.
  released        tstzrange,
  added_at        timestamptz NOT NULL,
  version         int NOT NULL DEFAULT 1,
  act             bigint
);
CREATE UNIQUE INDEX case_vehicles_once ON case_vehicles (case_id, vehicle_id) WHERE state <> 'OUT';
CREATE INDEX case_vehicles_waiting ON case_vehicles (case_vehicle_id) WHERE state = 'WAITING';

CREATE TABLE case_vehicle_steps (
  case_vehicle_id int NOT NULL REFERENCES case_vehicles,
  step            int NOT NULL,
  action          text NOT NULL,
  state           text NOT NULL,
  at              timestamptz NOT NULL,
  account_id      int REFERENCES accounts,
  username        text NOT NULL,
  reason          text NOT NULL,
  data            jsonb NOT NULL DEFAULT '{}',
  act             bigint,
  PRIMARY KEY (case_vehicle_id, step)
);

-- Who looked at what within a case: by case what the audit log's records say, each of which names its row.
CREATE TABLE case_looks (
  look_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id    int NOT NULL REFERENCES cases,
  account_id int NOT NULL REFERENCES accounts,
  vehicle_id int NOT NULL REFERENCES vehicles,
  part       text NOT NULL,
  during     tstzrange NOT NULL,
  at         timestamptz NOT NULL
);
CREATE INDEX case_looks_of_case ON case_looks (case_id, look_id);

CREATE TRIGGER cases_act BEFORE INSERT OR UPDATE OF version, act ON cases FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER case_steps_act BEFORE INSERT OR UPDATE OF action, act ON case_steps FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER case_members_act BEFORE INSERT OR UPDATE OF ended_at, act ON case_members FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER case_vehicles_act BEFORE INSERT OR UPDATE OF version, act ON case_vehicles FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER case_vehicle_steps_act BEFORE INSERT OR UPDATE OF action, act ON case_vehicle_steps FOR EACH ROW EXECUTE FUNCTION number_act();

-- Down Migration
DROP TABLE case_looks, case_vehicle_steps, case_vehicles, case_members, case_steps, cases;
