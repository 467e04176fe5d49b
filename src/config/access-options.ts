import type { Option } from './option.ts';

/** What the assistant may see and do. */
export const accessOptions = [
  {
    key: 'roots',
    limits: true,
    env: 'NEXTCLOUD_ROOTS',
    kind: 'list',
    fallback: '/',
    help: 'Folders the assistant may see, separated by commas. A folder followed by `:ro` is read-only.',
    example: '/Documents,/Photos:ro',
  },
  {
    key: 'deny',
    limits: true,
    env: 'NEXTCLOUD_DENY',
    kind: 'list',
    help: 'Globs of paths to hide from the assistant, separated by commas. A comma in braces or brackets belongs to its glob.',
    example: '**/.ssh,/Private/**',
  },
  {
    key: 'readOnly',
    limits: true,
    env: 'NEXTCLOUD_READ_ONLY',
    kind: 'flag',
    fallback: 'false',
    help: 'Offer only tools that do not change anything.',
    example: 'true',
  },
  {
    key: 'toolsets',
    limits: true,
    env: 'NEXTCLOUD_TOOLSETS',
    kind: 'list',
    fallback: 'files',
    help: 'Groups of tools to offer, separated by commas, or `all`.',
    example: 'files',
    choices: ['files', 'trash', 'versions', 'tags', 'comments', 'links', 'sharing', 'all'],
  },
  {
    key: 'localFolders',
    limits: true,
    env: 'NEXTCLOUD_LOCAL_FOLDERS',
    kind: 'list',
    fallbackText: 'the Downloads folder',
    help: 'Folders of this computer for downloads and uploads, separated by commas.',
    example: '/home/alice/Downloads',
  },
] as const satisfies readonly Option[];
