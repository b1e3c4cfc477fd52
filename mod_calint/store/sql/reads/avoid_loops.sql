-- Until the transaction ends, sets of rows are compared by hashing. Tables that a read has just filled have no statistics,
-- and a loop over what they are thought to have takes minutes for a calendar of 100,000 events.
SELECT set_config('enable_nestloop', 'off', true);
