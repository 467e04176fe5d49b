/** How a value is read. */
export type OptionKind = 'url' | 'text' | 'secret' | 'flag' | 'list' | 'number' | 'choice' | 'address';

/** A setting. README, `help`, manual page, manifest and schema are generated from the table below. */
export interface Option {
  readonly key: string;
  readonly env: string;
  readonly kind: OptionKind;
  readonly fallback?: string;
  /** The value of the flag when it stands alone; `true` for every flag of the kind `flag`. */
  readonly bare?: string;
  /** Describes the default in README and help when it is not a fixed text. */
  readonly fallbackText?: string;
  readonly help: string;
  readonly example: string;
  readonly choices?: readonly string[];
  /** Has an effect over HTTP only. */
  readonly http?: true;
  /** Listed by `help` and in the manual page, but not in the README. */
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
    help: 'Address of the Nextcloud, including its sub-path if it has one. The full WebDAV address works too.',
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
    help: 'App password, created in Nextcloud under Settings, Security, Devices & sessions.',
    example: 'xxxxx-xxxxx-xxxxx-xxxxx-xxxxx',
  },
  {
    key: 'account',
    env: 'NEXTCLOUD_ACCOUNT',
    kind: 'text',
    fallbackText: 'the default account',
    help: 'Name of an account stored by `login`, instead of address, login name and password.',
    example: 'work',
  },
  {
    key: 'verifySsl',
    env: 'NEXTCLOUD_VERIFY_SSL',
    kind: 'flag',
    fallback: 'true',
    help: 'false accepts any certificate, with a warning at each start. NEXTCLOUD_CA_FILE is the safer choice.',
    example: 'true',
  },
  {
    key: 'caFile',
    env: 'NEXTCLOUD_CA_FILE',
    kind: 'text',
    help: 'PEM file with certificates to trust in addition to the built-in ones.',
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
    help: 'Globs of paths to hide from the assistant, separated by commas. A comma in braces or brackets belongs to its glob.',
    example: '**/.ssh,/Private/**',
  },
  {
    key: 'readOnly',
    env: 'NEXTCLOUD_READ_ONLY',
    kind: 'flag',
    fallback: 'false',
    help: 'Offer only tools that do not change anything.',
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
    help: 'Folders of this computer for downloads and uploads, separated by commas.',
    example: '/home/alice/Downloads',
  },
  {
    key: 'stateFolder',
    env: 'NEXTCLOUD_STATE_FOLDER',
    kind: 'text',
    fallbackText: "the user's state folder",
    help: 'Folder of this computer that stores the state of unfinished transfers, so that they resume after a restart, and the hash of the HTTP token.',
    example: '~/.local/state/nextcloud-files-mcp',
  },
  {
    key: 'callSeconds',
    env: 'NEXTCLOUD_CALL_SECONDS',
    kind: 'number',
    fallback: '45',
    min: 1,
    max: 3600,
    help: 'Seconds after which an upload or download continues in the background. Assistants give up a call after 60 s or more.',
    example: '45',
  },
  {
    key: 'bodyMegabytes',
    env: 'NEXTCLOUD_BODY_MB',
    kind: 'number',
    fallbackText: 'the limit that the Nextcloud reports',
    min: 10,
    max: 5000,
    help: 'Largest upload in one request, in MB, if a proxy in front of the Nextcloud has a lower limit than the Nextcloud reports.',
    example: '50',
  },
  {
    key: 'cacheListingSeconds',
    env: 'NEXTCLOUD_CACHE_LISTING_SECONDS',
    kind: 'number',
    fallback: '300',
    min: 0,
    max: 86_400,
    help: 'How many seconds a listing is cached. Its etag is checked before it is used again. 0 turns the cache off.',
    example: '300',
  },
  {
    key: 'cacheSearchSeconds',
    env: 'NEXTCLOUD_CACHE_SEARCH_SECONDS',
    kind: 'number',
    fallback: '120',
    min: 0,
    max: 86_400,
    help: 'How many seconds the result of a search is cached. 0 turns the cache off.',
    example: '120',
  },
  {
    key: 'maxConcurrency',
    env: 'NEXTCLOUD_MAX_CONCURRENCY',
    kind: 'number',
    fallback: '4',
    min: 1,
    max: 64,
    help: 'Maximum number of parallel requests to the Nextcloud for one account.',
    example: '4',
  },
  {
    key: 'minIntervalMs',
    env: 'NEXTCLOUD_MIN_INTERVAL_MS',
    kind: 'number',
    fallback: '0',
    min: 0,
    max: 60_000,
    help: 'Minimum time between the starts of two requests, in milliseconds.',
    example: '100',
  },
  {
    key: 'timeoutSeconds',
    env: 'NEXTCLOUD_TIMEOUT_SECONDS',
    kind: 'number',
    fallback: '30',
    min: 1,
    max: 3600,
    help: 'Seconds without any data after which a request fails. A transfer can take longer as long as data arrives.',
    example: '30',
  },
  {
    key: 'maxResultChars',
    env: 'NEXTCLOUD_MAX_RESULT_CHARS',
    kind: 'number',
    fallback: '60000',
    min: 2000,
    max: 400_000,
    help: 'Maximum size of one result, in characters.',
    example: '60000',
  },
  {
    key: 'http',
    http: true,
    env: 'MCP_HTTP',
    kind: 'address',
    bare: '127.0.0.1:8787',
    fallbackText: 'off',
    help: 'Serve over HTTP on this host and port instead of standard input and output. Without a value: 127.0.0.1:8787.',
    example: '127.0.0.1:8787',
  },
  {
    key: 'token',
    http: true,
    env: 'MCP_TOKEN',
    kind: 'secret',
    fallbackText: 'generated at the first start',
    help: 'Bearer token that clients must send, at least 16 characters. A generated token is shown once, and only its hash is stored.',
    example: 'a-long-random-text',
  },
  {
    key: 'signingKey',
    http: true,
    env: 'MCP_SIGNING_KEY',
    kind: 'secret',
    fallbackText: 'made at each start',
    help: 'Signs the tokens that confirm a large change and seals the cursors of pages, at least 32 characters. Processes behind one address share it, so that each takes those of the others.',
    example: 'another-long-random-text-for-signing',
  },
  {
    key: 'noAuth',
    http: true,
    env: 'MCP_NO_AUTH',
    kind: 'flag',
    fallback: 'false',
    help: 'Require no token. Allowed only on a loopback address.',
    example: 'true',
  },
  {
    key: 'accounts',
    http: true,
    env: 'MCP_ACCOUNTS',
    kind: 'choice',
    fallback: 'configured',
    choices: ['configured', 'header'],
    help: 'Whose files are served: `configured` uses the account of these settings, `header` the login in each request (X-Nextcloud-Username, X-Nextcloud-Password), over TLS or loopback only.',
    example: 'header',
  },
  {
    key: 'sse',
    http: true,
    env: 'MCP_SSE',
    kind: 'flag',
    fallback: 'false',
    help: 'Offer the older HTTP+SSE transport as well, at /sse.',
    example: 'true',
  },
  {
    key: 'hosts',
    http: true,
    env: 'MCP_HOSTS',
    kind: 'list',
    fallbackText: 'localhost and the listening address',
    help: 'Host names by which clients reach the server, separated by commas. Requests with other host names are rejected.',
    example: 'mcp.example.com',
  },
  {
    key: 'corsOrigins',
    http: true,
    env: 'MCP_CORS_ORIGINS',
    kind: 'list',
    help: 'Origins of web pages that may call the server from a browser, separated by commas.',
    example: 'https://app.example.com',
  },
  {
    key: 'trustProxy',
    http: true,
    env: 'MCP_TRUST_PROXY',
    kind: 'flag',
    fallback: 'false',
    help: 'All requests come through a reverse proxy that terminates TLS. Its X-Forwarded-Proto and X-Forwarded-For headers are trusted.',
    example: 'true',
  },
  {
    key: 'tuning',
    advanced: true,
    env: 'NEXTCLOUD_TUNING',
    kind: 'list',
    fallback: 'direct-io,minor-gc',
    help: 'Optimizations of large downloads that are enabled, separated by commas, or `off`. Change it only to find out whether an optimization causes a problem.',
    example: 'off',
    choices: ['direct-io', 'minor-gc', 'off'],
  },
  {
    key: 'logLevel',
    env: 'LOG_LEVEL',
    kind: 'choice',
    fallback: 'info',
    choices: levels,
    help: 'Level of the log, which goes to standard error.',
    example: 'info',
  },
] as const satisfies readonly Option[];

export type OptionKey = (typeof options)[number]['key'];

/** `--cache-listing-seconds` for `cacheListingSeconds`. */
export function flagOf(option: Option): string {
  return option.key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
