-- Up Migration
-- Supervision: what rules suspect of vehicles, by which values, and what became of it. Rules, states, steps: services/domain/supervision.

-- The values of a rule from a day on: added, never changed. The nearest organisation above a vehicle's unit wins.
CREATE TABLE supervision_params (
  params_id       int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisations,
  code            text NOT NULL CHECK (code ~ '^R[0-9]{2}$'),
  effective_from  date NOT NULL,
  enabled         boolean NOT NULL,
  params          jsonb NOT NULL,
  note            text NOT NULL,
  set_by          int NOT NULL REFERENCES accounts,
  set_at          timestamptz NOT NULL,
  act             bigint,
  UNIQUE (organisation_id, code, effective_from)
);

CREATE TABLE supervision_findings (
  finding_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code       text NOT NULL,
  severity   text NOT NULL CHECK (severity IN ('remind', 'alarm')),
  vehicle_id int NOT NULL REFERENCES vehicles,
  -- Whose the vehicle was, who drove and on which order, as far as that is known, when it was last judged.
  unit_id    int NOT NULL REFERENCES organisations,
  driver_id  int REFERENCES drivers,
  order_id   int REFERENCES dispatch_orders,
  -- The service day that was judged, and from when to when it was so; NULL = it goes on.
  day        date NOT NULL,
  from_at    timestamptz NOT NULL,
  until_at   timestamptz CHECK (until_at >= from_at),
  -- Figure, threshold, points and orders, as the rule said it.
  suspicion  jsonb NOT NULL,
  -- The values it was judged by; NULL = those of the rule itself.
  params_id  int REFERENCES supervision_params,
  state      text NOT NULL,
  since      timestamptz NOT NULL,
  raised_at  timestamptz NOT NULL,
  -- When whoever is concerned was first told of it.
  told_at    timestamptz,
  version    int NOT NULL DEFAULT 1,
  act        bigint
);
CREATE INDEX supervision_findings_of_vehicle ON supervision_findings (vehicle_id, day);
CREATE INDEX supervision_findings_by_unit ON supervision_findings (unit_id, state);
CREATE INDEX supervision_findings_of_driver ON supervision_findings (driver_id) WHERE told_at IS NOT NULL;
CREATE INDEX supervision_findings_by_time ON supervision_findings (from_at DESC, finding_id DESC);
CREATE INDEX supervision_findings_waiting ON supervision_findings (since) WHERE state = 'NOTIFIED';
CREATE INDEX supervision_findings_of_order ON supervision_findings (order_id);

CREATE TABLE supervision_finding_steps (
  finding_id int NOT NULL REFERENCES supervision_findings,
  step       int NOT NULL,
  action     text NOT NULL,
  state      text NOT NULL,
  at         timestamptz NOT NULL,
  account_id int REFERENCES accounts,
  username   text NOT NULL,
  reason     text NOT NULL,
  data       jsonb NOT NULL DEFAULT '{}',
  act        bigint,
  PRIMARY KEY (finding_id, step)
);

CREATE TRIGGER supervision_params_act BEFORE INSERT OR UPDATE OF params, act ON supervision_params FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER supervision_findings_act BEFORE INSERT OR UPDATE OF version, act ON supervision_findings FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER supervision_finding_steps_act BEFORE INSERT OR UPDATE OF action, act ON supervision_finding_steps FOR EACH ROW EXECUTE FUNCTION number_act();

-- What is to be judged (again): one row a vehicle and day, however often it changed. `marks` tells a change that came while it was judged.
CREATE TABLE supervision_due (
  vehicle_id int NOT NULL REFERENCES vehicles,
  day        date NOT NULL,
  due_at     timestamptz NOT NULL DEFAULT '-infinity',
  marks      int NOT NULL DEFAULT 1,
  PRIMARY KEY (vehicle_id, day)
);
CREATE INDEX supervision_due_by_time ON supervision_due (due_at, day);
-- Up to which vehicle a day has been marked for all: what comes with the day alone is judged though nothing else happens.
CREATE TABLE supervision_days (
  day        date PRIMARY KEY,
  vehicle_id int NOT NULL
);

-- The days of the region that a span touches, and no more than two months of them.
CREATE FUNCTION mark_supervision(vehicle int, from_at timestamptz, until_at timestamptz) RETURNS void LANGUAGE sql AS $$
  INSERT INTO supervision_due (vehicle_id, day)
  SELECT vehicle, (from_at AT TIME ZONE 'Asia/Shanghai')::date + n
  FROM generate_series(0, least(62, (greatest(until_at, from_at) AT TIME ZONE 'Asia/Shanghai')::date - (from_at AT TIME ZONE 'Asia/Shanghai')::date)) AS n
  WHERE vehicle IS NOT NULL AND isfinite(from_at)
  ON CONFLICT (vehicle_id, day) DO UPDATE SET due_at = '-infinity', marks = supervision_due.marks + 1
$$;

CREATE FUNCTION supervise_trip() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM mark_supervision(OLD.vehicle_id, OLD.started_at, OLD.ended_at);
  ELSE
    PERFORM mark_supervision(NEW.vehicle_id, NEW.started_at, NEW.ended_at);
  END IF;
  RETURN NULL;
END
$$;
-- One that may still change says nothing yet.
CREATE TRIGGER trips_supervised AFTER INSERT ON trips FOR EACH ROW WHEN (NEW.confirmed_at IS NOT NULL) EXECUTE FUNCTION supervise_trip();
CREATE TRIGGER trips_gone_supervised AFTER DELETE ON trips FOR EACH ROW WHEN (OLD.confirmed_at IS NOT NULL) EXECUTE FUNCTION supervise_trip();

