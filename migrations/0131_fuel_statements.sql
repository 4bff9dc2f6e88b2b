-- Up Migration
-- Statements of suppliers of fuel and current: their lines, what each was matched to, and the bills that follow. The law is services/domain/fuelStatement.ts.

CREATE TABLE fuel_statements (
  statement_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Whoever imports: lines of cards that are not on file are this organisation's.
  unit_id      int NOT NULL REFERENCES organisations,
  supplier_id  int NOT NULL REFERENCES suppliers,
  file_name    text NOT NULL,
  sha256       text NOT NULL,
  imported_at  timestamptz NOT NULL,
  imported_by  int NOT NULL REFERENCES accounts,
  act          bigint
);
CREATE INDEX fuel_statements_of_unit ON fuel_statements (unit_id);

CREATE TABLE fuel_lines (
  line_id      int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  statement_id int NOT NULL REFERENCES fuel_statements,
  supplier_id  int NOT NULL REFERENCES suppliers,
  -- As a spreadsheet counts it.
  row          int NOT NULL,
  card_no      text NOT NULL,
  -- To the minute: some layouts have no seconds. clocked false: the day alone is known.
  at           timestamptz NOT NULL,
  clocked      boolean NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('fuel', 'charge')),
  fen          bigint NOT NULL CHECK (fen > 0),
  -- Thousandths of a litre or of a kilowatt hour; 0 = not said.
  quantity     bigint NOT NULL CHECK (quantity >= 0),
  station      text NOT NULL,
  -- Which of equal lines of one file it is.
  ordinal      int NOT NULL,
  unit_id      int NOT NULL REFERENCES organisations,
  fuel_card_id int REFERENCES fuel_cards,
  vehicle_id   int REFERENCES vehicles,
  place_id     int REFERENCES places,
  verdict      text NOT NULL,
  why          text,
  state        text NOT NULL CHECK (state IN ('MATCHED', 'WAITING', 'DISMISSED')),
  version      int NOT NULL DEFAULT 1,
  act          bigint,
  -- What was imported before is known again, whatever file it comes in.
  UNIQUE (supplier_id, card_no, at, fen, quantity, ordinal)
);
CREATE INDEX fuel_lines_of_statement ON fuel_lines (statement_id, row);
CREATE INDEX fuel_lines_of_vehicle ON fuel_lines (vehicle_id, at) WHERE state = 'MATCHED';
CREATE INDEX fuel_lines_waiting ON fuel_lines (unit_id) WHERE state = 'WAITING';

ALTER TABLE cost_bills ADD COLUMN line_id int UNIQUE REFERENCES fuel_lines;

CREATE TRIGGER fuel_statements_act BEFORE INSERT OR UPDATE OF sha256, act ON fuel_statements FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER fuel_lines_act BEFORE INSERT OR UPDATE OF version, act ON fuel_lines FOR EACH ROW EXECUTE FUNCTION number_act();

-- A fill that a statement tells of is a fact of its vehicle's day (R14), matched or not yet; one that was dismissed is none.
CREATE FUNCTION supervise_fuel_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM mark_supervision(NEW.vehicle_id, NEW.at, NEW.at);
  RETURN NULL;
END
$$;
CREATE TRIGGER fuel_lines_supervised AFTER INSERT OR UPDATE OF state ON fuel_lines FOR EACH ROW
  WHEN (NEW.kind = 'fuel' AND NEW.vehicle_id IS NOT NULL) EXECUTE FUNCTION supervise_fuel_line();

-- Down Migration
ALTER TABLE cost_bills DROP COLUMN line_id;
DROP TABLE fuel_lines, fuel_statements;
DROP FUNCTION supervise_fuel_line;
