import { Client } from 'sdk-1-10/client/index.js';
import { StdioClientTransport } from 'sdk-1-10/client/stdio.js';
import { StreamableHTTPClientTransport } from 'sdk-1-10/client/streamableHttp.js';
import { sdkConnect } from './sdk-1.ts';

export const connect = sdkConnect({ Client, StdioClientTransport, StreamableHTTPClientTransport });
