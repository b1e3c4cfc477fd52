-- Of calendar_integrations: the active one, unless it was connected, reconnected or ended since it was seen.
organization_id = :organization_id
AND id = :id::bigint
AND generation = :generation::bigint
AND active
