-- Up Migration
-- An import that was applied carries the number of its act, as everything that an act writes. A dry run is none: it changes nothing.
ALTER TABLE imports ADD COLUMN act bigint;
CREATE TRIGGER imports_act_applied BEFORE UPDATE OF applied_at, act ON imports FOR EACH ROW EXECUTE FUNCTION number_act();
-- One that is laid into the table as applied.
CREATE TRIGGER imports_act BEFORE INSERT ON imports FOR EACH ROW
  WHEN (NEW.applied_at IS NOT NULL OR NEW.act IS NOT NULL) EXECUTE FUNCTION number_act();

-- Down Migration
DROP TRIGGER imports_act ON imports;
DROP TRIGGER imports_act_applied ON imports;
ALTER TABLE imports DROP COLUMN act;
