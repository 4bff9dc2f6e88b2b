-- Up Migration
-- Monthly letters of supervision to units (监督月报): numbered, made once of an organisation and month, kept as they were made.

CREATE TABLE letters (
  letter_id  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisations,
  month      text NOT NULL CHECK (month ~ '^[0-9]{4}-[0-9]{2}$'),
  -- Counted through the year in which it was made.
  year       int NOT NULL,
  number     int NOT NULL,
  -- Canonical JSON (services/dispatch/statistics/letters/letter.ts), with the vehicles by which it is asked again at each reading what may be seen; and its SHA-256.
  body       text NOT NULL,
  sha256     text NOT NULL,
  made_by    int NOT NULL REFERENCES accounts,
  made_at    timestamptz NOT NULL,
  act        bigint,
  UNIQUE (organisation_id, month),
  UNIQUE (year, number)
);

CREATE TRIGGER letters_act BEFORE INSERT OR UPDATE OF body, act ON letters FOR EACH ROW EXECUTE FUNCTION number_act();

-- Down Migration
DROP TABLE letters;
