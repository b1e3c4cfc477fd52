-- A migration was applied.
INSERT INTO calendar_schema_migrations (version, name, sha256)
VALUES (:version::integer, :name, encode(sha256(:text::bytea), 'hex'));
