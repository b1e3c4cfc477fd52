-- Takes the lock of a user's integrations until the transaction ends. In a statement of its own, so that what follows
-- sees what the last holder committed.
SELECT pg_advisory_xact_lock(hashtextextended(:organization_id || chr(31) || :user_id, 455));
