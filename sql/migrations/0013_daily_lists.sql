-- Each list of calendars is read anew about once a day.
INSERT INTO calendar_chores (chore) VALUES ('lists');
