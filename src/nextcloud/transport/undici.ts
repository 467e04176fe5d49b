/** What is used of undici. Imported with the first request, so that the start does not pay for it. */
export { Agent, EnvHttpProxyAgent, getSetCookies, Headers } from 'undici';
