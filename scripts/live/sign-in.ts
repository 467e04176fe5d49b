import { startChromium } from '../../test/support/chromium.ts';
import type { Page } from '../../test/support/chromium.ts';
import { Home } from '../../test/cli/home.ts';
import { variables } from './variables.ts';

/**
 * `node scripts/live/sign-in.ts`: `login`, `doctor` and `logout` against the Nextcloud named by NEXTCLOUD_URL, with a
 * headless Chromium in which NEXTCLOUD_USERNAME signs in with the login password in NEXTCLOUD_LOGIN_PASSWORD.
 * The server's own forms are submitted, whether or not its scripts run.
 */
const {
  NEXTCLOUD_URL: url,
  NEXTCLOUD_USERNAME: username,
  NEXTCLOUD_LOGIN_PASSWORD: password,
} = variables('NEXTCLOUD_URL', 'NEXTCLOUD_USERNAME', 'NEXTCLOUD_LOGIN_PASSWORD');

/** Goes through the pages: connect, sign in, grant access. */
async function grant(browser: Page, link: string): Promise<void> {
  await browser.open(link);
  await browser.run(
    `location.href = ${has('loginFlowAuth')} ? ${state('loginFlowAuth')}.loginRedirectUrl : document.getElementById('login-form').action`,
  );
  await browser.until(`location.pathname.endsWith('/login') && ${ready}`);
  await browser.run(submit('location.href', { user: username, password, timezone: 'UTC' }));
  await browser.until(`location.pathname.endsWith('/login/v2/grant') && ${ready}`);
  const granting = state('loginFlowGrant');
  await browser.run(
    `${has('loginFlowGrant')} ? ${submit(`${granting}.actionUrl`, {}, `stateToken: ${granting}.stateToken`)} : document.querySelector('form').submit()`,
  );
  await browser.until(`document.body.id !== '' && ${ready}`);
}

const ready = `document.readyState === 'complete' && document.head.dataset.requesttoken !== undefined`;

// Since Nextcloud 30 scripts render the pages, from state that the server puts into hidden fields.
function has(name: string): string {
  return `document.getElementById('initial-state-core-${name}') !== null`;
}

function state(name: string): string {
  return `JSON.parse(atob(document.getElementById('initial-state-core-${name}').value))`;
}

/** Submits a form to the page's own server, with its CSRF token. */
function submit(action: string, fields: Record<string, string>, more = ''): string {
  return `(() => {
    const fields = { ...${JSON.stringify(fields)}, requesttoken: document.head.dataset.requesttoken, ${more} };
    const form = document.createElement('form');
    form.method = 'post';
    form.action = ${action};
    for (const [name, value] of Object.entries(fields)) {
      const input = document.createElement('input');
      Object.assign(input, { type: 'hidden', name, value });
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  })()`;
}

const home = new Home();
home.guard(username, password);
const page = await startChromium();
try {
  let granting: Promise<void> | undefined;
  const login = await home.run(['login', url, '--no-browser'], {
    watch: (out) => {
      const link = /^ {2}(https?:\S+)$/m.exec(out)?.[1];
      if (link !== undefined) granting ??= grant(page, link);
    },
  });
  await granting;
  console.log(login.out.replaceAll(/^[█▀▄ ]{20,}\n/gm, ''), login.err);
  const doctor = await home.run(['doctor']);
  console.log(doctor.out, doctor.err);
  const logout = await home.run(['logout']);
  console.log(logout.out, logout.err);
  const codes = [login.code, doctor.code, logout.code];
  console.log(`exit codes ${codes.join(', ')}`);
  if (codes.some((code) => code !== 0)) process.exitCode = 1;
} finally {
  await page.close();
  home.close();
}
