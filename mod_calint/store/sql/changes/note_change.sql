-- What the ATS should hear of an integration, whose status is the new one already.
INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)
VALUES (:organization_id, :user_id, :integration_id::bigint, :change);
