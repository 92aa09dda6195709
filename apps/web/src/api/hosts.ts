/** Origins of the two public doors, without a trailing slash. */
export type ServiceHosts = { readonly api: string; readonly play: string };

/**
 * The app is served from `app.<host>`, its neighbours are `api.<host>` and `play.<host>` on the same port and protocol.
 * A page opened under any other name takes the name itself as the host, so that an operator may drop the `app.` prefix.
 */
export function hostsFrom(location: { readonly protocol: string; readonly host: string }): ServiceHosts {
  const host = location.host.startsWith('app.') ? location.host.slice('app.'.length) : location.host;
  return { api: `${location.protocol}//api.${host}`, play: `${location.protocol}//play.${host}` };
}
