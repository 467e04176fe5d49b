// undici describes its index; these are the modules behind it, as pinned in package.json.
declare module 'undici/lib/dispatcher/agent.js' {
  export { Agent as default } from 'undici';
}
declare module 'undici/lib/dispatcher/dispatcher.js' {
  export { Dispatcher as default } from 'undici';
}
declare module 'undici/lib/dispatcher/env-http-proxy-agent.js' {
  export { EnvHttpProxyAgent as default } from 'undici';
}
declare module 'undici/lib/api/index.js' {
  const api: Readonly<Record<'request' | 'stream' | 'pipeline' | 'upgrade' | 'connect', unknown>>;
  export default api;
}
declare module 'undici/lib/web/cookies/index.js' {
  const cookies: { readonly getSetCookies: typeof import('undici').getSetCookies };
  export default cookies;
}
declare module 'undici/lib/web/fetch/headers.js' {
  const headers: { readonly Headers: typeof import('undici').Headers };
  export default headers;
}
