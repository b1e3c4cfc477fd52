-- An audit row about an organisation's OAuth client: the server's where there is no client_id. The settings are the
-- organisation's: its id stands in the row where the ATS's audit log can hold it.
SELECT calint_audit(
    :organization_id,
    :actor_id,
    'calendar_organization_settings.updated',
    'CalendarOrganizationSettings',
    CASE WHEN :organization_id ~ '^[0-9]{1,18}$' THEN :organization_id ELSE '0' END,
    jsonb_strip_nulls(jsonb_build_object(
      'provider', :provider::text,
      'oauth_client', CASE WHEN :client_id::text IS NULL THEN 'server' ELSE 'organization' END,
      'client_id', :client_id,
      'version', :version::bigint,
      'tenant', :tenant::text)),
    :ip_address,
    :user_agent);
