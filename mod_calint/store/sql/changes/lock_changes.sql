-- Until the transaction ends, nobody else numbers this organisation's changes. In a statement of its own, so that what
-- follows sees what the last holder committed.
SELECT pg_advisory_xact_lock(hashtextextended(:organization_id, 457));
