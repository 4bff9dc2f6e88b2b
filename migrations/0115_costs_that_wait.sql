-- Up Migration
-- Whoever approves costs is told what waits for him, again and again: found without going through all orders that were ever driven.
CREATE INDEX order_costs_undecided ON order_costs (order_id) WHERE question IS NOT NULL AND decision IS NULL;
CREATE INDEX dispatch_orders_to_approve ON dispatch_orders (since) WHERE state = 'SETTLED';

-- Down Migration
DROP INDEX dispatch_orders_to_approve;
DROP INDEX order_costs_undecided;
