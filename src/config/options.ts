/** One row per setting: README, `--help`, manifest and schema are all made from this table. */
export type OptionKind = 'url' | 'text' | 'secret' | 'flag' | 'list' | 'number' | 'choice' | 'address';

export interface Option {
  readonly key: string;
  readonly env: string;
  readonly kind: OptionKind;
  readonly fallback?: string;
  /** What a flag without a value means; `true` for every flag of the kind `flag`. */
  readonly bare?: string;
  /** What the README and the help say when the default is not a fixed text. */
  readonly fallbackText?: string;
  readonly help: string;
  readonly example: string;
  readonly choices?: readonly string[];
  /** Has a meaning over HTTP only. */
  readonly http?: true;
  /** Left out of the README. `help` and the manual page have it. */
  readonly advanced?: true;
  readonly min?: number;
  readonly max?: number;
}

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export const options = [
  {
    key: 'url',
    env: 'NEXTCLOUD_URL',
    kind: 'url',
    help: 'Address of the Nextcloud, with a sub-path where there is one. The full WebDAV address is understood too.',
    example: 'https://cloud.example.com',
  },
  {
    key: 'username',
    env: 'NEXTCLOUD_USERNAME',
    kind: 'text',
    help: 'Login name.',
    example: 'alice',
  },
  {
    key: 'password',
    env: 'NEXTCLOUD_PASSWORD',
    kind: 'secret',
    help: 'App password, made in Nextcloud under Settings, Security, Devices & sessions.',
    example: 'xxxxx-xxxxx-xxxxx-xxxxx-xxxxx',
  },
  {
    key: 'account',
    env: 'NEXTCLOUD_ACCOUNT',
    kind: 'text',
    fallbackText: 'the first that was stored',
    help: 'Name of an account that `login` has stored, in place of address, name and password.',
    example: 'work',
  },
  {
    key: 'verifySsl',
    env: 'NEXTCLOUD_VERIFY_SSL',
    kind: 'flag',
    fallback: 'true',
    help: 'false accepts any certificate, with a warning at each start. Prefer NEXTCLOUD_CA_FILE.',
    example: 'true',
  },
  {
    key: 'caFile',
    env: 'NEXTCLOUD_CA_FILE',
    kind: 'text',
    help: 'PEM file with certificates to trust in addition to the usual ones.',
    example: '/etc/ssl/my-ca.pem',
  },
  {
    key: 'roots',
    env: 'NEXTCLOUD_ROOTS',
    kind: 'list',
    fallback: '/',
    help: 'Folders the assistant may see, separated by commas. A folder followed by `:ro` is read-only.',
    example: '/Documents,/Photos:ro',
  },
  {
    key: 'deny',
    env: 'NEXTCLOUD_DENY',
    kind: 'list',
    help: 'Globs of paths that are as if they did not exist, separated by commas.',
    example: '**/.ssh,/Private/**',
  },
  {
    key: 'readOnly',
    env: 'NEXTCLOUD_READ_ONLY',
    kind: 'flag',
    fallback: 'false',
    help: 'Offer only the tools that read.',
    example: 'true',
  },
  {
    key: 'toolsets',
    env: 'NEXTCLOUD_TOOLSETS',
    kind: 'list',
    fallback: 'files',
    help: 'Groups of tools to offer, separated by commas, or `all`.',
    example: 'files',
    choices: ['files', 'trash', 'versions', 'tags', 'comments', 'links', 'sharing', 'all'],
  },
  {
    key: 'localFolders',
    env: 'NEXTCLOUD_LOCAL_FOLDERS',
    kind: 'list',
    fallbackText: 'the Downloads folder',
    help: 'Folders of this computer where downloads go and uploads may come from, separated by commas.',
    example: '/home/alice/Downloads',
  },
  {
    key: 'stateFolder',
    env: 'NEXTCLOUD_STATE_FOLDER',
    kind: 'text',
    fallbackText: "the user's state folder",
    help: 'Folder of this computer where unfinished transfers are noted, to be gone on with after a restart, and the hash of the HTTP token.',
    example: '~/.local/state/nextcloud-files-mcp',
  },
  {
    key: 'callSeconds',
    env: 'NEXTCLOUD_CALL_SECONDS',
    kind: 'number',
    fallback: '45',
    min: 1,
    max: 3600,
    help: 'Seconds after which an upload or download goes on in the background. Assistants give up a call after 60 s or more.',
    example: '45',
  },
  {
    key: 'bodyMegabytes',
    env: 'NEXTCLOUD_BODY_MB',
    kind: 'number',
    fallbackText: 'what the Nextcloud says',
    min: 10,
    max: 5000,
    help: 'Largest upload in one request, in MB, where a proxy before the Nextcloud takes less than the Nextcloud says.',
    example: '50',
  },
  {
    key: 'cacheListingSeconds',
    env: 'NEXTCLOUD_CACHE_LISTING_SECONDS',
    kind: 'number',
    fallback: '300',
    min: 0,
    max: 86_400,
    help: 'How long a listing is kept. It is proved unchanged by its etag before it is used again. 0 turns it off.',
    example: '300',
  },
  {
    key: 'cacheSearchSeconds',
    env: 'NEXTCLOUD_CACHE_SEARCH_SECONDS',
    kind: 'number',
    fallback: '120',
    min: 0,
    max: 86_400,
    help: 'How long the result of a search is kept. 0 turns it off.',
    example: '120',
  },
  {
    key: 'maxConcurrency',
    env: 'NEXTCLOUD_MAX_CONCURRENCY',
    kind: 'number',
    fallback: '4',
    min: 1,
    max: 64,
    help: 'Requests to the Nextcloud at once, for one account.',
    example: '4',
  },
  {
    key: 'minIntervalMs',
    env: 'NEXTCLOUD_MIN_INTERVAL_MS',
    kind: 'number',
    fallback: '0',
    min: 0,
    max: 60_000,
    help: 'Least time between the starts of two requests, in milliseconds.',
    example: '100',
  },
  {
    key: 'timeoutSeconds',
    env: 'NEXTCLOUD_TIMEOUT_SECONDS',
    kind: 'number',
    fallback: '30',
    min: 1,
    max: 3600,
    help: 'Seconds without a byte before a request is given up. A transfer may take as long as it moves.',
    example: '30',
  },
  {
    key: 'maxResultChars',
    env: 'NEXTCLOUD_MAX_RESULT_CHARS',
    kind: 'number',
    fallback: '60000',
    min: 2000,
    max: 400_000,
    help: 'Size of one result, in characters.',
    example: '60000',
  },
  {
    key: 'http',
    http: true,
    env: 'MCP_HTTP',
    kind: 'address',
    bare: '127.0.0.1:8787',
    fallbackText: 'off',
    help: 'Serve over HTTP at this host and port in place of standard input and output. Without a value: 127.0.0.1:8787.',
    example: '127.0.0.1:8787',
  },
  {
    key: 'token',
    http: true,
    env: 'MCP_TOKEN',
    kind: 'secret',
    fallbackText: 'made at the first start',
    help: 'Bearer token that clients must send, at least 16 characters. One that was made is shown once, and only its hash is kept.',
    example: 'a-long-random-text',
  },
  {
    key: 'signingKey',
    http: true,
    env: 'MCP_SIGNING_KEY',
    kind: 'secret',
    fallbackText: 'made at each start',
    help: 'Signs the tokens that confirm a large change, at least 32 characters. Processes behind one address share it, so that each takes the tokens of the others.',
    example: 'another-long-random-text-for-signing',
  },
  {
    key: 'noAuth',
    http: true,
    env: 'MCP_NO_AUTH',
    kind: 'flag',
    fallback: 'false',
    help: 'Ask for no token. Refused unless the address is a loopback address.',
    example: 'true',
  },
  {
    key: 'accounts',
    http: true,
    env: 'MCP_ACCOUNTS',
    kind: 'choice',
    fallback: 'configured',
    choices: ['configured', 'header'],
    help: 'Whose files. `configured` is the account of these settings, `header` the login in each request (X-Nextcloud-Username, X-Nextcloud-Password), over TLS or loopback only.',
    example: 'header',
  },
  {
    key: 'sse',
    http: true,
    env: 'MCP_SSE',
    kind: 'flag',
    fallback: 'false',
    help: 'Offer the older HTTP+SSE transport too, at /sse.',
    example: 'true',
  },
  {
    key: 'hosts',
    http: true,
    env: 'MCP_HOSTS',
    kind: 'list',
    fallbackText: 'localhost and the address',
    help: 'Host names under which clients reach the server, separated by commas. Others are refused.',
    example: 'mcp.example.com',
  },
  {
    key: 'corsOrigins',
    http: true,
    env: 'MCP_CORS_ORIGINS',
    kind: 'list',
    help: 'Web pages that may call the server from a browser, separated by commas.',
    example: 'https://app.example.com',
  },
  {
    key: 'trustProxy',
    http: true,
    env: 'MCP_TRUST_PROXY',
    kind: 'flag',
    fallback: 'false',
    help: 'Every request comes through a proxy of yours that ends TLS. Its X-Forwarded-Proto and X-Forwarded-For are believed.',
    example: 'true',
  },
  {
    key: 'tuning',
    advanced: true,
    env: 'NEXTCLOUD_TUNING',
    kind: 'list',
    fallback: 'direct-io,minor-gc',
    help: 'Which tuning of large downloads is on, separated by commas, or `off`. Only for finding out whether a fault is caused by it.',
    example: 'off',
    choices: ['direct-io', 'minor-gc', 'off'],
  },
  {
    key: 'logLevel',
    env: 'LOG_LEVEL',
    kind: 'choice',
    fallback: 'info',
    choices: levels,
    help: 'How much is logged, on standard error.',
    example: 'info',
  },
] as const satisfies readonly Option[];

export type OptionKey = (typeof options)[number]['key'];

/** `--cache-listing-seconds` for `cacheListingSeconds`. */
export function flagOf(option: Option): string {
  return option.key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
