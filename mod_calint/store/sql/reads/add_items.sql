-- What a page names. conflict where somebody else has the job's lease by now, or nobody, or what was put aside is lost;
-- it lasts :lease from here on.
WITH
\ir ../fragments/leased.sql
,
added AS (
  INSERT INTO calendar_read_items (organization_id, sync_id, reader, series_key, event_key, is_removal, is_named, version,
                                   item)
  SELECT :organization_id, :sync::bigint, :reader, series, event, coalesce(removal, false), coalesce(named, false),
         version, item
  FROM leased,
    jsonb_array_elements(:items::jsonb) WITH ORDINALITY AS element (value, number),
    jsonb_to_record(value) AS one (series text, event text, removal boolean, named boolean, version text, item text)
  ORDER BY number
)
SELECT calint_require(EXISTS (SELECT FROM leased) AND
  \ir ../fragments/begun.sql
);
