import type { Instance } from '../store/instance.ts';
import type { OcsData } from './envelope.ts';

type Block = Record<string, OcsData>;

const versions = {
  '34.0.1': '34.0.1.2',
  '30.0.0': '30.0.0.14',
  '29.0.1': '29.0.1.1',
  '28.0.2': '28.0.2.5',
} as const;

/** The four-part version number in status.php. */
export function fullVersion(instance: Instance): string {
  return versions[instance.version];
}

export function statusOf(instance: Instance): Block {
  return {
    installed: true,
    maintenance: instance.maintenance,
    needsDbUpgrade: false,
    version: fullVersion(instance),
    versionstring: instance.version,
    edition: '',
    productname: 'Nextcloud',
    extendedSupport: false,
  };
}

/** `cloud/capabilities`. Without authentication only a part of it is returned. */
export function capabilities(instance: Instance, signedIn: boolean): OcsData {
  const [major = 0, minor = 0, micro = 0] = instance.version.split('.').map(Number);
  const version = { major, minor, micro, string: instance.version, edition: '', extendedSupport: false };
  const publicPart: Block = {
    bruteforce: { delay: 0, 'allow-listed': false },
    theming: {
      name: 'Nextcloud',
      productName: 'Nextcloud',
      url: 'https://nextcloud.com',
      slogan: 'a safe home for all your data',
      color: '#00679e',
    },
  };
  if (!signedIn) return { version, capabilities: publicPart };
  return {
    version,
    capabilities: {
      core: core(major),
      ...publicPart,
      activity: { apiv2: ['filters', 'filters-api', 'previews', 'rich-strings'] },
      files: files(instance, major),
      dav: dav(major),
      files_sharing: sharing(major),
      provisioning_api: { version: '1.22.0', AccountPropertyScopesVersion: 2 },
      systemtags: { enabled: true },
      user_status: { enabled: true, restore: true, supports_emoji: true, supports_busy: major >= 31 },
    },
  };
}

function core(major: number): Block {
  const block: Block = { pollinterval: 60, 'webdav-root': 'remote.php/webdav', 'reference-api': true };
  if (major >= 29) block['mod-rewrite-working'] = false;
  if (major >= 31) {
    block['user'] = { language: 'en', locale: '', timezone: 'UTC' };
    block['can-create-app-token'] = true;
  }
  return block;
}

function files(instance: Instance, major: number): Block {
  const block: Block = { bigfilechunking: true, blacklisted_files: ['.htaccess'], comments: true };
  if (major === 29) block['forbidden_filename_characters'] = ['\\', '/'];
  if (major >= 30) {
    Object.assign(block, {
      forbidden_filenames: ['.htaccess'],
      forbidden_filename_basenames: [],
      forbidden_filename_characters: ['\\', '/'],
      forbidden_filename_extensions: ['.filepart', '.part'],
    });
  }
  if (major >= 31) {
    Object.assign(block, {
      chunked_upload: { max_size: 104_857_600, max_parallel_count: 5 },
      file_conversions: [],
      windows_compatible_filenames: false,
      locking: '1.0',
      'api-feature-lock-type': true,
      delete_from_trash: true,
    });
  }
  return Object.assign(block, {
    directEditing: {
      url: `${instance.url}/ocs/v2.php/apps/files/api/v1/directEditing`,
      etag: 'c748e8fc588b54fc5af38c4481a19d20',
      supportsFileId: true,
    },
    ...(instance.hasTrash ? { undelete: true } : {}),
    versioning: true,
    version_labeling: true,
    version_deletion: true,
  });
}

function dav(major: number): Block {
  const block: Block = { chunking: '1.0', bulkupload: '1.0' };
  if (major < 31) return block;
  return Object.assign(block, {
    public_shares_chunking: true,
    search_supports_creation_time: true,
    search_supports_upload_time: true,
    search_supports_last_activity: true,
  });
}

function sharing(major: number): Block {
  const block: Block = {
    api_enabled: true,
    public: {
      enabled: true,
      password: { enforced: false, askForOptionalPassword: false },
      expire_date: { enabled: false },
      multiple_links: true,
      upload: true,
      upload_files_drop: true,
    },
    resharing: true,
    user: { send_mail: false, expire_date: { enabled: true } },
    group_sharing: true,
    default_permissions: 31,
    federation: { outgoing: true, incoming: true },
    sharee: { query_lookup_default: false, always_show_unique: true },
  };
  if (major >= 31) block['exclude_reshare_from_edit'] = false;
  return block;
}
