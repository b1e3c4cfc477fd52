-- Of a breaker "b" of an organisation's own client: the client's latest version. A secret that is saved anew is
-- another.
(SELECT max(version)::text
 FROM calendar_oauth_clients o
 WHERE b.organization_id <> ''
   AND o.organization_id = b.organization_id
   AND o.provider = b.provider)
