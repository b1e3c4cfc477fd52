-- Forgets what reads of this calendar left behind that ended early, and puts the mark of this one aside: a series without
-- a name. conflict where somebody else has the job's lease by now, or nobody; it lasts :lease from here on.
WITH
\ir ../fragments/leased.sql
,
\ir ../fragments/forgotten.sql
,
mark AS (
  INSERT INTO calendar_read_series (organization_id, sync_id, reader, series_key)
  SELECT :organization_id, :sync, :reader, ''
  FROM leased
)
SELECT calint_require(EXISTS (SELECT FROM leased));
