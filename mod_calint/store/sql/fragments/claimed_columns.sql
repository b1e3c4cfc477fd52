-- Of "claimed j" beside "round": what claimed_from() reads.
round.may_be_more,
round.ended_at,
j.id AS job,
j.organization_id AS job_organization,
j.integration_id AS job_integration,
j.subject AS job_subject,
j.attempts AS job_attempts,
j.due_at AS job_due_at
