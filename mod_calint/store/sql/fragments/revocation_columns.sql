-- Of calendar_jobs: what revocation_from() reads.
organization_id,
id,
coalesce(integration_id, 0)::text AS integration_id,
user_id,
provider,
token_encrypted,
seal_id,
grant_organization_id,
account_key,
grant_generation,
attempts,
deadline_at
