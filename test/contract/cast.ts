import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { EmbeddedUser } from '../../src/embedded-nextcloud/index.ts';
import type { ContractContext } from './context.ts';
import type { Reply } from './reply.ts';
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

export function embeddedCast(): { users: EmbeddedUser[]; cast: Cast; login: Login } {
  const login = { username: 'alice', password: 'alice-app-password', userId: 'alice' };
  const mark = 'e';
  const users: EmbeddedUser[] = [{ id: 'alice', password: login.password, displayName: 'Alice' }];
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

type Admin = Readonly<Pick<Login, 'username' | 'password'>>;

/** Makes the accounts through the provisioning API, and an app password for each. */
export async function createCast(context: ContractContext, admin: Admin): Promise<Cast> {
  const mark = randomBytes(3).toString('hex');
  const as: Login = { ...admin, userId: admin.username };
  const password = `Contract-${randomBytes(9).toString('hex')}!`;
  const cast: Partial<Record<Role, Login>> = {};
  try {
    for (const role of roles) cast[role] = await createAccount(context, as, role, mark, password);
    const path = `/cloud/users/${encodeURIComponent(person('disabled', mark).id)}/disable`;
    await patiently(() => context.ocs('PUT', path, { as }));
    return cast as Record<Role, Login>;
  } catch (error) {
    await dropCast(context, admin, cast);
    throw error;
  }
}

async function createAccount(
  context: ContractContext,
  as: Login,
  role: Role,
  mark: string,
  password: string,
): Promise<Login> {
  const { id, mail, quota } = person(role, mark);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const fields = { userid: id, password, email: mail, ...(quota ? { quota } : {}) };
  const body = new URLSearchParams(fields).toString();
  await patiently(
    () => context.ocs('POST', '/cloud/users', { as, headers, body }),
    () => deleteAccount(context, as, id),
  );
  const login = { username: role === 'mail' ? mail : id, password, userId: id };
  if (role === 'mail') return login; // its own case makes an app password from the login password
  const made = await patiently(() => context.ocs('GET', '/core/getapppassword', { as: login }));
  const answer = made.json() as { ocs: { data: { apppassword: string } } };
  return { ...login, password: answer.ocs.data.apppassword };
}

/** A busy server with SQLite as its database says "database is locked" now and then, and leaves half of what it did. */
async function patiently(ask: () => Promise<Reply>, undo?: () => Promise<void>): Promise<Reply> {
  for (let attempt = 1; ; attempt++) {
    const reply = await ask();
    if (reply.status === 200) return reply;
    await undo?.();
    if (attempt === 5) return reply.is(200);
    await pause(1000 * attempt);
  }
}

async function deleteAccount(context: ContractContext, as: Login, userId: string): Promise<void> {
  await context.ocs('DELETE', `/cloud/users/${encodeURIComponent(userId)}`, { as });
}

export async function dropCast(
  context: ContractContext,
  admin: Admin,
  cast: Partial<Record<Role, Login>>,
): Promise<void> {
  const as: Login = { ...admin, userId: admin.username };
  for (const login of Object.values(cast)) await deleteAccount(context, as, login.userId);
}
