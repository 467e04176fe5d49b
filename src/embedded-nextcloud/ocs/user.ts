import type { UserAccount } from '../store/account.ts';
import { UNLIMITED } from '../store/account.ts';
import type { OcsData } from './envelope.ts';

const DISK = 100 * 1000 ** 3;

/** `cloud/user`: the signed-in user. Its quota, unlike that of WebDAV, is not cached. */
export function userData(account: UserAccount, major: number): OcsData {
  const used = account.home.size;
  const total = account.quota ?? UNLIMITED;
  // Without a quota, versions 28 and 29 report the size of the disk, here 100 GB (lib/private/legacy/OC_Helper.php).
  const room = total < 0 && major < 31 ? { free: DISK - used, total: DISK } : { free: account.free, total };
  const relative = account.quota ? Math.round((used / account.quota) * 10_000) / 100 : 0;
  return {
    enabled: account.enabled,
    id: account.id,
    lastLogin: account.lastLogin,
    backend: 'Database',
    subadmin: [],
    quota: { used, relative, quota: total, ...room },
    manager: '',
    email: account.login.includes('@') ? account.login : null,
    additional_mail: [],
    displayname: account.displayName,
    'display-name': account.displayName,
    phone: '',
    address: '',
    website: '',
    twitter: '',
    fediverse: '',
    organisation: '',
    role: '',
    headline: '',
    biography: '',
    profile_enabled: '1',
    groups: [],
    language: 'en',
    locale: '',
    notify_email: null,
    backendCapabilities: { setDisplayName: true, setPassword: true },
  };
}
