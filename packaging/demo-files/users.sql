-- The demonstration's people, in the table that "calintctl migrate --with-ats-tables" made.
INSERT INTO users (organization_id, email, name, is_admin, is_interviewer, active)
SELECT '1', email, name, is_admin, is_interviewer, true
FROM (VALUES ('ada@example.com', 'Ada Admin', true, false),
             ('ivy@example.com', 'Ivy Interviewer', false, true),
             ('ian@example.com', 'Ian Interviewer', false, true),
             ('nora@example.com', 'Nora Newcomer', false, false)) AS person (email, name, is_admin, is_interviewer)
WHERE NOT EXISTS (SELECT FROM users WHERE users.email = person.email);
