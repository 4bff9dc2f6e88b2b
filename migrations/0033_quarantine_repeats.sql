-- Up Migration
-- The same message may leave other positions aside when it comes again, or is put through again: `positions` is how many at the last time,
-- and what was counted the times before is kept beside it, so that the tally and the rows agree.
ALTER TABLE quarantine ADD COLUMN earlier_positions bigint NOT NULL DEFAULT 0;
UPDATE quarantine SET earlier_positions = (times - 1) * positions WHERE times > 1;

-- Down Migration
ALTER TABLE quarantine DROP COLUMN earlier_positions;
