-- Of a job: whether its provider named a time that isn't over. Not of one that runs: its last_error is of the time before.
last_error = 'told_to_wait' AND due_at > now()
