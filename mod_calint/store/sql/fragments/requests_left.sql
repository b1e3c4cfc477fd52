-- Of "calendar_quotas q" and what a claim would begin it with, "excluded": what is left now. It is never more than ten
-- seconds bring, so that a minute's limit isn't met by two minutes' requests.
least(
  excluded.requests + excluded.granted,
  q.requests
    + greatest(0, extract(epoch FROM now() - q.counted_at)::double precision)
      * (excluded.requests + excluded.granted) / 10)
