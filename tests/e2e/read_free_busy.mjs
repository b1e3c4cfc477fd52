// What ical.js reads of the free/busy text on standard input: JSON, a VFREEBUSY each.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const all = calendar.getAllSubcomponents("vfreebusy").map((one) => ({
  attendee: one.getFirstPropertyValue("attendee"),
  periods: one.getAllProperties("freebusy").flatMap((property) =>
    property.getValues().map((period) => [property.getParameter("fbtype"), ...[period.start, period.end].map(String)])),
}));
console.log(JSON.stringify(all));
