-- Takes the turn for what a person may do once in :pause; seconds to wait where it is too soon.
WITH judged AS (
  SELECT true AS possible
),
\ir ../fragments/turn.sql
SELECT
  \ir ../fragments/wait_for_turn.sql
  AS wait;
