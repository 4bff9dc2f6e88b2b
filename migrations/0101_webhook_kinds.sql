-- Up Migration
-- Other systems are told of requests and orders; who is on leave was offered to them and never sent.
UPDATE webhooks SET kinds = CASE WHEN cardinality(k.kept) = 0 THEN ARRAY['request.submit'] ELSE k.kept END, state = CASE WHEN cardinality(k.kept) = 0 THEN 'off' ELSE state END
FROM (SELECT webhook_id, ARRAY(SELECT kind FROM unnest(kinds) kind WHERE kind NOT LIKE 'leave.%') AS kept FROM webhooks) k
WHERE k.webhook_id = webhooks.webhook_id AND k.kept <> webhooks.kinds;

-- Down Migration
SELECT 1;
