-- Up Migration
-- Requests whose time is over, and orders that nobody drove until their planned end: closed by the clock.
ALTER TABLE trip_requests DROP CONSTRAINT trip_requests_state_check;
ALTER TABLE trip_requests ADD CONSTRAINT trip_requests_state_check CHECK (state IN
  ('DRAFT', 'SUBMITTED', 'RETURNED', 'APPROVED', 'DISPATCHED', 'COMPLETED', 'DECLINED', 'REJECTED', 'CANCELLED', 'EXPIRED'));
CREATE INDEX trip_requests_over ON trip_requests (ends_at) WHERE state IN ('SUBMITTED', 'APPROVED');
ALTER TABLE dispatch_orders DROP CONSTRAINT dispatch_orders_state_check;
ALTER TABLE dispatch_orders ADD CONSTRAINT dispatch_orders_state_check CHECK (state IN
  ('DISPATCHED', 'ACCEPTED', 'RELEASED', 'DEPARTED', 'ON_BOARD', 'HANDED_OVER', 'RETURNED', 'CONFIRMED', 'SETTLED', 'CLOSED', 'DECLINED', 'VOIDED',
   'EXPIRED'));

-- Down Migration
ALTER TABLE dispatch_orders DROP CONSTRAINT dispatch_orders_state_check;
UPDATE dispatch_orders SET state = 'VOIDED' WHERE state = 'EXPIRED';
ALTER TABLE dispatch_orders ADD CONSTRAINT dispatch_orders_state_check CHECK (state IN
  ('DISPATCHED', 'ACCEPTED', 'RELEASED', 'DEPARTED', 'ON_BOARD', 'HANDED_OVER', 'RETURNED', 'CONFIRMED', 'SETTLED', 'CLOSED', 'DECLINED', 'VOIDED'));
DROP INDEX trip_requests_over;
ALTER TABLE trip_requests DROP CONSTRAINT trip_requests_state_check;
UPDATE trip_requests SET state = 'CANCELLED' WHERE state = 'EXPIRED';
ALTER TABLE trip_requests ADD CONSTRAINT trip_requests_state_check CHECK (state IN
  ('DRAFT', 'SUBMITTED', 'RETURNED', 'APPROVED', 'DISPATCHED', 'COMPLETED', 'DECLINED', 'REJECTED', 'CANCELLED'));
