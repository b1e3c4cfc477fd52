-- Takes the lock of a provider account until the transaction ends: connect and revoke come one after the other, also
-- where organisations with OAuth clients of their own share a project, in which a revocation ends all grants at once.
-- In a statement of its own, so that what follows sees what the last holder committed.
SELECT pg_advisory_xact_lock(hashtextextended(:account_key, 457));
