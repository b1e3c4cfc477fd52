-- An audit row about a calendar integration; '0' where there is none.
SELECT calint_audit(
    :organization_id,
    :actor_id,
    'calendar_integration.' || :action,
    'CalendarIntegration',
    :integration_id,
    :metadata::jsonb,
    :ip_address,
    :user_agent);
