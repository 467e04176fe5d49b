/** What of a login must never be printed or returned, in any of the forms in which it travels. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

const patterns: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a Basic header', /\bbasic [a-z0-9+/]{8,}={0,2}/i],
  ['a Bearer header', /\bbearer [a-z0-9._~+/-]{16,}/i],
  ['a session cookie', /\b(oc_sessionPassphrase|nc_session_id|nc_token|nc_sameSiteCookie\w+)=/],
  ['the cookie of the instance', /\boc[a-z0-9]{8,12}=[0-9a-z]{20,}/],
  ['a Cookie header', /\bset-cookie\b/i],
  ['an Authorization value', /"authorization"\s*:\s*"(?!\[secret\])/i],
];

/** The secrets that a text holds, each by its name; empty when all is well. */
export function secretsIn(text: string, { username, password }: Login): string[] {
  const pair = `${username}:${password}`;
  const forms: readonly (readonly [what: string, form: string])[] = [
    ['the password', password],
    ['the password, percent-encoded', encodeURIComponent(password)],
    ['the password in base64', Buffer.from(password).toString('base64').replace(/=+$/, '')],
    ['the login in base64', Buffer.from(pair).toString('base64').replace(/=+$/, '')],
  ];
  return [
    ...forms.filter(([, form]) => form !== '' && text.includes(form)).map(([what]) => what),
    ...patterns.filter(([, pattern]) => pattern.test(text)).map(([what]) => what),
  ];
}
