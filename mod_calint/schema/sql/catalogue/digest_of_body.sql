-- The digest of a function's body, as the mark in its comment has it.
SELECT encode(sha256(convert_to(:body, 'UTF8')), 'hex') AS digest;
