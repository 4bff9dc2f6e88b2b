-- Up Migration
-- Whoever is told of everything is told of what is added later as well: no list of kinds. Whoever chose all that there was when other systems could first be told
-- had chosen everything.
ALTER TABLE webhooks ALTER COLUMN kinds DROP NOT NULL;
UPDATE webhooks SET kinds = NULL WHERE kinds @> ARRAY['request.submit', 'request.agree', 'request.remind', 'request.escalate', 'request.emergency', 'request.approve',
  'request.giveBack', 'request.reject', 'request.decline', 'request.cancel', 'request.ratify', 'request.unratified', 'order.dispatch', 'order.move', 'order.withdraw',
  'order.void', 'order.accept', 'order.decline', 'order.lapse', 'order.release', 'order.reach', 'order.depart', 'order.comeBack', 'order.confirm',
  'order.confirmByTime', 'order.settle', 'order.giveBack'];

-- Down Migration
UPDATE webhooks SET kinds = ARRAY['request.submit', 'request.agree', 'request.remind', 'request.escalate', 'request.emergency', 'request.approve', 'request.giveBack',
  'request.reject', 'request.decline', 'request.cancel', 'request.ratify', 'request.unratified', 'order.dispatch', 'order.move', 'order.withdraw', 'order.void', 'order.accept',
  'order.decline', 'order.lapse', 'order.release', 'order.reach', 'order.depart', 'order.comeBack', 'order.confirm', 'order.confirmByTime', 'order.settle', 'order.giveBack']
WHERE kinds IS NULL;
ALTER TABLE webhooks ALTER COLUMN kinds SET NOT NULL;
