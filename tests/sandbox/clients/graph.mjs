// Microsoft's own client does its usual work; what it saw is printed as JSON.
import {Client, PageIterator} from '@microsoft/microsoft-graph-client';

const {base, token, hook} = JSON.parse(process.argv[2]);
const client = Client.init({
  baseUrl: base, defaultVersion: 'v1.0', customHosts: new Set(['127.0.0.1']), authProvider: (done) => done(null, token),
});
const prefer = 'IdType="ImmutableId", outlook.timezone="UTC", odata.maxpagesize=2';
const at = (hour) => ({dateTime: `2027-01-21T${hour}:00:00`, timeZone: 'UTC'});
const seen = {};

async function refusal(call) {
  try {
    await call;
  } catch (problem) {
    return [problem.statusCode, problem.code];
  }
}

async function round(link) {
  const items = [];
  for (;;) {
    const page = await client.api(link).header('Prefer', prefer).get();
    items.push(...page.value);
    if (page['@odata.deltaLink']) return {items, link: page['@odata.deltaLink']};
    link = page['@odata.nextLink'];
  }
}

const calendars = await client.api('/me/calendars').select('id,name,isDefaultCalendar').top(50).get();
seen.calendars = calendars.value.map((one) => one.name);
const calendar = `/me/calendars/${calendars.value.find((one) => one.isDefaultCalendar).id}`;
const window = 'startDateTime=2027-01-01T00:00:00Z&endDateTime=2027-04-01T00:00:00Z';
const first = await round(`${calendar}/calendarView/delta?${window}`);
seen.first = first.items.map((one) => one.type);

const event = await client.api(`${calendar}/events`).header('Prefer', prefer).post({
  subject: 'Interview', body: {contentType: 'text', content: 'Panel'}, start: at('09'), end: at('10'),
  attendees: [{emailAddress: {address: 'jane@candidate.test', name: 'Jane'}, type: 'required'}],
  isOnlineMeeting: true, onlineMeetingProvider: 'teamsForBusiness', transactionId: 't-1', showAs: 'busy',
});
seen.join = event.onlineMeeting.joinUrl.slice(0, 28);
const one = `/me/events/${event.id}`;
const moved = await client.api(one).header('Prefer', prefer).header('If-Match', event['@odata.etag'])
  .patch({start: at('11'), end: at('12')});
seen.moved = moved.start.dateTime;
seen.stale = await refusal(client.api(one).header('If-Match', event['@odata.etag']).patch({subject: 'Late'}));
seen.read = (await client.api(one).select(['id', 'subject', 'isOnlineMeeting']).get()).subject;
const second = await round(first.link);
seen.changed = second.items.map((item) => item.id === event.id);

const view = [];
const page = await client.api(`${calendar}/calendarView`).query({startDateTime: '2027-01-01T00:00:00Z',
  endDateTime: '2027-04-01T00:00:00Z'}).select('id,start,showAs').top(2).header('Prefer', prefer).get();
await new PageIterator(client, page, (item) => view.push(item.showAs)).iterate();
seen.view = view.length;
seen.filtered = (await client.api(`${calendar}/events`).filter(`iCalUId eq '${event.iCalUId}'`).get()).value.length;

const inDays = (days) => new Date(Date.now() + days * 864e5).toISOString();
const subscription = await client.api('/subscriptions').post({changeType: 'created,updated,deleted', clientState: 'S',
  notificationUrl: hook, resource: `${calendar}/events`, expirationDateTime: inDays(1)});
await client.api(`/subscriptions/${subscription.id}`).patch({expirationDateTime: inDays(2)});
await client.api(`/subscriptions/${subscription.id}`).delete();
await client.api(`${one}/cancel`).post({comment: 'The position was filled.'});
seen.gone = await refusal(client.api(one).get());
seen.removed = (await round(second.link)).items.map((item) => '@removed' in item);
console.log(JSON.stringify(seen));
