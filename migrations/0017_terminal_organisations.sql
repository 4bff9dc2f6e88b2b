-- Up Migration
-- Whose a terminal is. In a vehicle it is the unit's that uses the vehicle; taken off, it stays with that unit; never fitted, it is the
-- organisation's for which it was registered. Only who may act for that organisation fits it.
ALTER TABLE terminals ADD COLUMN organisation_id int REFERENCES organisations;
UPDATE terminals t SET organisation_id = coalesce(
  (SELECT v.user_unit_id FROM vehicles v WHERE v.vehicle_id = t.vehicle_id), (SELECT organisation_id FROM organisations WHERE parent_id IS NULL));
ALTER TABLE terminals ALTER COLUMN organisation_id SET NOT NULL;
CREATE INDEX terminals_by_organisation ON terminals (organisation_id) WHERE vehicle_id IS NULL;

CREATE FUNCTION keep_terminal_organisation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.vehicle_id IS NOT NULL THEN
    NEW.organisation_id := (SELECT user_unit_id FROM vehicles WHERE vehicle_id = NEW.vehicle_id);
  ELSIF TG_OP = 'UPDATE' THEN
    -- An organisation that is named beside the taking off holds.
    IF OLD.vehicle_id IS NOT NULL AND (NEW.organisation_id IS NULL OR NEW.organisation_id = OLD.organisation_id) THEN
      NEW.organisation_id := (SELECT user_unit_id FROM vehicles WHERE vehicle_id = OLD.vehicle_id);
    END IF;
    NEW.organisation_id := coalesce(NEW.organisation_id, OLD.organisation_id);
  END IF;
  -- Registered for nobody in particular: the region's own stock.
  IF NEW.organisation_id IS NULL THEN
    NEW.organisation_id := (SELECT organisation_id FROM organisations WHERE parent_id IS NULL);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER terminals_owned BEFORE INSERT OR UPDATE OF vehicle_id, organisation_id ON terminals
  FOR EACH ROW EXECUTE FUNCTION keep_terminal_organisation();

-- Down Migration
DROP TRIGGER terminals_owned ON terminals;
DROP FUNCTION keep_terminal_organisation;
ALTER TABLE terminals DROP COLUMN organisation_id;
