import type { SegmentTokenKey } from '@bioscope/control/contract';

/** What the generated nginx configuration depends on. */
export type NginxSettings = {
  /** Holds nginx.conf, token.js, settings.json, the grants, logs and temporary files. */
  readonly folder: string;
  /** Files are served from `<filesFolder>/<edition id>/<file>`. */
  readonly filesFolder: string;
  readonly address: string;
  readonly port: number;
  /** ngx_http_js_module.so */
  readonly jsModule: string;
  /** An account name, only when started as root: workers would else become one that cannot read the state folder. */
  readonly workerAccount: string | null;
  readonly workers: number;
  readonly connectionsMax: number;
  /** The path of the status page is secret: the page is on the public port, so that asking it also proves that port alive. */
  readonly statusSecret: string;
  /** Names the token keys in force; the status page answers it, so that a reload is seen to have happened. */
  readonly keysVersion: string;
};

/** Long enough to let a slow segment finish; after it, workers of the previous configuration are ended. */
const OLD_WORKERS_SECONDS_MAX = 120;
/** Open files stay open this long after they were replaced or deleted: a refill must be seen quickly. */
const OPEN_FILE_SECONDS = 2;
const OPEN_FILES_MAX = 2_000;

/** Variables and quotes cannot be escaped in every place of an nginx configuration, so paths with them are refused. */
const SAFE_PATH = /^\/[A-Za-z0-9 ._/@+~=,:-]+$/;

/**
 * A configuration for nginx 1.22 with njs 0.7.9. Answers on `/t/<token>/<edition>/<file>`: 200, 206, 304, 416 as the request asks; 403 for a token
 * that is malformed, unknown or wrong; 410 for an expired one (a few seconds late when it was used before: see token.js); 404 for a file that is not held; 405 for other methods than GET, HEAD, OPTIONS.
 */
export function nginxConfiguration(settings: NginxSettings): string {
  for (const path of [settings.folder, settings.filesFolder, settings.jsModule]) {
    if (!SAFE_PATH.test(path))
      throw new Error(`nginx cannot be given the path ${JSON.stringify(path)}: use letters, digits and ._/@+~=,:- only`);
  }
  const { folder } = settings;
  return `# Generated at every start; changes are lost.
load_module "${settings.jsModule}";
daemon off;
${settings.workerAccount === null ? '' : `user ${settings.workerAccount};\n`}worker_processes ${settings.workers};
worker_shutdown_timeout ${OLD_WORKERS_SECONDS_MAX}s;
pid "${folder}/nginx.pid";
error_log stderr warn;

events {
  worker_connections ${settings.connectionsMax};
}

http {
  js_import token from "${folder}/token.js";
  js_preload_object settings from "${folder}/settings.json";
  js_set $verdict token.verdict;

${LOG_FORMAT}
  access_log "${folder}/access.log" delivery buffer=64k flush=1s;

  client_body_temp_path "${folder}/tmp/body";
  proxy_temp_path "${folder}/tmp/proxy";
  fastcgi_temp_path "${folder}/tmp/fastcgi";
  uwsgi_temp_path "${folder}/tmp/uwsgi";
  scgi_temp_path "${folder}/tmp/scgi";

${TYPES}
  server_tokens off;
  sendfile on;
  # A worker comes back to its other connections after this much of one file.
  sendfile_max_chunk 1m;
  tcp_nopush on;
  open_file_cache max=${OPEN_FILES_MAX} inactive=60s;
  open_file_cache_valid ${OPEN_FILE_SECONDS}s;
  # One range per request: players never ask for more, and one request would fan out into many reads. More are answered with the whole file.
  max_ranges 1;

  client_header_timeout 10s;
  client_body_timeout 10s;
  client_max_body_size 1k;
  send_timeout 30s;
  keepalive_timeout 65s;
  keepalive_requests 100000;
  reset_timedout_connection on;

${HEADER_MAPS}
  server {
    listen ${settings.address.includes(':') ? `[${settings.address}]` : settings.address}:${settings.port};

${HEADERS}
    location / {
      return 404 "nothing here\\n";
    }

    location = /status/${settings.statusSecret} {
      access_log off;
      add_header Bioscope-Keys "${settings.keysVersion}" always;
      stub_status;
    }

    # What does not have the shape of a signed address.
    location /t/ {
      if ($method_refusal = preflight) { return 204; }
      return 403 "not a signed address\\n";
    }

    location ~ "${SIGNED_ADDRESS}" {
      if ($method_refusal = preflight) { return 204; }
      if ($method_refusal = refused) { return 405 "use GET or HEAD\\n"; }
      # Found when this token was checked before, see token.js.
      alias "${grantsFolderOf(folder)}/$token~$edition/$file";
      log_not_found off;
      error_page 404 = @check;
    }

    location @check {
      if ($verdict = "403") { return 403 "the token is not valid\\n"; }
      if ($verdict = "410") { return 410 "the token has expired\\n"; }
      root "${settings.filesFolder}";
      try_files /$edition/$file =404;
    }
  }
}
`;
}

