// Google's own client does its usual work; what it saw is printed as JSON.
import {auth, calendar as open} from '@googleapis/calendar';

const {base, token, calendarId, hook} = JSON.parse(process.argv[2]);
const client = new auth.OAuth2();
client.setCredentials({access_token: token});
const api = open({version: 'v3', auth: client, rootUrl: `${base}/`, retry: false});
const when = (hour) => ({dateTime: `2027-01-21T${hour}:00:00+01:00`, timeZone: 'Europe/Berlin'});
const seen = {};

async function refusal(call) {
  try {
    await call;
  } catch (problem) {
    return [problem.code ?? problem.status, problem.response?.data?.error?.errors?.[0]?.reason];
  }
}

async function pages(query) {
  const items = [];
  let pageToken, syncToken;
  do {
    const {data} = await api.events.list({calendarId, ...query, pageToken});
    items.push(...data.items);
    pageToken = data.nextPageToken;
    syncToken = data.nextSyncToken;
  } while (pageToken);
  return {items, syncToken};
}

seen.calendars = (await api.calendarList.list({maxResults: 250, showHidden: true})).data.items.map((one) => one.id);
const full = await pages({maxResults: 2, singleEvents: false});
seen.full = full.items.length;

const requestBody = {
  id: 'calint0c1d2e3f', summary: 'Interview', start: when('10'), end: when('11'),
  attendees: [{email: 'jane@candidate.test'}], extendedProperties: {private: {calintInterview: 'int-88'}},
  conferenceData: {createRequest: {requestId: 'r1', conferenceSolutionKey: {type: 'hangoutsMeet'}}},
};
const insert = {calendarId, sendUpdates: 'all', conferenceDataVersion: 1, requestBody};
seen.pending = (await api.events.insert(insert)).data.conferenceData.createRequest.status.statusCode;
seen.duplicate = await refusal(api.events.insert(insert));
const eventId = requestBody.id;
const ready = (await api.events.get({calendarId, eventId})).data;
seen.link = ready.hangoutLink;
seen.moved = (await api.events.patch({calendarId, eventId, sendUpdates: 'all',
  requestBody: {start: when('12'), end: when('13')}}, {headers: {'If-Match': ready.etag}})).data.start.dateTime;
seen.stale = await refusal(api.events.patch({calendarId, eventId, requestBody: {summary: 'Late'}},
  {headers: {'If-Match': ready.etag}}));
seen.updated = (await api.events.update({calendarId, eventId,
  requestBody: {summary: 'Other', start: when('14'), end: when('15')}})).data.summary;
const changed = await pages({singleEvents: false, maxResults: 2, syncToken: full.syncToken});
seen.changed = changed.items.map((one) => one.id);
seen.busy = (await api.freebusy.query({requestBody: {timeMin: '2027-01-21T00:00:00Z', timeMax: '2027-01-22T00:00:00Z',
  items: [{id: calendarId}]}})).data.calendars[calendarId].busy;
const channel = (await api.events.watch({calendarId, requestBody: {id: 'channel-1', type: 'web_hook', address: hook,
  token: 'SECRET', params: {ttl: '3600'}}})).data;
seen.stopped = (await api.channels.stop({requestBody: {id: channel.id, resourceId: channel.resourceId}})).status;
seen.deleted = (await api.events.delete({calendarId, eventId, sendUpdates: 'all'})).status;
seen.again = await refusal(api.events.delete({calendarId, eventId}));
console.log(JSON.stringify(seen));
