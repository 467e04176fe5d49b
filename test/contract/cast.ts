import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { DemoUser } from '../../src/demo/index.ts';
import type { ContractContext } from './context.ts';
import type { Cast, Login } from './server.ts';

const MEGABYTE = 1024 * 1024;

const roles = ['other', 'small', 'mail', 'odd', 'disabled'] as const;
type Role = (typeof roles)[number];

/** User id, and the name to sign in with where that is another one. */
function person(role: Role, mark: string): { id: string; mail: string; quota?: string } {
  const mail = `${role}-${mark}@example.com`;
  if (role === 'odd') return { id: `contract d-${mark}@example.com`, mail };
  return { id: `contract-${role}-${mark}`, mail, ...(role === 'small' ? { quota: '1 MB' } : {}) };
}

export function embeddedCast(): { users: DemoUser[]; cast: Cast; login: Login } {
  const login = { username: 'alice', password: 'alice-app-password', userId: 'alice' };
  const mark = 'e';
  const users: DemoUser[] = [{ id: 'alice', password: login.password, displayName: 'Alice' }];
  const logins = roles.map((role): [Role, Login] => {
    const { id, mail, quota } = person(role, mark);
    const username = role === 'mail' ? mail : id;
    const password = `${role}-app-password`;
    users.push({
      id,
      password,
      ...(role === 'mail' ? { login: mail } : {}),
      ...(quota === undefined ? {} : { quota: MEGABYTE }),
    });
    return [role, { username, password, userId: id }];
  });
  return { users, cast: Object.fromEntries(logins) as Record<Role, Login>, login };
}

/** Makes the accounts through the provisioning API, and an app password for each. */
export async function createCast(
  context: ContractContext,
  admin: { readonly username: string; readonly password: string },
): Promise<Cast> {
  const mark = randomBytes(3).toString('hex');
  const as: Login = { ...admin, userId: admin.username };
  const password = `Contract-${randomBytes(9).toString('hex')}!`;
  const cast: [Role, Login][] = [];
  for (const role of roles) {
    const { id, mail, quota } = person(role, mark);
    const fields = { userid: id, password, email: mail, ...(quota ? { quota } : {}) };
    await createAccount(context, as, fields);
    const login = { username: role === 'mail' ? mail : id, password, userId: id };
    cast.push([role, login]);
    if (role === 'mail') continue; // its own case makes an app password from the login password
    const made = await context.ocs('GET', '/core/getapppassword', { as: login });
    const answer = made.is(200).json() as { ocs: { data: { apppassword: string } } };
    login.password = answer.ocs.data.apppassword;
  }
  const { disabled } = Object.fromEntries(cast) as Record<Role, Login>;
  (await context.ocs('PUT', `/cloud/users/${encodeURIComponent(disabled.userId)}/disable`, { as })).is(200);
  return Object.fromEntries(cast) as Record<Role, Login>;
}

// A busy server with SQLite as its database says "database is locked" now and then, and leaves half an account.
async function createAccount(
  context: ContractContext,
  as: Login,
  fields: { readonly userid: string } & Readonly<Record<string, string>>,
): Promise<void> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams(fields).toString();
  for (let attempt = 1; ; attempt++) {
    const reply = await context.ocs('POST', '/cloud/users', { as, headers, body });
    if (reply.status === 200) return;
    await deleteAccount(context, as, fields.userid);
    if (attempt === 5) reply.is(200);
    await pause(1000 * attempt);
  }
}

async function deleteAccount(context: ContractContext, as: Login, userId: string): Promise<void> {
  await context.ocs('DELETE', `/cloud/users/${encodeURIComponent(userId)}`, { as });
}

export async function dropCast(
  context: ContractContext,
  admin: { readonly username: string; readonly password: string },
  cast: Cast,
): Promise<void> {
  const as: Login = { ...admin, userId: admin.username };
  for (const { userId } of Object.values(cast) as Login[]) await deleteAccount(context, as, userId);
}
