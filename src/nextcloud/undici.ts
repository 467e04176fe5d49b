/** What is used of undici. A module of its own, so that all of it is loaded with the first request. */
export { Agent, EnvHttpProxyAgent, getSetCookies, Headers } from 'undici';
