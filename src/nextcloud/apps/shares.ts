import * as z from 'zod';
import { AppError } from '../../errors.ts';
import { mapInSlices } from '../../time-slices.ts';
import type { Account } from '../account.ts';
import type { RequestOptions } from '../dav/dav-request.ts';
import { callOcs } from '../ocs.ts';

/** Sharing (Nextcloud, apps/files_sharing, OCS share API). */

const text = z.string().nullish();

export const shareSchema = z.object({
  id: z.coerce.string(),
  share_type: z.number(),
  path: z.string(),
  permissions: z.number(),
  share_with: text,
  share_with_displayname: text,
  expiration: text,
  password: text,
  url: text,
  note: text,
  label: text,
});

export type Share = z.infer<typeof shareSchema>;

/** The OCP\Share\IShare::TYPE_* that can be created. */
export const shareTypes = { user: 0, group: 1, link: 3, email: 4 } as const;
/** OCP\Constants::PERMISSION_* */
export const READ = 1;
export const EDIT = 15;

export type ShareParameters = Readonly<Record<string, string | undefined>>;

const BASE = '/ocs/v2.php/apps/files_sharing/api/v1/shares';

export async function fetchShares(
  account: Account,
  parameters: ShareParameters,
  { signal }: RequestOptions,
): Promise<Share[]> {
  const found = parse(
    z.array(z.unknown()),
    await callOcs(account, { method: 'GET', path: BASE, parameters }, signal),
  );
  return mapInSlices(found, (share) => parse(shareSchema, share), signal);
}

export async function fetchShare(
  account: Account,
  id: string,
  { signal }: RequestOptions,
): Promise<Share | undefined> {
  const found = await callOcs(account, { method: 'GET', path: `${BASE}/${encodeURIComponent(id)}` }, signal);
  return parse(z.array(shareSchema), found)[0];
}

export async function postShare(
  account: Account,
  parameters: ShareParameters,
  { signal }: RequestOptions,
): Promise<Share> {
  return parseChanged(
    shareSchema,
    await callOcs(account, { method: 'POST', path: BASE, parameters }, signal),
  );
}

/** Changes what is named in one request, and leaves the rest (ShareAPIController::updateShare). */
export async function putShare(
  account: Account,
  id: string,
  parameters: ShareParameters,
  { signal }: RequestOptions,
): Promise<Share> {
  return parseChanged(
    shareSchema,
    await callOcs(account, { method: 'PUT', path: `${BASE}/${encodeURIComponent(id)}`, parameters }, signal),
  );
}

export async function removeShare(account: Account, id: string, { signal }: RequestOptions): Promise<void> {
  await callOcs(account, { method: 'DELETE', path: `${BASE}/${encodeURIComponent(id)}` }, signal);
}

const link = z.object({ url: z.string() });

/** A URL from which anyone can download a file for `seconds`. */
export async function fetchDirectLink(
  account: Account,
  fileId: string,
  seconds: number,
  { signal }: RequestOptions,
): Promise<string> {
  const parameters = { fileId, expirationTime: String(seconds) };
  return parseChanged(
    link,
    await callOcs(
      account,
      { method: 'POST', path: '/ocs/v2.php/apps/dav/api/v1/direct', parameters },
      signal,
    ),
  ).url;
}

/** The answer to a change, which was made even if the answer cannot be understood. */
function parseChanged<T>(schema: z.ZodType<T>, value: unknown): T {
  return parse(schema, value, true);
}

function parse<T>(schema: z.ZodType<T>, value: unknown, uncertain = false): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AppError('invalid_response', 'The server answered with something other than a share', {
    uncertain,
    remedy: { kind: 'check-connection' },
    cause: result.error,
  });
}