CREATE FUNCTION supervise_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM mark_supervision(NEW.vehicle_id, least(NEW.starts_at, NEW.departed_at), greatest(NEW.ends_at, NEW.returned_at));
  IF TG_OP = 'UPDATE' THEN
    PERFORM mark_supervision(OLD.vehicle_id, least(OLD.starts_at, OLD.departed_at), greatest(OLD.ends_at, OLD.returned_at));
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER dispatch_orders_supervised AFTER INSERT OR UPDATE ON dispatch_orders FOR EACH ROW EXECUTE FUNCTION supervise_order();

CREATE FUNCTION supervise_leg() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM mark_supervision(NEW.vehicle_id, NEW.from_at, NEW.until_at);
  RETURN NULL;
END
$$;
CREATE TRIGGER order_legs_supervised AFTER INSERT ON order_legs FOR EACH ROW EXECUTE FUNCTION supervise_leg();

-- Approved afterwards, or another destination.
CREATE FUNCTION supervise_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM mark_supervision(d.vehicle_id, least(d.starts_at, d.departed_at), greatest(d.ends_at, d.returned_at, NEW.ratify_by))
    FROM dispatch_orders d WHERE d.request_id = NEW.request_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER trip_requests_supervised AFTER UPDATE OF ratified_at, to_stop, via ON trip_requests FOR EACH ROW
  WHEN (OLD.ratified_at IS DISTINCT FROM NEW.ratified_at OR OLD.to_stop IS DISTINCT FROM NEW.to_stop OR OLD.via IS DISTINCT FROM NEW.via)
  EXECUTE FUNCTION supervise_request();

CREATE FUNCTION supervise_cost() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM mark_supervision(d.vehicle_id, NEW.at, NEW.at) FROM dispatch_orders d WHERE d.order_id = NEW.order_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER order_costs_supervised AFTER INSERT ON order_costs FOR EACH ROW WHEN (NEW.kind = 'fuel') EXECUTE FUNCTION supervise_cost();

CREATE FUNCTION supervise_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'DELETE' THEN
    PERFORM mark_supervision(NEW.vehicle_id, lower(NEW.during), coalesce(upper(NEW.during), lower(NEW.during)));
  END IF;
  IF TG_OP <> 'INSERT' THEN
    PERFORM mark_supervision(OLD.vehicle_id, lower(OLD.during), coalesce(upper(OLD.during), lower(OLD.during)));
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER reservations_sealed_supervised AFTER INSERT OR UPDATE ON reservations FOR EACH ROW WHEN (NEW.reason = 'seal') EXECUTE FUNCTION supervise_seal();
CREATE TRIGGER reservations_unsealed_supervised AFTER DELETE ON reservations FOR EACH ROW WHEN (OLD.reason = 'seal') EXECUTE FUNCTION supervise_seal();

-- What the law judges as a state is looked at on the newest day that there is of the vehicle.
CREATE FUNCTION supervise_vehicle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE supervision_due SET due_at = '-infinity', marks = marks + 1 WHERE vehicle_id = NEW.vehicle_id;
  INSERT INTO supervision_due (vehicle_id, day) SELECT NEW.vehicle_id, max(day) FROM supervision_days HAVING max(day) IS NOT NULL ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER vehicles_supervised AFTER UPDATE ON vehicles FOR EACH ROW
  WHEN ((OLD.inspection_until, OLD.insurance_until, OLD.quota_seat, OLD.price_fen, OLD.displacement_ml, OLD.state, OLD.user_unit_id)
    IS DISTINCT FROM (NEW.inspection_until, NEW.insurance_until, NEW.quota_seat, NEW.price_fen, NEW.displacement_ml, NEW.state, NEW.user_unit_id))
  EXECUTE FUNCTION supervise_vehicle();

-- A day that becomes free, or a working day, concerns everybody who was judged by it.
CREATE FUNCTION supervise_calendar() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed date := CASE TG_OP WHEN 'DELETE' THEN OLD.day ELSE NEW.day END;
BEGIN
  INSERT INTO supervision_due (vehicle_id, day) SELECT DISTINCT t.vehicle_id, changed FROM trips t
    WHERE t.started_at < ((changed + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') AND t.ended_at > (changed::timestamp AT TIME ZONE 'Asia/Shanghai')
      AND t.confirmed_at IS NOT NULL
  ON CONFLICT (vehicle_id, day) DO UPDATE SET due_at = '-infinity', marks = supervision_due.marks + 1;
  RETURN NULL;
END
$$;
CREATE TRIGGER calendar_days_supervised AFTER INSERT OR UPDATE OR DELETE ON calendar_days FOR EACH ROW EXECUTE FUNCTION supervise_calendar();

-- Down Migration
DROP TRIGGER calendar_days_supervised ON calendar_days;
DROP TRIGGER vehicles_supervised ON vehicles;
DROP TRIGGER reservations_unsealed_supervised ON reservations;
DROP TRIGGER reservations_sealed_supervised ON reservations;
DROP TRIGGER order_costs_supervised ON order_costs;
DROP TRIGGER trip_requests_supervised ON trip_requests;
DROP TRIGGER order_legs_supervised ON order_legs;
DROP TRIGGER dispatch_orders_supervised ON dispatch_orders;
DROP TRIGGER trips_gone_supervised ON trips;
DROP TRIGGER trips_supervised ON trips;
DROP FUNCTION supervise_calendar, supervise_vehicle, supervise_seal, supervise_cost, supervise_request, supervise_leg, supervise_order, supervise_trip,
  mark_supervision;
DROP TABLE supervision_days, supervision_due, supervision_finding_steps, supervision_findings, supervision_params;
