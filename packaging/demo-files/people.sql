-- The demonstration's users, put in once.
INSERT INTO users (organization_id, email, name, is_admin, is_interviewer, is_scheduler)
SELECT 1, new.email, new.name, new.is_admin, new.is_interviewer, new.is_scheduler
FROM (VALUES ('ada@ats.example', 'Ada Admin', true, false, false),
             ('ivy@ats.example', 'Ivy Interviewer', false, true, false),
             ('ian@ats.example', 'Ian Interviewer', false, true, false),
             ('nora@ats.example', 'Nora Neither', false, false, false),
             ('sam@ats.example', 'Sam Scheduler', false, false, true))
  AS new (email, name, is_admin, is_interviewer, is_scheduler)
WHERE NOT EXISTS (SELECT FROM users WHERE users.email = new.email);
