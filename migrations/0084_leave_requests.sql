-- Up Migration
-- Leave that drivers ask for. States and who may take which step: services/domain/leave.ts.

CREATE TABLE leave_requests (
  leave_request_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  driver_id  int NOT NULL REFERENCES drivers,
  asked_by   int NOT NULL REFERENCES accounts,
  key        uuid NOT NULL,
  kind       text NOT NULL,
  from_day   date NOT NULL,
  until_day  date NOT NULL,
  reason     text NOT NULL,
  state      text NOT NULL CHECK (state IN ('ASKED', 'GRANTED', 'REFUSED', 'WITHDRAWN', 'CANCELLED')),
  asked_at   timestamptz NOT NULL,
  -- The leave that was granted.
  leave_id   int UNIQUE REFERENCES driver_leaves ON DELETE SET NULL,
  version    int NOT NULL DEFAULT 1,
  act        bigint,
  CHECK (from_day <= until_day),
  UNIQUE (asked_by, key)
);
CREATE INDEX leave_requests_of_driver ON leave_requests (driver_id);
CREATE INDEX leave_requests_open ON leave_requests (asked_at) WHERE state = 'ASKED';

CREATE TABLE leave_request_steps (
  leave_request_id int NOT NULL REFERENCES leave_requests,
  step       int NOT NULL,
  action     text NOT NULL,
  state      text NOT NULL,
  at         timestamptz NOT NULL,
  account_id int REFERENCES accounts,
  username   text NOT NULL,
  reason     text NOT NULL,
  data       jsonb NOT NULL DEFAULT '{}',
  act        bigint,
  PRIMARY KEY (leave_request_id, step)
);

CREATE TRIGGER leave_requests_act BEFORE INSERT OR UPDATE OF version, act ON leave_requests FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER leave_request_steps_act BEFORE INSERT OR UPDATE OF action, act ON leave_request_steps FOR EACH ROW EXECUTE FUNCTION number_act();

-- Down Migration
DROP TABLE leave_request_steps, leave_requests;
