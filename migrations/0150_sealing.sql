-- Up Migration
-- Sealing over a holiday: a plan for an organisation, and of each of its vehicles whether it stands still, where, with whose keys, and what positions proved.
-- States and who may take which step: services/domain/sealing.ts.

CREATE TABLE seal_plans (
  plan_id         int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisations,
  -- As the calendar calls the holiday.
  name            text NOT NULL,
  from_day        date NOT NULL,
  until_day       date NOT NULL,
  reason          text NOT NULL,
  planned_by      int NOT NULL REFERENCES accounts,
  planned_at      timestamptz NOT NULL,
  act             bigint,
  CHECK (from_day <= until_day)
);
CREATE INDEX seal_plans_by_day ON seal_plans (from_day DESC, plan_id DESC);

CREATE TABLE vehicle_seals (
  seal_id      int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan_id      int NOT NULL REFERENCES seal_plans,
  vehicle_id   int NOT NULL REFERENCES vehicles,
  -- Whose it was when it was planned.
  unit_id      int NOT NULL REFERENCES organisations,
  state        text NOT NULL,
  since        timestamptz NOT NULL,
  -- From when until when it is to stand still; an unsealed one until then.
  from_at      timestamptz NOT NULL,
  until_at     timestamptz NOT NULL,
  exempt       text,
  place        text,
  lon          double precision,
  lat          double precision,
  key_keeper   text,
  -- What positions proved of it, and when that was last looked at: NULL = not yet.
  proof        text,
  proof_from   timestamptz,
  proof_until  timestamptz,
  proof_far_m  int,
  proved_at    timestamptz,
  version      int NOT NULL DEFAULT 1,
  act          bigint,
  CHECK ((state = 'EXEMPT') = (exempt IS NOT NULL)),
  UNIQUE (plan_id, vehicle_id)
);
CREATE INDEX vehicle_seals_of_vehicle ON vehicle_seals (vehicle_id);
CREATE INDEX vehicle_seals_by_end ON vehicle_seals (until_at) WHERE state <> 'EXEMPT';

CREATE TABLE vehicle_seal_steps (
  seal_id    int NOT NULL REFERENCES vehicle_seals,
  step       int NOT NULL,
  action     text NOT NULL,
  state      text NOT NULL,
  at         timestamptz NOT NULL,
  account_id int REFERENCES accounts,
  username   text NOT NULL,
  reason     text NOT NULL,
  data       jsonb NOT NULL DEFAULT '{}',
  act        bigint,
  PRIMARY KEY (seal_id, step)
);

CREATE TABLE vehicle_seal_photos (
  seal_id  int NOT NULL REFERENCES vehicle_seals,
  -- The first, the second, …
  photo_id int NOT NULL,
  width    int NOT NULL,
  height   int NOT NULL,
  bytes    int NOT NULL,
  sha256   bytea NOT NULL,
  content  bytea NOT NULL,
  added_by int NOT NULL REFERENCES accounts,
  added_at timestamptz NOT NULL,
  act      bigint,
  PRIMARY KEY (seal_id, photo_id)
);

CREATE TRIGGER seal_plans_act BEFORE INSERT OR UPDATE OF act ON seal_plans FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER vehicle_seals_act BEFORE INSERT OR UPDATE OF version, act ON vehicle_seals FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER vehicle_seal_steps_act BEFORE INSERT OR UPDATE OF action, act ON vehicle_seal_steps FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER vehicle_seal_photos_act BEFORE INSERT OR UPDATE OF content, act ON vehicle_seal_photos FOR EACH ROW EXECUTE FUNCTION number_act();

-- The seal that a promise follows from; one without follows from the state of the vehicle's file.
ALTER TABLE reservations ADD COLUMN seal_id int UNIQUE REFERENCES vehicle_seals CHECK (seal_id IS NULL OR reason = 'seal');

-- Down Migration
DELETE FROM reservations WHERE seal_id IS NOT NULL;
ALTER TABLE reservations DROP COLUMN seal_id;
DROP TABLE vehicle_seal_photos, vehicle_seal_steps, vehicle_seals, seal_plans;
