-- Up Migration
-- A swap is one moment: where since when a terminal is in its vehicle is put right, what ended as this began ends with it – the terminal
-- that was in the vehicle until then, and the vehicle that the terminal was in. As its owner, as mark_terminal, before which it fires.
CREATE FUNCTION move_swap() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7310450);
  UPDATE terminal_past_bindings p SET during = tstzrange(lower(during), NEW.bound_since)
  WHERE upper(during) = OLD.bound_since AND (vehicle_id = NEW.vehicle_id OR terminal_id = NEW.terminal_id)
    AND (lower_inf(during) OR lower(during) < NEW.bound_since)
    -- Later: only where nobody else came in between; else the time between stays nobody's.
    AND NOT EXISTS (
      SELECT FROM terminals t WHERE t.terminal_id <> NEW.terminal_id AND t.vehicle_id IS NOT NULL AND t.bound_since < NEW.bound_since
        AND (t.vehicle_id = p.vehicle_id OR t.terminal_id = p.terminal_id))
    AND NOT EXISTS (
      SELECT FROM terminal_past_bindings o WHERE o.past_binding_id <> p.past_binding_id
        AND (o.vehicle_id = p.vehicle_id OR o.terminal_id = p.terminal_id) AND o.during && tstzrange(lower(p.during), NEW.bound_since));
  RETURN NEW;
END $$;
CREATE TRIGGER terminals_begun BEFORE UPDATE OF bound_since ON terminals FOR EACH ROW
  WHEN (NEW.vehicle_id = OLD.vehicle_id AND NEW.bound_since <> OLD.bound_since) EXECUTE FUNCTION move_swap();

-- Down Migration
DROP TRIGGER terminals_begun ON terminals;
DROP FUNCTION move_swap;