/** Where token.js leaves a link for every token that it found good. */
export function grantsFolderOf(folder: string): string {
  return `${folder}/grants`;
}

/** What token.js is given, as JSON; readable by this account only. */
export function tokenCheckSettings(settings: Pick<NginxSettings, 'folder' | 'filesFolder'>, keys: readonly SegmentTokenKey[]): string {
  return JSON.stringify({
    keys: Object.fromEntries(keys.map((key) => [key.id, Buffer.from(key.secret).toString('base64')])),
    grants: grantsFolderOf(settings.folder),
    files: settings.filesFolder,
  });
}

/** The shapes of cdn/control/contract (token.ts, names.ts). nginx matches it after decoding and after resolving dots, so a match cannot leave the folder. */
const SIGNED_ADDRESS = [
  String.raw`^/t/(?<token>(?<token_key>[a-z0-9]{1,8})\.(?<token_expiry>[1-9][0-9]{8,10})\.(?<session>[A-Za-z0-9_-]{1,64})\.(?<token_mac>[A-Za-z0-9_-]{43}))`,
  String.raw`/(?<edition>[A-Za-z0-9_-]{1,128})/(?<file>[a-z0-9][a-z0-9._-]{0,127})$`,
].join('');

/** One JSON object per line. The token is left out: a log must not hold what opens a film. CMCD: CTA-5004, as query or as headers. */
const LOG_FORMAT = `  log_format delivery escape=json '{"time":$msec,"session":"$session","edition":"$edition","file":"$file",'
    '"method":"$request_method","status":$status,"bytes":$body_bytes_sent,"seconds":$request_time,"range":"$http_range","client":"$remote_addr",'
    '"cmcd":"$arg_CMCD","cmcdRequest":"$http_cmcd_request","cmcdObject":"$http_cmcd_object","cmcdSession":"$http_cmcd_session","cmcdStatus":"$http_cmcd_status"}';
`;

const TYPES = `  types {
    video/mp4 mp4;
    audio/mp4 m4a;
    video/iso.segment m4s;
    text/vtt vtt;
    image/jpeg jpg;
  }
  default_type application/octet-stream;
`;

/** Headers with an empty value are left out by nginx. */
const HEADER_MAPS = `  map $request_method $method_refusal { GET ""; HEAD ""; OPTIONS preflight; default refused; }
  map $request_method $preflight_methods { OPTIONS "GET, HEAD"; default ""; }
  map $request_method $preflight_headers { OPTIONS "Range, CMCD-Request, CMCD-Object, CMCD-Session, CMCD-Status"; default ""; }
  map $request_method $preflight_seconds { OPTIONS 86400; default ""; }
  map $status $allow { volatile; 405 "GET, HEAD, OPTIONS"; default ""; }
  # nginx adds headers twice to an answer that turns into 416, and two origins are none to a browser. Volatile: the status differs by then.
  map $status $any_origin { volatile; 416 ""; default "*"; }
  map $status $cross_origin { volatile; 416 ""; default cross-origin; }
  # A file of an edition never changes; a refusal may be over in a second.
  map $status $caching { volatile; 200 "private, max-age=86400, immutable"; 206 "private, max-age=86400, immutable"; 304 "private, max-age=86400, immutable"; default "no-store"; }
`;

/** Any page may play: the token in the address is the right to do so, and cookies are never looked at. */
const HEADERS = `    add_header Access-Control-Allow-Origin $any_origin always;
    add_header Access-Control-Expose-Headers "Accept-Ranges, Content-Length, Content-Range, Date, ETag" always;
    add_header Access-Control-Allow-Methods $preflight_methods always;
    add_header Access-Control-Allow-Headers $preflight_headers always;
    add_header Access-Control-Max-Age $preflight_seconds always;
    add_header Allow $allow always;
    add_header Timing-Allow-Origin $any_origin always;
    add_header Cross-Origin-Resource-Policy $cross_origin always;
    add_header X-Content-Type-Options nosniff always;
    add_header Cache-Control $caching always;
    # The stamped time of a held file carries its checksum (see files/stamp.ts) and is no date for the public; the ETag is the same on every appliance.
    add_header Last-Modified "";
`;
