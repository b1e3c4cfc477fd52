// Lints the description of the interface that is named; a line for each thing that is wrong, and 1 where there is any.
import core from "@redocly/openapi-core";

// Who serves it does so under terms of their own.
const config = await core.createConfig({ extends: ["recommended-strict"], rules: { "info-license": "off" } });
const found = await core.lint({ ref: process.argv[2], config });
for (const { severity, ruleId, message, location } of found)
  console.log(`${severity} ${ruleId}: ${message} (${location[0]?.pointer})`);
process.exit(found.length === 0 ? 0 : 1);
