-- The lane of a connection's job where it is known without a look: that of the server's own client. '': calint_lane() finds it.
CASE WHEN :client_row::bigint IS NULL THEN coalesce(:provider || '/' || oauth_client_id, '') ELSE '' END
