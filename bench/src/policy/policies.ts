/** What a streaming service asks before it plays: twenty policies over plan, country, device, resolution, streams, maturity, PIN, household, window, DRM and fraud. */
export const POLICIES = `
@id("members-browse")
permit(principal is Profile, action in [Action::"browse", Action::"preview"], resource is Title)
when { principal.account.status != "closed" };

@id("members-watch")
permit(principal is Profile, action in Action::"watch", resource is Title)
when { principal.account.status == "active" && context.resolution <= 1080 };

@id("grace-watches-at-home")
permit(principal is Profile, action == Action::"play", resource is Title)
when { principal.account.status == "grace" && context.isAtHome && context.resolution <= 720 };

@id("premium-in-4k")
permit(principal is Profile, action in [Action::"play", Action::"cast"], resource is Title)
when { principal.account.status == "active" && principal.account.plan == "premium" && context.resolution <= context.device.resolutionMax };

@id("free-titles")
permit(principal is Profile, action == Action::"play", resource is Title)
when { resource.isFree && context.resolution <= 720 };

@id("downloads-on-trusted-devices")
permit(principal is Profile, action == Action::"download", resource is Title)
when { principal.account.status == "active" && context.device.isTrusted && ["standard", "premium"].contains(principal.account.plan) };

@id("rate-what-one-may-watch")
permit(principal is Profile, action == Action::"rate", resource is Title)
when { principal.account.status == "active" && !principal.isKids };

@id("owner-edits")
permit(principal is Profile, action == Action::"editProfile", resource is Title)
when { principal.isOwner };

@id("owner-changes-plan")
permit(principal is Profile, action == Action::"changePlan", resource is Title)
when { principal.isOwner && principal.account.fraudScore < 700 };

@id("closed") @reason("This membership is closed.")
forbid(principal is Profile, action in Action::"watch", resource is Title)
when { principal.account.status == "closed" };

@id("territory") @reason("Not available where you are.")
forbid(principal is Profile, action in Action::"watch", resource is Title)
unless { resource.countries.contains(context.country) };

@id("window") @reason("Not available at this time.")
forbid(principal is Profile, action in Action::"watch", resource is Title)
unless { resource.from <= context.now && context.now < resource.until };

@id("maturity") @reason("Above the maturity level of this profile.")
forbid(principal is Profile, action in Action::"watch", resource is Title)
when { resource.maturity > principal.maturityMax };

@id("kids") @reason("Not for children.")
forbid(principal is Profile, action in [Action::"browse", Action::"preview", Action::"play", Action::"download", Action::"cast"], resource is Title)
when { principal.isKids && resource.maturity > 7 };

@id("blocked") @reason("Blocked for this profile.")
forbid(principal is Profile, action in Action::"watch", resource is Title)
when { principal has blocked && principal.blocked.contains(resource) };

@id("streams") @reason("Too many screens at once.")
forbid(principal is Profile, action in [Action::"play", Action::"cast"], resource is Title)
when { context.streams >= principal.account.streamsMax };

@id("pin") @reason("The PIN is wanted.")
forbid(principal is Profile, action in Action::"watch", resource is Title)
when { principal has pinAbove && resource.maturity >= principal.pinAbove && !context.isPinEntered };

@id("household") @reason("Not the household of this membership.")
forbid(principal is Profile, action in Action::"watch", resource is Title)
when { !context.isAtHome && context.device.kind == "television" && context.travelDays > 30 };

@id("drm") @reason("This device cannot protect this title.")
forbid(principal is Profile, action in Action::"watch", resource is Title)
when { context.device.drmLevel < resource.drmLevel || (context.resolution > 1080 && context.device.drmLevel < 3) };

@id("fraud") @reason("Please confirm that it is you.")
forbid(principal is Profile, action in [Action::"play", Action::"download", Action::"cast", Action::"changePlan"], resource is Title)
when { principal.account.fraudScore > 900 || (principal.account.fraudScore > 800 && !context.device.isTrusted) };
`;

const text = { type: 'String' } as const;
const long = { type: 'Long' } as const;
const yesOrNo = { type: 'Boolean' } as const;
const instant = { type: 'Extension', name: 'datetime' } as const;
const appliesTo = {
  principalTypes: ['Profile'],
  resourceTypes: ['Title'],
  context: record({
    device: { type: 'Entity', name: 'Device' },
    country: text,
    resolution: long,
    streams: long,
    now: instant,
    isPinEntered: yesOrNo,
    isAtHome: yesOrNo,
    travelDays: long,
  }),
} as const;

export const ACTIONS = ['browse', 'preview', 'play', 'download', 'cast', 'rate', 'editProfile', 'changePlan'] as const;
export type ActionId = (typeof ACTIONS)[number];
export const WATCHING: ReadonlySet<ActionId> = new Set<ActionId>(['play', 'download', 'cast']);

export const SCHEMA = {
  '': {
    entityTypes: {
      Account: { shape: record({ status: text, plan: text, streamsMax: long, fraudScore: long }) },
      Profile: {
        shape: record({
          account: { type: 'Entity', name: 'Account' },
          isOwner: yesOrNo,
          isKids: yesOrNo,
          maturityMax: long,
          pinAbove: { ...long, required: false },
          blocked: { type: 'Set', element: { type: 'Entity', name: 'Title' }, required: false },
        }),
      },
      Device: { shape: record({ kind: text, isTrusted: yesOrNo, drmLevel: long, resolutionMax: long }) },
      Title: {
        shape: record({
          isFree: yesOrNo,
          maturity: long,
          countries: { type: 'Set', element: text },
          from: instant,
          until: instant,
          drmLevel: long,
        }),
      },
    },
    actions: {
      watch: {},
      ...Object.fromEntries(ACTIONS.map((id) => [id, { appliesTo, ...(WATCHING.has(id) ? { memberOf: [{ id: 'watch' }] } : {}) }])),
    },
  },
};

function record<T>(attributes: T): { readonly type: 'Record'; readonly attributes: T } {
  return { type: 'Record', attributes };
}
