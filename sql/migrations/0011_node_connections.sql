-- How many connections to the database a node takes at most. null: a node of before, which doesn't say.
ALTER TABLE calendar_nodes ADD COLUMN database_connections integer;
