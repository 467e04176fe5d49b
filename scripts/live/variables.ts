const needed = {
  NEXTCLOUD_URL: 'its address',
  NEXTCLOUD_USERNAME: 'the login name',
  NEXTCLOUD_PASSWORD: 'an app password',
  NEXTCLOUD_LOGIN_PASSWORD: 'the password of the login itself',
} as const;

type Variable = keyof typeof needed;

/** The variables that name a real Nextcloud. Ends the process with code 2 if one is not set, and says which. */
export function variables<Name extends Variable>(...names: readonly Name[]): Readonly<Record<Name, string>> {
  const given = names.map((name) => [name, process.env[name] ?? ''] as const);
  const missing = given.filter(([, value]) => value === '').map(([name]) => `${name} (${needed[name]})`);
  if (missing.length > 0) {
    console.error(`This needs a Nextcloud to work with. Set ${missing.join(', ')}.`);
    process.exit(2);
  }
  return Object.fromEntries(given) as Record<Name, string>;
}

/** The address and the login of a real Nextcloud. */
export function realLogin(): { readonly url: string; readonly username: string; readonly password: string } {
  const all = variables('NEXTCLOUD_URL', 'NEXTCLOUD_USERNAME', 'NEXTCLOUD_PASSWORD');
  return { url: all.NEXTCLOUD_URL, username: all.NEXTCLOUD_USERNAME, password: all.NEXTCLOUD_PASSWORD };
}
