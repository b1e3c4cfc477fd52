// A CalDAV client does its usual work against iCloud; what it saw is printed as JSON.
import {DAVClient} from 'tsdav';

const {base, username, password, calendarName} = JSON.parse(process.argv[2]);
const client = new DAVClient({serverUrl: base, credentials: {username, password}, authMethod: 'Basic',
  defaultAccountType: 'caldav'});
const seen = {};
const event = (...lines) => ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//y//EN', 'BEGIN:VEVENT', 'UID:U-1',
  'DTSTAMP:20270101T000000Z', 'CREATED:20270101T000000Z', 'LAST-MODIFIED:20270101T000000Z',
  'DTSTART:20270121T090000Z', 'DTEND:20270121T100000Z', ...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');

await client.login();
const calendars = await client.fetchCalendars();
seen.calendars = calendars.map((one) => one.displayName);
const calendar = calendars.find((one) => one.displayName === calendarName);
seen.reports = calendar.reports;
seen.objects = (await client.fetchCalendarObjects({calendar})).length;
const timeRange = {start: '2027-01-11T00:00:00Z', end: '2027-01-12T00:00:00Z'};
seen.inWindow = (await client.fetchCalendarObjects({calendar, timeRange})).length;

const wanted = {calendar, filename: 'U-1.ics', iCalString: event('SUMMARY:a')};
const created = await client.createCalendarObject(wanted);
const etag = created.headers.get('etag');
seen.created = [created.status, etag.startsWith('"C=')];
seen.twice = (await client.createCalendarObject(wanted)).status;
const url = `${calendar.url}U-1.ics`;
seen.changed = (await client.updateCalendarObject({calendarObject: {url, etag, data: event('SUMMARY:b')}})).status;
seen.stale = (await client.updateCalendarObject({calendarObject: {url, etag, data: event('SUMMARY:c')}})).status;
const synced = await client.smartCollectionSync({collection: {...calendar, objects: [],
  objectMultiGet: client.calendarMultiGet.bind(client)}, method: 'webdav', detailedResult: true});
seen.synced = synced.objects.created.length;
seen.dirty = (await client.isCollectionDirty({collection: calendar})).isDirty;
seen.deleted = (await client.deleteCalendarObject({calendarObject: {url}})).status;
console.log(JSON.stringify(seen));
