-- Up Migration
-- A name that files know an organisation by, whatever it is called and wherever it stands: imports and exports speak in it.
ALTER TABLE organisations ADD COLUMN code text;
UPDATE organisations SET code = adcode || '-' || organisation_id;
ALTER TABLE organisations ALTER COLUMN code SET NOT NULL, ADD CONSTRAINT organisations_code_key UNIQUE (code);

CREATE FUNCTION give_organisation_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.code IS NULL THEN
    NEW.code := NEW.adcode || '-' || NEW.organisation_id;
    -- A file from elsewhere may have brought just this code.
    WHILE EXISTS (SELECT FROM organisations WHERE code = NEW.code) LOOP
      NEW.code := NEW.code || 'X';
    END LOOP;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER organisations_coded BEFORE INSERT ON organisations FOR EACH ROW EXECUTE FUNCTION give_organisation_code();

-- As every row that can be changed: an import names the version it saw.
ALTER TABLE terminals ADD COLUMN version int NOT NULL DEFAULT 1;

-- Imports: the file that was uploaded, what its dry run found, and what applying it did.

CREATE TABLE imports (
  import_id       int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject         text NOT NULL,
  file_name       text NOT NULL,
  -- The bytes as they came, so that applying reads what was judged and nothing else. Dropped once applied or forgotten.
  file            bytea,
  file_sha256     bytea NOT NULL,
  account_id      int NOT NULL REFERENCES accounts,
  -- The importer's scope: two imports whose subtrees meet never run at once.
  organisation_id int NOT NULL REFERENCES organisations,
  created_at      timestamptz NOT NULL,
  applied_at      timestamptz,
  -- Someone is checking or applying it until then; a server that died lets go by itself.
  busy_until      timestamptz,
  state           text NOT NULL CHECK (state IN ('checking', 'refused', 'checked', 'applied')),
  -- What the dry run answered.
  result          jsonb
);
CREATE INDEX imports_by_account ON imports (account_id, import_id DESC);
CREATE INDEX imports_busy ON imports (busy_until) WHERE busy_until IS NOT NULL;

-- Down Migration
DROP TABLE imports;
ALTER TABLE terminals DROP COLUMN version;
DROP TRIGGER organisations_coded ON organisations;
DROP FUNCTION give_organisation_code;
ALTER TABLE organisations DROP COLUMN code;
