-- An audit row about an organisation's rules: what was asked for. Its id stands in the row where the ATS's audit log
-- can hold it.
SELECT calint_audit(
    :organization_id,
    :actor_id,
    'calendar_organization_settings.updated',
    'CalendarOrganizationSettings',
    CASE WHEN :organization_id ~ '^[0-9]{1,18}$' THEN :organization_id ELSE '0' END,
    jsonb_build_object('rules', :change::jsonb),
    :ip_address,
    :user_agent);
