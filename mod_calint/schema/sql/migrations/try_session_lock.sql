-- Takes the lock of all migrations for the session, if it is free. Its number is "calint" in ASCII.
SELECT pg_try_advisory_lock(x'63616c696e74'::bigint) AS got;
