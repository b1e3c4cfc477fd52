-- Takes the locks of a user's integrations and of a provider account, in this order, as lock_user.sql and
-- lock_account.sql do: in a statement of its own, so that what follows sees what the last holders committed.
SELECT
  pg_advisory_xact_lock(hashtextextended(:organization_id || chr(31) || :user_id, 455)),
  pg_advisory_xact_lock(hashtextextended(:account_key, 457));
