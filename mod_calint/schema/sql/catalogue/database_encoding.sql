-- What texts this database can hold.
SELECT current_setting('server_encoding') AS encoding;
