-- The demonstration's users, put in once.
INSERT INTO users (organization_id, email, name, is_admin, is_interviewer)
SELECT 1, new.email, new.name, new.is_admin, new.is_interviewer
FROM (VALUES ('ada@ats.example', 'Ada Admin', true, false),
             ('ivy@ats.example', 'Ivy Interviewer', false, true),
             ('ian@ats.example', 'Ian Interviewer', false, true),
             ('nora@ats.example', 'Nora Neither', false, false)) AS new (email, name, is_admin, is_interviewer)
WHERE NOT EXISTS (SELECT FROM users WHERE users.email = new.email);
