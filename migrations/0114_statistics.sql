-- Up Migration
-- Statistics of days gone by: what a vehicle's file said before each of its changes, read out of the audit log, which is the only past there is.

-- Until when a field had this value, by the record that says so. Follows from the log and can be made from it anew.
CREATE TABLE vehicle_field_past (
  vehicle_id int NOT NULL REFERENCES vehicles,
  field      text NOT NULL,
  seq        bigint NOT NULL,
  until      timestamptz NOT NULL,
  value      jsonb NOT NULL,
  PRIMARY KEY (vehicle_id, field, seq)
);
CREATE INDEX vehicle_field_past_by_time ON vehicle_field_past (until);
-- Up to which record the log has been read.
CREATE TABLE vehicle_field_past_read (one boolean PRIMARY KEY DEFAULT true CHECK (one), seq bigint NOT NULL);
INSERT INTO vehicle_field_past_read (seq) VALUES (0);

-- What the log has said since it was last read, of the fields that statistics count by; and all of it.
CREATE VIEW vehicle_field_news AS
  SELECT l.subject_id::int AS vehicle_id, e.key AS field, l.seq, l.at AS until, e.value
  FROM audit_log l CROSS JOIN LATERAL jsonb_each(l.body::jsonb -> 'before') e
  WHERE l.seq > (SELECT r.seq FROM vehicle_field_past_read r) AND l.subject_type = 'vehicle' AND l.body LIKE '%"before":{%'
    AND e.key IN ('userUnitId', 'class', 'category', 'bodyType', 'energy', 'origin', 'displacementMl', 'priceFen', 'inServiceOn', 'registeredOn', 'state');
CREATE VIEW vehicle_field_values AS
  SELECT vehicle_id, field, seq, until, value FROM vehicle_field_past UNION ALL SELECT vehicle_id, field, seq, until, value FROM vehicle_field_news;

-- Vehicles as their files said when the day of the region was over, those in service alone: put into service, and not disposed of.
CREATE FUNCTION vehicles_on(day date) RETURNS TABLE (vehicle_id int, secrecy boolean, user_unit_id int, class text, category text, body_type text, energy text,
  origin text, displacement_ml int, price_fen bigint, in_service_on date)
LANGUAGE sql STABLE AS $$
  WITH past AS (
    SELECT p.vehicle_id, jsonb_object_agg(p.field, p.value) AS was FROM (
      SELECT DISTINCT ON (f.vehicle_id, f.field) f.vehicle_id, f.field, f.value FROM public.vehicle_field_values f
      WHERE f.until >= (day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' ORDER BY f.vehicle_id, f.field, f.seq) p
    GROUP BY p.vehicle_id),
  told AS (
    SELECT v.vehicle_id, v.secrecy,
      CASE WHEN p.was ? 'userUnitId' THEN (p.was ->> 'userUnitId')::int ELSE v.user_unit_id END AS user_unit_id,
      CASE WHEN p.was ? 'class' THEN p.was ->> 'class' ELSE v.class END AS class,
      CASE WHEN p.was ? 'category' THEN p.was ->> 'category' ELSE v.category END AS category,
      CASE WHEN p.was ? 'bodyType' THEN p.was ->> 'bodyType' ELSE v.body_type END AS body_type,
      CASE WHEN p.was ? 'energy' THEN p.was ->> 'energy' ELSE v.energy END AS energy,
      CASE WHEN p.was ? 'origin' THEN p.was ->> 'origin' ELSE v.origin END AS origin,
      CASE WHEN p.was ? 'displacementMl' THEN (p.was ->> 'displacementMl')::int ELSE v.displacement_ml END AS displacement_ml,
      CASE WHEN p.was ? 'priceFen' THEN (p.was ->> 'priceFen')::bigint ELSE v.price_fen END AS price_fen,
      coalesce(CASE WHEN p.was ? 'inServiceOn' THEN (p.was ->> 'inServiceOn')::date ELSE v.in_service_on END,
        CASE WHEN p.was ? 'registeredOn' THEN (p.was ->> 'registeredOn')::date ELSE v.registered_on END) AS in_service_on,
      CASE WHEN p.was ? 'state' THEN p.was ->> 'state' ELSE v.state END AS state
    FROM public.every_vehicle v LEFT JOIN past p ON p.vehicle_id = v.vehicle_id)
  SELECT vehicle_id, secrecy, user_unit_id, class, category, body_type, energy, origin, displacement_ml, price_fen, in_service_on FROM told
  WHERE in_service_on <= day AND state <> 'DISPOSED'
$$;

-- Down Migration
DROP FUNCTION vehicles_on;
DROP VIEW vehicle_field_values, vehicle_field_news;
DROP TABLE vehicle_field_past_read, vehicle_field_past;
