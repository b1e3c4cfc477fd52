-- What the rows of calint_users lack: how many have no id, no login, no organisation, or a flag that says neither yes
-- nor no, and in a database without an encoding, text that isn't UTF-8 (the Unicode Standard's table 3-7, in
-- hexadecimal).
SELECT
  count(*) FILTER (WHERE id IS NULL) AS without_id,
  count(*) FILTER (WHERE login IS NULL) AS without_login,
  count(*) FILTER (WHERE organization_id IS NULL) AS without_organization,
  count(*) FILTER (WHERE active IS NULL) AS without_active,
  count(*) FILTER (WHERE is_admin IS NULL OR is_interviewer IS NULL OR is_scheduler IS NULL) AS without_rights,
  count(*) FILTER (
    WHERE current_setting('server_encoding') = 'SQL_ASCII'
      AND encode(
        convert_to(concat_ws(' ', id, organization_id, login, email, name, time_zone), 'SQL_ASCII'), 'hex')
        !~ '^([0-7].|(c[2-9a-f]|d.)[89ab].|(e0[ab]|e[1-9a-cef][89ab]|ed[89]).[89ab].|(f0[9ab]|f[1-3][89ab]|f48).([89ab].){2})*$'
  ) AS without_utf8
FROM calint_users;
