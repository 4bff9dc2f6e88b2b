-- Up Migration
-- The steps of every procedure are kept in one shape. Those of quota applications kept only who and when; what was not kept is not known.
ALTER TABLE quota_steps ADD COLUMN step int, ADD COLUMN state text, ADD COLUMN username text, ADD COLUMN reason text,
  ADD COLUMN data jsonb NOT NULL DEFAULT '{}';
ALTER TABLE unmaskings ADD COLUMN version int NOT NULL DEFAULT 1;

-- Down Migration
ALTER TABLE unmaskings DROP COLUMN version;
ALTER TABLE quota_steps DROP COLUMN step, DROP COLUMN state, DROP COLUMN username, DROP COLUMN reason, DROP COLUMN data;
