-- Whether an account is being revoked through any organisation's OAuth client.
CREATE INDEX calendar_grants_revoking ON calendar_grants (account_key) WHERE revoking_until IS NOT NULL;
