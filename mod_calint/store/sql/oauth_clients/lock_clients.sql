-- Takes the lock of an organisation's OAuth clients until the transaction ends. In a statement of its own, so that what
-- follows sees what the last holder committed.
SELECT pg_advisory_xact_lock(hashtextextended(:organization_id || chr(31) || :provider, 456));
