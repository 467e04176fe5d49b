import { constants } from 'node:fs';
import { isIP } from 'node:net';
import { isAppError } from '../errors.ts';
import { access, stat, statfs } from 'node:fs/promises';
import type { Check, Checklist } from '../files/health/checklist.ts';
import { formatBytes } from '../text/byte-size.ts';
import {
  findNextcloud,
  openConnection,
  proxyOf,
  readCertificate,
  resolveName,
  searchHost,
  shownUrl,
} from '../nextcloud/transport/route.ts';
import type { Certificate, ServerRoute } from '../nextcloud/transport/route.ts';

/** Checks the connection to the Nextcloud. @returns whether further checks make sense */
export async function checkRoute(list: Checklist, route: ServerRoute): Promise<boolean> {
  const { url } = route;
  const proxy = proxyOf(route);
  if (proxy === undefined) {
    list.add({ name: 'proxy', ok: true, detail: 'none, the requests go to the server directly' });
    const literal = isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0;
    const found = literal
      ? []
      : await list.run(
          'name',
          async () => resolveName(route),
          (all) => `${url.hostname} is ${all.join(', ')}`,
        );
    if (!found) return false;
    const connected = await list.run(
      'connection',
      async () => openConnection(route),
      (answer) => answer,
    );
    if (connected === undefined) return false;
    if (url.protocol === 'https:') {
      const certificate = await list.run(
        'https',
        async () => readCertificate(route),
        ({ protocol }) => protocol,
      );
      if (!certificate) return false;
      list.add(judge(certificate, route, Date.now()));
    }
  } else list.add({ name: 'proxy', ok: true, detail: `the requests go through ${proxy}` });
  return list.ok && checkAddress(list, route);
}

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

const fixes: readonly (readonly [problem: RegExp, fix: string])[] = [
  [/EXPIRED/, 'The certificate must be renewed on the server.'],
  [
    /ALTNAME/,
    'Use the host name of the certificate in NEXTCLOUD_URL, or get a certificate for this host name.',
  ],
  [
    /UNABLE_TO_VERIFY_LEAF/,
    'The server does not send the intermediate certificates; its administrator should configure the full chain. Until then, put the missing certificate into NEXTCLOUD_CA_FILE.',
  ],
  [/NOT_YET_VALID/, 'Check the clock of this computer.'],
];

export function judge(
  certificate: Certificate,
  { network }: Pick<ServerRoute, 'network'>,
  now: number,
): Check {
  const { trusted, problem = 'unknown reason', issuer, chainLength, validTo } = certificate;
  const name = 'certificate';
  if (!trusted) {
    const fix =
      fixes.find(([pattern]) => pattern.test(problem))?.[1] ??
      'If it is your own certificate, set NEXTCLOUD_CA_FILE to its PEM file.';
    const detail = `The certificate (of ${issuer}) is not trusted: ${problem}`;
    if (network.verifySsl) return { name, ok: false, detail, fix };
    return { name, ok: true, detail: `${detail}, and NEXTCLOUD_VERIFY_SSL=false accepts it`, fix };
  }
  const until = validTo.toISOString().slice(0, 10);
  const detail = `of ${issuer}, valid until ${until}, ${chainLength} in the chain`;
  if (!network.verifySsl)
    return {
      name,
      ok: true,
      detail,
      fix: 'The certificate is trusted, so NEXTCLOUD_VERIFY_SSL=false is not needed: remove it.',
    };
  if (validTo.getTime() - now < WEEK_MS)
    return { name, ok: true, detail, fix: 'It expires within a week: renew it.' };
  return { name, ok: true, detail };
}

async function checkAddress(list: Checklist, route: ServerRoute): Promise<boolean> {
  const { url } = route;
  const found = await list.run(
    'address',
    async () => {
      try {
        return await findNextcloud(route);
      } catch (error) {
        const elsewhere = await searchHost(route);
        if (!elsewhere || !isAppError(error)) throw error;
        throw error.restate(
          `There is no Nextcloud at ${shownUrl(url)}, but there is one at ${shownUrl(elsewhere)}`,
          {
            hint: `Set NEXTCLOUD_URL to ${shownUrl(elsewhere)}.`,
          },
        );
      }
    },
    ({ base }) => `a Nextcloud answers at ${shownUrl(base)}`,
  );
  if (!found) return false;
  const { base, hops } = found;
  if (shownUrl(base) === shownUrl(url)) return true;
  const detail = `${shownUrl(url)} leads to ${hops.join(', then ')}`;
  // The only redirect that requests follow too (to the same address with https).
  const secured = url.protocol === 'http:' && base.protocol === 'https:';
  const followed = secured && base.hostname === url.hostname && base.pathname === url.pathname;
  const fix = `Set NEXTCLOUD_URL to ${shownUrl(base)}${followed ? ', so that no password travels unencrypted' : ''}.`;
  list.add({ name: 'redirect', ok: followed, detail, fix });
  return followed;
}

/** The formats of app passwords: created in the settings, and issued by a sign-in. */
const appPassword = /^([a-z0-9]{5}-){4}[a-z0-9]{5}$|^[a-z0-9]{72}$/i;

export function checkPassword(password: string): Check {
  if (appPassword.test(password)) return { name: 'password', ok: true, detail: 'an app password' };
  return {
    name: 'password',
    ok: true,
    detail: 'it does not look like an app password, so it may be the password of your account',
    fix: 'Use an app password: it is faster, can be revoked separately and works with two-factor authentication. `nextcloud-files-mcp login` creates one.',
  };
}

/** Checks that a local folder exists and is writable, and how much space it has. */
export async function checkLocalFolder(folder: string): Promise<Check> {
  const name = 'local folder';
  const found = await stat(folder).catch(() => undefined);
  if (!found)
    return { name, ok: true, detail: `${folder} does not exist yet: the first download creates it` };
  if (!found.isDirectory())
    return {
      name,
      ok: false,
      detail: `${folder} is not a folder`,
      fix: 'Set NEXTCLOUD_LOCAL_FOLDERS to a folder.',
    };
  const writable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable)
    return {
      name,
      ok: true,
      detail: `${folder} cannot be written to`,
      fix: 'Uploads from it work. For downloads, add another folder to NEXTCLOUD_LOCAL_FOLDERS.',
    };
  const { bavail, bsize } = await statfs(folder);
  return { name, ok: true, detail: `${folder}, ${formatBytes(bavail * bsize)} free` };
}
