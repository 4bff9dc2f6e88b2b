-- Up Migration
-- Ingest obeys a change of terminals from the moment it is committed, in every worker.

-- Terminals that were taken out of the table, which happens by hand alone: whoever has them in memory learns of it by the revision.
CREATE TABLE terminal_removals (
  terminal_id text PRIMARY KEY,
  revision    bigint NOT NULL
);
CREATE INDEX terminal_removals_by_revision ON terminal_removals (revision DESC);

CREATE FUNCTION mark_removed_terminal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7310450);
  INSERT INTO terminal_removals VALUES (OLD.terminal_id, nextval('terminal_revisions'))
    ON CONFLICT (terminal_id) DO UPDATE SET revision = excluded.revision;
  RETURN NULL;
END $$;
CREATE TRIGGER terminals_removal_marked AFTER DELETE ON terminals FOR EACH ROW EXECUTE FUNCTION mark_removed_terminal();

-- For the transaction of a commit: no terminal changes until it ends, and this is how far they have changed. Two statements, because what
-- a statement sees is older than the lock that it waits for.
CREATE FUNCTION share_terminals() RETURNS bigint LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7310450);
  RETURN greatest((SELECT max(revision) FROM terminals), (SELECT max(revision) FROM terminal_removals), 0);
END $$;
REVOKE ALL ON FUNCTION share_terminals() FROM PUBLIC;

-- Who is registered has no need to knock any more.
CREATE FUNCTION forget_knocks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  DELETE FROM terminal_knocks WHERE name IN (SELECT terminal_id FROM registered);
  RETURN NULL;
END $$;
CREATE TRIGGER terminals_knocks_forgotten AFTER INSERT ON terminals REFERENCING NEW TABLE AS registered
  FOR EACH STATEMENT EXECUTE FUNCTION forget_knocks();

-- The same law as in 0023, for less: a fleet is registered row by row. The lock is taken in an expression, which costs no statement of its
-- own, and where no terminal was ever in another vehicle nothing is looked for.
CREATE OR REPLACE FUNCTION mark_terminal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  since timestamptz;
  earlier timestamptz;
  held text;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.vehicle_id IS NOT DISTINCT FROM OLD.vehicle_id AND NEW.gateway_id IS NOT DISTINCT FROM OLD.gateway_id
    AND NEW.credential_hash IS NOT DISTINCT FROM OLD.credential_hash AND NEW.revoked_at IS NOT DISTINCT FROM OLD.revoked_at
    AND NEW.bound_since IS NOT DISTINCT FROM OLD.bound_since
  THEN
    NEW.revision := OLD.revision;
    RETURN NEW;
  END IF;
  held := pg_advisory_xact_lock(7310450)::text;
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
    IF EXISTS (SELECT FROM terminal_past_bindings) THEN
      earlier := (SELECT max(upper(during)) FROM terminal_past_bindings WHERE vehicle_id = NEW.vehicle_id OR terminal_id = NEW.terminal_id);
    END IF;
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

-- Down Migration
CREATE OR REPLACE FUNCTION mark_terminal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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
DROP TRIGGER terminals_knocks_forgotten ON terminals;
DROP FUNCTION forget_knocks;
DROP FUNCTION share_terminals;
DROP TRIGGER terminals_removal_marked ON terminals;
DROP FUNCTION mark_removed_terminal;
DROP TABLE terminal_removals;
