/** Origins without a trailing slash. */
export type ServiceHosts = {
  /** Where the console itself is served, with sign-in below it: its cookie is this host's. */
  readonly console: string;
  readonly api: string;
  /** The members' app, for links to it. */
  readonly app: string;
};

/** The console is served from `console.<host>`; its neighbours are on the same port and protocol. Under any other name, the name itself is the host. */
export function hostsFrom(location: { readonly protocol: string; readonly host: string }): ServiceHosts {
  const host = location.host.replace(/^console\./, '');
  const at = (name: string): string => `${location.protocol}//${name}.${host}`;
  return { console: `${location.protocol}//${location.host}`, api: at('api'), app: at('app') };
}
