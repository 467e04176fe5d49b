/** One row per setting: README, `--help`, manifest and schema are all made from this table. */
export type OptionKind = 'url' | 'text' | 'secret' | 'flag' | 'list' | 'number' | 'choice';

export interface Option {
  readonly key: string;
  readonly env: string;
  readonly kind: OptionKind;
  readonly fallback?: string;
  /** What the README and the help say when the default is not a fixed text. */
  readonly fallbackText?: string;
  readonly help: string;
  readonly example: string;
  readonly choices?: readonly string[];
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
    help: 'Folder of this computer where unfinished transfers are noted, to be gone on with after a restart.',
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
    help: 'Requests to the Nextcloud at once.',
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
