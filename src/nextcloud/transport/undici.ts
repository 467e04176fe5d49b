import Agent from 'undici/lib/dispatcher/agent.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import api from 'undici/lib/api/index.js';
import cookies from 'undici/lib/web/cookies/index.js';
import headers from 'undici/lib/web/fetch/headers.js';

/**
 * What is used of undici, loaded with the first request. Its parts and not its index, which brings
 * WebSockets, caches and mocks along: half the memory and half the time of a first call.
 */
Object.assign(Dispatcher.prototype, api);

export { Agent, EnvHttpProxyAgent };
export const { getSetCookies } = cookies;
export const { Headers } = headers;
