-- Whether the ATS hasn't heard of an integration yet: its first connection waits for its calendars to be read. Of a row
-- of calendar_integrations as it was before.
generation = 1
AND status = 'error'
AND last_error = 'not_validated'
