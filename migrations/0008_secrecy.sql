-- Up Migration
-- Sensitive vehicles (涉密, registered apart): what others call them by, who is named for them, who may look for a while, and what
-- everyone else sees. A vehicle is sensitive while vehicles.secrecy says so.

-- One row a marking. A vehicle that is marked again gets a new number, and nobody is named for that one.
CREATE TABLE secret_vehicles (
  -- Names the vehicle without giving it away: in the register, in letters, and on the map of those who see it coarsely.
  -- Above every vehicle_id, so that no list confuses the two.
  secret_no  int PRIMARY KEY CHECK (secret_no >= 1600000000),
  vehicle_id int NOT NULL REFERENCES vehicles ON DELETE CASCADE,
  lifted     boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX secret_vehicles_marked ON secret_vehicles (vehicle_id) WHERE NOT lifted;

CREATE FUNCTION keep_secret_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.secrecy THEN
    LOOP
      -- 28 random bits: numbers tell neither how many there are nor in which order they came.
      INSERT INTO secret_vehicles (secret_no, vehicle_id)
      VALUES (1600000000 + ('x' || left(replace(gen_random_uuid()::text, '-', ''), 7))::bit(28)::int, NEW.vehicle_id)
      ON CONFLICT DO NOTHING;
      EXIT WHEN EXISTS (SELECT FROM secret_vehicles WHERE vehicle_id = NEW.vehicle_id AND NOT lifted);
    END LOOP;
  ELSE
    UPDATE secret_vehicles SET lifted = true WHERE vehicle_id = NEW.vehicle_id AND NOT lifted;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER vehicles_marked_new AFTER INSERT ON vehicles FOR EACH ROW WHEN (NEW.secrecy) EXECUTE FUNCTION keep_secret_number();
CREATE TRIGGER vehicles_marked AFTER UPDATE OF secrecy ON vehicles
  FOR EACH ROW WHEN (OLD.secrecy IS DISTINCT FROM NEW.secrecy) EXECUTE FUNCTION keep_secret_number();

-- The register of who may see it. Nothing is deleted: an end is written beside it.
CREATE TABLE secret_namings (
  naming_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  secret_no    int NOT NULL REFERENCES secret_vehicles ON DELETE CASCADE,
  account_id   int NOT NULL REFERENCES accounts,
  named_at     timestamptz NOT NULL,
  named_by     int NOT NULL REFERENCES accounts,
  reason       text NOT NULL,
  -- Up to and without this instant; NULL = until it is ended.
  until        timestamptz CHECK (until > named_at),
  ended_at     timestamptz,
  ended_by     int REFERENCES accounts,
  ended_reason text
);
CREATE INDEX secret_namings_by_account ON secret_namings (account_id) WHERE ended_at IS NULL;
CREATE INDEX secret_namings_by_number ON secret_namings (secret_no);

CREATE TABLE unmaskings (
  unmasking_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id      int NOT NULL REFERENCES accounts,
  -- Where the asking account belonged: those who decide are of an organisation above it.
  organisation_id int NOT NULL REFERENCES organisations,
  -- As it was asked: a plate or a secret number. What it means is found by whoever decides, not by whoever asks.
  asked           text NOT NULL,
  purpose         text NOT NULL,
  hours           int NOT NULL CHECK (hours BETWEEN 1 AND 720),
  asked_at        timestamptz NOT NULL,
  state           text NOT NULL CHECK (state IN ('pending', 'approved', 'refused', 'withdrawn', 'ended', 'expired')),
  secret_no       int REFERENCES secret_vehicles ON DELETE CASCADE,
  decided_at      timestamptz,
  decided_by      int REFERENCES accounts,
  decided_reason  text,
  -- Up to and without this instant, whatever `state` has been written by then.
  until           timestamptz,
  ended_at        timestamptz,
  ended_by        int REFERENCES accounts,
  ended_reason    text,
  CHECK (state NOT IN ('approved', 'ended', 'expired') OR (secret_no IS NOT NULL AND until IS NOT NULL))
);
CREATE INDEX unmaskings_by_account ON unmaskings (account_id, unmasking_id DESC);
CREATE INDEX unmaskings_running ON unmaskings (account_id, until) WHERE state = 'approved';

-- What those see who are not named, and how long an unmasking may last: the nearest organisation above the vehicle's unit that says something.
CREATE TABLE secrecy_policies (
  -- NULL: the whole region.
  organisation_id int REFERENCES organisations,
  effective_from  date NOT NULL,
  sight           text NOT NULL CHECK (sight IN ('hidden', 'coarse')),
  max_hours       int NOT NULL CHECK (max_hours BETWEEN 1 AND 720),
  UNIQUE NULLS NOT DISTINCT (organisation_id, effective_from)
);
INSERT INTO secrecy_policies VALUES (NULL, '2000-01-01', 'hidden', 72);

-- The live picture must load anew when it is to show more or less.
CREATE TRIGGER secrecy_policies_revised AFTER INSERT OR DELETE OR UPDATE ON secrecy_policies
  FOR EACH STATEMENT EXECUTE FUNCTION bump_ledger_revision();

-- Vehicles that were marked before there was a register are marked again, now with a number.
DO $$
DECLARE marked int;
BEGIN
  FOR marked IN SELECT vehicle_id FROM vehicles WHERE secrecy LOOP
    UPDATE vehicles SET secrecy = false WHERE vehicle_id = marked;
    UPDATE vehicles SET secrecy = true WHERE vehicle_id = marked;
  END LOOP;
END $$;

-- Down Migration
DROP TABLE secrecy_policies, unmaskings, secret_namings;
DROP TRIGGER vehicles_marked ON vehicles;
DROP TRIGGER vehicles_marked_new ON vehicles;
DROP FUNCTION keep_secret_number;
DROP TABLE secret_vehicles;
