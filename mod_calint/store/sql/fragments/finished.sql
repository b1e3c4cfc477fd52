-- A job worked: its lease ends, and it comes again at its time; at once where it became due while it ran.
lease_owner = NULL,
lease_until = NULL,
attempts = 0,
last_error = NULL,
due_at = CASE WHEN due_at = :claimed_due_at::timestamptz THEN :due_at::timestamptz ELSE least(due_at, :due_at) END
