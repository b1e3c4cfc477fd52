-- What a listing of a calendar is compared with, and what is to be asked for again.

-- A series of which nothing is kept but its version has a row as well.
ALTER TABLE calendar_series
  ALTER body DROP NOT NULL,
  ADD version text,  -- as the provider named what was read last (an etag); null: it names none
  ADD owed    text;  -- it couldn't be got; what it is found by, opaque. body and version are of before then
CREATE INDEX calendar_series_owed ON calendar_series (organization_id, sync_id) WHERE owed IS NOT NULL;

-- Somebody asked for a look: the next one compares everything.
ALTER TABLE calendar_syncs ADD asked_at timestamptz;

ALTER TABLE calendar_read_items
  ADD version  text,
  ADD is_named boolean NOT NULL DEFAULT false;  -- `item` is what it is found by
ALTER TABLE calendar_read_series
  ADD version text,
  ADD owed    text,
  ADD stays   boolean NOT NULL DEFAULT false;   -- what is stored of it stays
