type Environment = Readonly<Record<string, string | undefined>>;

/** Base URLs of the service as browsers know them, without a slash at the end. */
export type ServiceUrls = { readonly app: string; readonly api: string; readonly play: string; readonly console: string };

export function serviceUrls(environment: Environment, port: number): ServiceUrls {
  const host = environment['BIOSCOPE_HOST'] || 'localhost';
  const hasTls = (environment['BIOSCOPE_TLS'] ?? '') !== '';
  const at = hasTls ? `:${environment['BIOSCOPE_HTTPS_PORT'] ?? ''}` : `:${port}`;
  const url = (name: string): string => `${hasTls ? 'https' : 'http'}://${name}.${host}${at}`;
  return { app: url('app'), api: url('api'), play: url('play'), console: url('console') };
}

/**
 * The environment of a service with TLS: by the service's own authority unless the operator has chosen otherwise. Links in mails lead to the doors with TLS.
 * Unchanged where nobody wants TLS.
 */
export function withTls(environment: Environment, wanted: { readonly isWanted: boolean; readonly port: number }): Environment {
  const kind = environment['BIOSCOPE_TLS'] || (wanted.isWanted ? 'local' : '');
  if (kind === '') return environment;
  const secured = { ...environment, BIOSCOPE_TLS: kind, BIOSCOPE_HTTPS_PORT: String(wanted.port) };
  const urls = serviceUrls(secured, 0);
  return {
    ...secured,
    BIOSCOPE_APP_URL: environment['BIOSCOPE_APP_URL'] || urls.app,
    BIOSCOPE_CONSOLE_URL: environment['BIOSCOPE_CONSOLE_URL'] || urls.console,
  };
}
