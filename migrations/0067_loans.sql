-- Up Migration
-- Vehicles lent to another unit for a time: asked for, consented to by whose they are, or under an agreement that stands.
-- States and who may take which step: services/domain/loans.ts.

CREATE TABLE loan_agreements (
  agreement_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lender_id    int NOT NULL REFERENCES organisations,
  borrower_id  int NOT NULL REFERENCES organisations,
  from_day     date NOT NULL,
  until_day    date NOT NULL,
  note         text NOT NULL,
  act          bigint,
  CHECK (lender_id <> borrower_id AND from_day <= until_day)
);
CREATE INDEX loan_agreements_of_borrower ON loan_agreements (borrower_id);

CREATE TABLE vehicle_loans (
  loan_id      int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  vehicle_id   int NOT NULL REFERENCES vehicles,
  lender_id    int NOT NULL REFERENCES organisations,
  borrower_id  int NOT NULL REFERENCES organisations,
  -- From (included) until (excluded).
  during       tstzrange NOT NULL CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
  state        text NOT NULL CHECK (state IN ('ASKED', 'CONSENTED', 'REFUSED', 'WITHDRAWN', 'ENDED')),
  agreement_id int REFERENCES loan_agreements,
  asked_at     timestamptz NOT NULL,
  version      int NOT NULL DEFAULT 1,
  act          bigint,
  CHECK (lender_id <> borrower_id),
  -- A vehicle is lent to one at a time.
  CONSTRAINT vehicle_loans_once EXCLUDE USING gist (vehicle_id WITH =, during WITH &&) WHERE (state = 'CONSENTED')
);
CREATE INDEX vehicle_loans_of_borrower ON vehicle_loans (borrower_id);
CREATE INDEX vehicle_loans_of_lender ON vehicle_loans (lender_id);

CREATE TABLE vehicle_loan_steps (
  loan_id    int NOT NULL REFERENCES vehicle_loans,
  step       int NOT NULL,
  action     text NOT NULL,
  state      text NOT NULL,
  at         timestamptz NOT NULL,
  account_id int REFERENCES accounts,
  username   text NOT NULL,
  reason     text NOT NULL,
  data       jsonb NOT NULL DEFAULT '{}',
  act        bigint,
  PRIMARY KEY (loan_id, step)
);

CREATE TRIGGER loan_agreements_act BEFORE INSERT OR UPDATE OF until_day, act ON loan_agreements FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER vehicle_loans_act BEFORE INSERT OR UPDATE OF version, act ON vehicle_loans FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER vehicle_loan_steps_act BEFORE INSERT OR UPDATE OF action, act ON vehicle_loan_steps FOR EACH ROW EXECUTE FUNCTION number_act();

-- Down Migration
DROP TABLE vehicle_loan_steps;
DROP TABLE vehicle_loans;
DROP TABLE loan_agreements;
