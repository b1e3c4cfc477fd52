-- Gives the session's lock of all migrations back.
SELECT pg_advisory_unlock(x'63616c696e74'::bigint);
