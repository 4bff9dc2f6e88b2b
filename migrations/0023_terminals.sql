-- Up Migration
-- Terminals as what they are to those who fit and watch them: a model, a credential of a day, a life that can end, and the vehicles that
-- they were in. A position belongs to the vehicle in which its terminal was when it was taken, however late it arrives.

CREATE SEQUENCE terminal_revisions;

ALTER TABLE terminals
  ADD COLUMN model text CHECK (length(model) BETWEEN 1 AND 60),
  ADD COLUMN note text CHECK (length(note) BETWEEN 1 AND 400),
  -- NULL = before this migration.
  ADD COLUMN registered_at timestamptz,
  -- Since when the secret in force is; NULL = before this migration, or none yet.
  ADD COLUMN credential_at timestamptz,
  -- The same secret as Mosquitto's password file wants it.
  ADD COLUMN broker_verifier text,
  -- Set = it may not connect, and what it sends is quarantined.
  ADD COLUMN revoked_at timestamptz,
  -- Since when it is in its vehicle, or out of one; NULL = as far back as anybody knows.
  ADD COLUMN bound_since timestamptz,
  -- Grows with whatever ingest and the broker must know of it.
  ADD COLUMN revision bigint NOT NULL DEFAULT 0;
ALTER TABLE terminals ALTER COLUMN registered_at SET DEFAULT now();
-- A terminal of an import has no secret until one is issued.
ALTER TABLE terminals ALTER COLUMN credential_hash DROP NOT NULL;
CREATE INDEX terminals_by_revision ON terminals (revision DESC);

-- In which vehicles terminals were. The vehicle of today stands in terminals.vehicle_id, since bound_since.
CREATE TABLE terminal_past_bindings (
  past_binding_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  terminal_id     text NOT NULL REFERENCES terminals,
  vehicle_id      int NOT NULL REFERENCES vehicles,
  -- From (included; without bound = as far back as anybody knows) until (excluded).
  during          tstzrange NOT NULL CHECK (NOT isempty(during) AND NOT upper_inf(during)),
  CONSTRAINT terminal_past_bindings_of_terminal EXCLUDE USING gist (terminal_id WITH =, during WITH &&),
  CONSTRAINT terminal_past_bindings_of_vehicle EXCLUDE USING gist (vehicle_id WITH =, during WITH &&)
);

-- Who came to the broker's door or through a gateway and was not let in.
CREATE TABLE terminal_knocks (
  -- The name that was given: of an account's form, so it can be a terminal's.
  name     text NOT NULL CHECK (name ~ '^[A-Za-z0-9_-]{1,64}$'),
  -- unknown = no such terminal; secret = another secret; none = it has no secret yet; revoked; gateway = a gateway spoke for a terminal that is not there
  why      text NOT NULL CHECK (why IN ('unknown', 'secret', 'none', 'revoked', 'gateway')),
  first_at timestamptz NOT NULL,
  last_at  timestamptz NOT NULL,
  times    bigint NOT NULL CHECK (times > 0),
  -- Network address, or the gateway.
  came_by  text NOT NULL,
  PRIMARY KEY (name, why)
);
CREATE INDEX terminal_knocks_by_time ON terminal_knocks (last_at DESC);

-- Changes of terminals and commits of positions exclude each other: a commit holds the same lock shared, so once a change is committed
-- no position is bound by what was before, in whichever worker. Numbers are given under the lock: who has seen n misses nothing below it.
-- As its owner: nobody else numbers terminals or writes what was.
CREATE FUNCTION mark_terminal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  since timestamptz;
  earlier timestamptz;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.vehicle_id IS NOT DISTINCT FROM OLD.vehicle_id AND NEW.gateway_id IS NOT DISTINCT FROM OLD.gateway_id
    AND NEW.credential_hash IS NOT DISTINCT FROM OLD.credential_hash AND NEW.revoked_at IS NOT DISTINCT FROM OLD.revoked_at
    AND NEW.bound_since IS NOT DISTINCT FROM OLD.bound_since
  THEN
    NEW.revision := OLD.revision;
    RETURN NEW;
  END IF;
  PERFORM pg_advisory_xact_lock(7310450);
  NEW.revision := nextval('terminal_revisions');
  IF NEW.credential_hash IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.credential_hash IS DISTINCT FROM OLD.credential_hash) THEN
    NEW.credential_at := clock_timestamp();
  END IF;
  IF TG_OP = 'INSERT' THEN
    since := NEW.bound_since;
  ELSIF NEW.vehicle_id IS DISTINCT FROM OLD.vehicle_id THEN
    -- A time that is named beside the change holds; otherwise it is now.
    since := CASE WHEN NEW.bound_since IS DISTINCT FROM OLD.bound_since THEN NEW.bound_since END;
    IF OLD.vehicle_id IS NOT NULL THEN
      since := coalesce(since, clock_timestamp());
      IF since < OLD.bound_since THEN
        RAISE EXCEPTION 'terminal % came to its vehicle after %', NEW.terminal_id, since
          USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'terminal_past_bindings_of_terminal';
      END IF;
      IF since IS DISTINCT FROM OLD.bound_since THEN
        INSERT INTO terminal_past_bindings (terminal_id, vehicle_id, during) VALUES (NEW.terminal_id, OLD.vehicle_id, tstzrange(OLD.bound_since, since));
      END IF;
    END IF;
  ELSE
    -- Only its beginning is put right.
    since := NEW.bound_since;
  END IF;
  IF NEW.vehicle_id IS NOT NULL THEN
    earlier := (SELECT max(upper(during)) FROM terminal_past_bindings WHERE vehicle_id = NEW.vehicle_id OR terminal_id = NEW.terminal_id);
    -- The first terminal of a vehicle, never in another: nobody else can have been meant, however old what it has stored.
    IF since IS NULL AND earlier IS NOT NULL THEN since := clock_timestamp(); END IF;
    IF since < earlier THEN
      RAISE EXCEPTION 'terminal % or vehicle % was bound otherwise until %', NEW.terminal_id, NEW.vehicle_id, earlier
        USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'terminal_past_bindings_of_vehicle';
    END IF;
  END IF;
  NEW.bound_since := since;
  RETURN NEW;
END $$;
-- By name after terminals_act and before terminals_owned; none of them reads what another writes.
CREATE TRIGGER terminals_marked BEFORE INSERT OR UPDATE ON terminals FOR EACH ROW EXECUTE FUNCTION mark_terminal();

-- Down Migration
DROP TRIGGER terminals_marked ON terminals;
DROP FUNCTION mark_terminal;
DROP TABLE terminal_knocks, terminal_past_bindings;
DROP INDEX terminals_by_revision;
UPDATE terminals SET credential_hash = sha256(gen_random_uuid()::text::bytea) WHERE credential_hash IS NULL;
ALTER TABLE terminals ALTER COLUMN credential_hash SET NOT NULL;
ALTER TABLE terminals DROP COLUMN model, DROP COLUMN note, DROP COLUMN registered_at, DROP COLUMN credential_at, DROP COLUMN broker_verifier,
  DROP COLUMN revoked_at, DROP COLUMN bound_since, DROP COLUMN revision;
DROP SEQUENCE terminal_revisions;
