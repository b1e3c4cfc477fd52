-- Of "calendar_jobs j": what revocation_from() reads.
j.organization_id,
j.id,
coalesce(j.integration_id, 0)::text AS integration_id,
j.user_id,
j.provider,
j.token_encrypted,
j.seal_id,
j.grant_organization_id,
j.account_key,
j.grant_generation,
j.deadline_at
