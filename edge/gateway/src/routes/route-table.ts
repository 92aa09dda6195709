import type { HostClass } from '../exchange.ts';
import type { Route } from './route.ts';

const KIB = 1_024;
const MIB = 1_024 * KIB;
const GIB = 1_024 * MIB;

/** Small requests: ids, positions, a title's texts. */
const CALL_BYTES_MAX = 64 * KIB;
/** An operation's document and variables; what the graph takes at most. */
const OPERATION_BYTES_MAX = 128 * KIB;
/** A title's texts in forty languages. */
const DESCRIPTION_BYTES_MAX = 512 * KIB;
/** Two pictures of 2 MiB, in JSON. */
const ARTWORK_BYTES_MAX = 6 * MIB;
/** Services answer within 2 s or not at all; this leaves room for a retry inside. */
const CALL_TIMEOUT_MS = 10_000;
/** Above the longest wait that the contracts allow (20 s). */
const POLL_TIMEOUT_MS = 30_000;
/** A four-hour master in ProRes 422 HQ at 1080p is about 400 GB; the studio has a limit of its own below this. */
const UPLOAD_BYTES_MAX = 1_024 * GIB;
const READ = ['GET', 'HEAD'];

/** Everything that can be reached from outside. What is not here does not exist there. */
export const ROUTES: readonly Route[] = [
  mount('app', 'app', 'web', '/', READ),
  mount('strings', 'app', 'strings', '/strings', READ),
  mount('console', 'console', 'console', '/', READ),
  session('app'),
  session('console'),
  // The processor's own form, as far as the sandbox is one: a card number goes there and never to a service.
  {
    ...mount('sandbox', 'app', 'billing', '/sandbox', ['GET', 'POST']),
    body: { kind: 'buffered', bytesMax: CALL_BYTES_MAX },
  },
  call('catalog.read', 'api', 'catalog', [
    'bioscope.catalog.v1.CatalogService/ListTitles',
    'bioscope.catalog.v1.CatalogService/GetTitle',
    'bioscope.catalog.v1.CatalogService/GetTitles',
    'bioscope.catalog.v1.PeopleService/GetPerson',
    'bioscope.catalog.v1.PeopleService/ListPeople',
  ]),
  {
    ...mount('graph', 'api', 'graph', '/graphql', ['GET', 'POST']),
    passport: true,
    body: { kind: 'buffered', bytesMax: OPERATION_BYTES_MAX },
  },
  mount('artwork', 'api', 'catalog', '/artwork', READ),
  {
    ...call('catalog.operate', 'api', 'catalog', [
      'bioscope.catalog.v1.CatalogService/RemoveTitle',
      'bioscope.catalog.v1.CatalogService/SetAvailability',
      'bioscope.catalog.v1.PeopleService/PutPerson',
      'bioscope.catalog.v1.PeopleService/RemovePerson',
    ]),
    guard: 'operator',
  },
  {
    ...call('catalog.describe', 'api', 'catalog', []),
    match: { below: '/bioscope.catalog.v1.EditorialService' },
    guard: 'operator',
    body: { kind: 'buffered', bytesMax: DESCRIPTION_BYTES_MAX },
  },
  {
    ...call('catalog.artwork', 'api', 'catalog', ['bioscope.catalog.v1.CatalogService/SetArtwork']),
    guard: 'operator',
    body: { kind: 'buffered', bytesMax: ARTWORK_BYTES_MAX },
  },
  {
    ...call('strings.operate', 'api', 'strings', [
      'bioscope.strings.v1.StringsService/SetText',
      'bioscope.strings.v1.StringsService/ListChanges',
    ]),
    guard: 'operator',
  },
  {
    ...call('studio', 'api', 'studio', []),
    match: { below: '/bioscope.studio.v1.StudioService' },
    guard: 'operator',
    headTimeoutMs: POLL_TIMEOUT_MS,
    longPoll: true,
  },
  {
    ...call('appliances', 'api', 'control', ['bioscope.control.v1.ControlService/WatchPicture']),
    guard: 'operator',
    headTimeoutMs: POLL_TIMEOUT_MS,
    longPoll: true,
  },
  {
    ...call('regions', 'api', 'regions', [
      'bioscope.regions.v1.OperatorService/ShowRegions',
      'bioscope.regions.v1.RegionsService/Evacuate',
      'bioscope.regions.v1.RegionsService/Restore',
      'bioscope.regions.v1.RegionsService/ListRuns',
      'bioscope.regions.v1.RegionsService/GetRun',
    ]),
    guard: 'operator',
  },
  { ...call('instances', 'api', 'discovery', ['bioscope.discovery.v1.OperatorService/ListInstances']), guard: 'operator' },
  {
    ...mount('uploads', 'api', 'studio', '/uploads', ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS']),
    guard: 'operator',
    passport: true,
    body: { kind: 'streamed', bytesMax: UPLOAD_BYTES_MAX },
    headTimeoutMs: 60_000,
  },
  // Of members as the console shows them. Members themselves ask the graph.
  {
    ...call('identity.operate', 'api', 'identity', [
      'bioscope.identity.v1.IdentityService/FindAccounts',
      'bioscope.identity.v1.IdentityService/GetAccount',
      'bioscope.identity.v1.IdentityService/ListDevices',
      'bioscope.identity.v1.IdentityService/SignOutAccount',
      'bioscope.identity.v1.IdentityService/CreateOperatorInvite',
    ]),
    guard: 'operator',
  },
  {
    ...call('membership.operate', 'api', 'membership', [
      'bioscope.membership.v1.MembershipService/ShowMembership',
      'bioscope.membership.v1.MembershipService/EndMembership',
      'bioscope.membership.v1.MembershipService/ListTimeline',
      'bioscope.membership.v1.MembershipService/AdvanceClock',
    ]),
    guard: 'operator',
  },
  { ...call('billing.operate', 'api', 'billing', ['bioscope.billing.v1.BillingService/ShowBilling']), guard: 'operator' },
  { ...call('outbox', 'api', 'mail', ['bioscope.mail.v1.MailService/ListOutbox']), guard: 'operator' },
  { ...call('playback.operate', 'api', 'playback', ['bioscope.playback.v1.OperatorService/GetLive']), guard: 'operator' },
  { ...call('playback', 'play', 'playback', []), match: { below: '/bioscope.playback.v1.PlaybackService' } },
  mount('manifests', 'play', 'playback', '/sessions', READ),
  mount('steering', 'play', 'steering', '/steering', READ),
];

/** Identity's door: signing in sets a cookie of the page's own host, which no other route passes on. */
function session(host: HostClass): Route {
  return {
    ...mount(`session.${host}`, host, 'identity', '/session', ['GET', 'POST']),
    passport: true,
    cookies: true,
    body: { kind: 'buffered', bytesMax: CALL_BYTES_MAX },
  };
}

function call(id: string, host: HostClass, unit: string, methods: readonly string[]): Route {
  return {
    id,
    host,
    match: { exact: methods.map((method) => `/${method}`) },
    methods: ['POST'],
    unit,
    prefix: '',
    guard: 'anyone',
    passport: true,
    cookies: false,
    body: { kind: 'buffered', bytesMax: CALL_BYTES_MAX },
    headTimeoutMs: CALL_TIMEOUT_MS,
    longPoll: false,
  };
}

function mount(id: string, host: HostClass, unit: string, below: string, methods: readonly string[]): Route {
  return {
    id,
    host,
    match: { below },
    methods,
    unit,
    prefix: `/http/${unit}`,
    guard: 'anyone',
    passport: false,
    cookies: false,
    body: { kind: 'none' },
    headTimeoutMs: CALL_TIMEOUT_MS,
    longPoll: false,
  };
}
