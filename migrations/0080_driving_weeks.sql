-- Up Migration
-- What a driver's orders may take of a week, beside the day. NULL: the week is not limited. Forty-four hours is the working week (劳动法 §36).
ALTER TABLE driving_limits ADD COLUMN week_min smallint CHECK (week_min BETWEEN 60 AND 10080);
UPDATE driving_limits SET week_min = 2640 WHERE organisation_id IS NULL AND effective_from = '2000-01-01';

-- Down Migration
ALTER TABLE driving_limits DROP COLUMN week_min;
