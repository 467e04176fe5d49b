import type { Option } from './option.ts';

/** Where the Nextcloud is, and who signs in. */
export const connectionOptions = [
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
    kind: 'file',
    help: 'PEM file with certificates to trust in addition to the built-in ones.',
    example: '/etc/ssl/my-ca.pem',
  },
] as const satisfies readonly Option[];
